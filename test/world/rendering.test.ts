// Pixels: MiniGrid's own images, and a plain twin for the resized view.
import { expect, test } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { native } from '../../src/native.ts';
import { type Picture, roomPicture, viewPicture } from '../../src/world/picture.ts';
import { IMAGE, IMAGE_BYTES, type Observation, renderViews, VIEW_BYTES } from '../../src/world/view.ts';
import { bytes, goldenBytes, goldenJson, report, roomFromCodes } from './golden.ts';

interface Item {
  readonly seed: number;
  readonly see_through_walls: boolean;
  readonly agent: number[];
  readonly g: string;
  readonly o: string;
  readonly offset: number;
}
interface Renders {
  readonly sets: Record<string, { file: string; tile_size: number; shape: number[]; count: number; items: Item[] }>;
}
interface Tiles {
  readonly [size: string]: {
    tile_size: number;
    items: [code: number[], agent: number, highlight: number, offset: number][];
  };
}

const SCENE = 56;

/** How each of the golden sets is drawn here. */
const drawn: Record<string, (item: Item, side: number) => Picture> = {
  partial8: ({ o }) => cropped(rendered(bytes(o), 'padded64')),
  partial32: ({ o }, side) => viewPicture(bytes(o), side),
  full8_highlight: (item, side) => roomPicture(roomFromCodes(bytes(item.g), item.agent), side, shown(item)),
  full8_nohighlight: (item, side) => roomPicture(roomFromCodes(bytes(item.g), item.agent), side, { highlight: false }),
  full32_highlight: (item, side) => roomPicture(roomFromCodes(bytes(item.g), item.agent), side, shown(item)),
};

const { sets } = goldenJson<Renders>('renders.json.gz');

test.each(Object.entries(sets))('%s equals MiniGrid', (name, { file, tile_size, shape, items }) => {
  const images = goldenBytes(file);
  const size = shape[0] * shape[1] * shape[2];
  expect(items.length).toBeGreaterThan(0);
  for (const item of items) {
    const { height, width, values } = drawn[name](item, tile_size);
    expect([height, width, 3]).toEqual(shape);
    expect(Buffer.compare(values, images.subarray(item.offset, item.offset + size)), `seed ${item.seed}`).toBe(0);
  }
  report(items.length, `images of ${name}`);
});

test.each(Object.values(goldenJson<Tiles>('tiles.json.gz')))('tiles of $tile_size pixels', ({ tile_size, items }) => {
  const images = goldenBytes(`tiles${tile_size}.bin.gz`);
  const size = tile_size * tile_size * 3;
  const described = items.flatMap(([code, agent, highlight]) => [...code, agent < 0 ? 4 : agent, highlight]);
  const out = new Uint8Array(items.length * size);
  native.drawTiles(Uint8Array.from(described), tile_size, out);
  items.forEach(([code, agent, , offset], i) => {
    const same = Buffer.compare(out.subarray(i * size, (i + 1) * size), images.subarray(offset, offset + size)) === 0;
    expect(same, `tile ${code}, agent ${agent}`).toBe(true);
  });
  report(items.length, `tiles of ${tile_size} pixels`);
});

test('padded64 is black beside and below the view', () => {
  const image = rendered(randomViews(1, 3), 'padded64');
  for (let y = 0; y < IMAGE; y++)
    for (let x = 0; x < IMAGE; x++)
      if (x >= SCENE || y >= SCENE)
        expect([...image.subarray(3 * (y * IMAGE + x), 3 * (y * IMAGE + x) + 3)]).toEqual([0, 0, 0]);
});

test('resized64 equals the plain bilinear resize of the plain image', () => {
  const golden = sets.partial8.items.map(({ o }) => bytes(o));
  const random = Array.from({ length: 200 }, (_, i) => randomViews(1, i));
  for (const codes of [...golden, ...random]) {
    const scene = cropped(rendered(codes, 'padded64')).values;
    expect(Buffer.compare(rendered(codes, 'resized64'), resized(scene))).toBe(0);
  }
});

test('a batch is its views one by one', () => {
  const codes = randomViews(9, 1);
  for (const observation of ['padded64', 'resized64'] as const) {
    const batch = rendered(codes, observation);
    for (let i = 0; i < 9; i++) {
      const one = rendered(codes.subarray(i * VIEW_BYTES, (i + 1) * VIEW_BYTES), observation);
      expect(Buffer.compare(batch.subarray(i * IMAGE_BYTES, (i + 1) * IMAGE_BYTES), one)).toBe(0);
    }
  }
});

test('what cannot be drawn is refused', () => {
  const view = new Uint8Array(VIEW_BYTES);
  const image = new Uint8Array(IMAGE_BYTES);
  expect(() => renderViews(view.subarray(1), 'padded64', image)).toThrow(
    'invalid views: expected a multiple of 147 bytes, got 146',
  );
  expect(() => renderViews(view, 'padded64', image.subarray(1))).toThrow('expected 12288 bytes for 1 views, got 12287');
  expect(() => renderViews(view, 'padded65' as Observation, image)).toThrow(
    'unknown observation: padded65; known: padded64, resized64',
  );
  for (const [at, code] of [
    [0, 8],
    [1, 6],
    [2, 3],
  ])
    expect(() => renderViews(view.with(at, code), 'padded64', image)).toThrow(
      'invalid views: expected object codes below 8',
    );
  expect(() => native.renderViews(view.subarray(1), false, image)).toThrow('a multiple of 147 bytes');
  expect(() => native.renderViews(view, false, image.subarray(1))).toThrow('12288 elements, got 12287');
  expect(() => native.renderViews([] as unknown as Uint8Array, false, image)).toThrow(
    'invalid views: expected a Uint8Array',
  );
  expect(() => native.drawTiles(new Uint8Array(4), 8, new Uint8Array(0))).toThrow('a multiple of 5 bytes');
  expect(() => native.drawTiles(Uint8Array.of(8, 0, 0, 4, 0), 8, new Uint8Array(192))).toThrow('object codes below 8');
  expect(() => native.drawTiles(Uint8Array.of(1, 0, 0, 4, 0), 0, new Uint8Array(192))).toThrow('invalid side');
});

function rendered(codes: Uint8Array, observation: Observation): Uint8Array {
  const out = new Uint8Array((codes.length / VIEW_BYTES) * IMAGE_BYTES).fill(77);
  renderViews(codes, observation, out);
  return out;
}

function cropped(image: Uint8Array): Picture {
  const values = new Uint8Array(SCENE * SCENE * 3);
  for (let y = 0; y < SCENE; y++) values.set(image.subarray(3 * y * IMAGE, 3 * (y * IMAGE + SCENE)), 3 * y * SCENE);
  return { width: SCENE, height: SCENE, values };
}

/** Half-pixel centres, edges clamped, in float64 (exact here), rounded half up. */
function resized(scene: Uint8Array): Uint8Array {
  const out = new Uint8Array(IMAGE_BYTES);
  const scale = SCENE / IMAGE;
  const taps = Array.from({ length: IMAGE }, (_, i) => {
    const at = Math.max(0, (i + 0.5) * scale - 0.5);
    const before = Math.floor(at);
    return { before, after: Math.min(before + 1, SCENE - 1), weight: at - before };
  });
  taps.forEach((v, y) => {
    taps.forEach((h, x) => {
      for (let channel = 0; channel < 3; channel++) {
        const pixel = (row: number, column: number) => scene[3 * (row * SCENE + column) + channel];
        const upper = (1 - h.weight) * pixel(v.before, h.before) + h.weight * pixel(v.before, h.after);
        const lower = (1 - h.weight) * pixel(v.after, h.before) + h.weight * pixel(v.after, h.after);
        out[3 * (y * IMAGE + x) + channel] = Math.floor((1 - v.weight) * upper + v.weight * lower + 0.5);
      }
    });
  });
  return out;
}

/** Views of any codes that can be drawn. */
function randomViews(n: number, seed: number): Uint8Array {
  const random = randomFrom(seed, 'views');
  return Uint8Array.from({ length: n * VIEW_BYTES }, (_, i) => random.below([8, 6, 3][i % 3]));
}

function shown(item: Item) {
  return { seeThroughWalls: item.see_through_walls };
}
