// Pixels: MiniGrid's own images, and a plain twin for the resized view.
import { expect, test } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { native } from '../../src/native.ts';
import { type Picture, roomPicture, viewPicture } from '../../src/world/picture.ts';
import {
  IMAGE,
  IMAGE_BYTES,
  imageSide,
  type Observation,
  type RenderOptions,
  renderPlanes,
  renderViews,
  VIEW_BYTES,
  type ViewImage,
} from '../../src/world/view.ts';
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
  partial8: ({ o }) => ({ width: SCENE, height: SCENE, values: rendered(bytes(o), 'partial') }),
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
  native.drawMosaics(Uint8Array.from(described), 1, 1, tile_size, out);
  items.forEach(([code, agent, , offset], i) => {
    const same = Buffer.compare(out.subarray(i * size, (i + 1) * size), images.subarray(offset, offset + size)) === 0;
    expect(same, `tile ${code}, agent ${agent}`).toBe(true);
  });
  report(items.length, `tiles of ${tile_size} pixels`);
});

test('padded64 is the partial view, and black beside and below it', () => {
  const codes = randomViews(1, 3);
  const image = rendered(codes, 'padded64');
  expect(cropped(image).values).toEqual(rendered(codes, 'partial'));
  for (let y = 0; y < IMAGE; y++)
    for (let x = 0; x < IMAGE; x++)
      if (x >= SCENE || y >= SCENE)
        expect([...image.subarray(3 * (y * IMAGE + x), 3 * (y * IMAGE + x) + 3)]).toEqual([0, 0, 0]);
});

test('resized64 equals the plain bilinear resize of the plain image', () => {
  const golden = sets.partial8.items.map(({ o }) => bytes(o));
  const random = Array.from({ length: 200 }, (_, i) => randomViews(1, i));
  for (const codes of [...golden, ...random]) {
    const scene = rendered(codes, 'partial');
    expect(Buffer.compare(rendered(codes, 'resized64'), resized(scene))).toBe(0);
  }
});

test('a batch is its views one by one', () => {
  const codes = randomViews(9, 1);
  for (const image of images) {
    const batch = rendered(codes, image);
    const size = batch.length / 9;
    for (let i = 0; i < 9; i++) {
      const one = rendered(codes.subarray(i * VIEW_BYTES, (i + 1) * VIEW_BYTES), image);
      expect(Buffer.compare(batch.subarray(i * size, (i + 1) * size), one)).toBe(0);
    }
  }
});

test('every form of the renderer gives the bytes of the portable one, for any number of threads', () => {
  const forms = native.renderForms();
  const portable = forms.indexOf('portable');
  expect(portable).toBe(forms.length - 1);
  // The larger batch is one that is streamed past the cache.
  for (const n of [1, 67, 1400]) {
    const codes = randomViews(n, 5);
    for (const image of images) {
      const reference = rendered(codes, image, { form: portable });
      for (let form = 0; form < forms.length; form++)
        for (const threads of [1, 2, 3, 70])
          for (const offset of [0, 1, 16]) {
            const whole = new Uint8Array(reference.length + 96).fill(77);
            const out = whole.subarray(offset, offset + reference.length);
            renderViews(codes, image, out, { form, threads });
            expect(Buffer.compare(out, reference), `${forms[form]}, ${image}, ${n} views`).toBe(0);
            expect(whole.subarray(0, offset).every((byte) => byte === 77)).toBe(true);
            expect(whole.subarray(offset + reference.length).every((byte) => byte === 77)).toBe(true);
          }
    }
  }
});

test('partial at any tile size is what MiniGrid draws at that size, view by view', () => {
  const codes = randomViews(3, 8);
  for (const tile of [1, 5, 8, 17]) {
    const size = 3 * imageSide('partial', tile) ** 2;
    const batch = new Uint8Array(3 * size);
    renderViews(codes, 'partial', batch, { tile });
    for (let i = 0; i < 3; i++) {
      const { values } = viewPicture(codes.subarray(i * VIEW_BYTES, (i + 1) * VIEW_BYTES), tile);
      expect(Buffer.compare(batch.subarray(i * size, (i + 1) * size), values)).toBe(0);
    }
  }
});

test('planes are the image by channel, normalised in float64 and rounded once', () => {
  const codes = randomViews(5, 2);
  const normalisation = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] } as const;
  for (const image of images) {
    const pixels = rendered(codes, image);
    const nPixels = imageSide(image) ** 2;
    const plain = new Float32Array(pixels.length);
    pixels.forEach((value, at) => {
      const [view, pixel, channel] = [Math.floor(at / 3 / nPixels), Math.floor(at / 3) % nPixels, at % 3];
      const { mean, deviation } = normalisation;
      plain[(3 * view + channel) * nPixels + pixel] = (value / 255 - mean[channel]) / deviation[channel];
    });
    native.renderForms().forEach((name, form) => {
      for (const threads of [1, 3]) {
        const out = new Float32Array(pixels.length);
        renderPlanes(codes, image, normalisation, out, { threads, form });
        expect(Buffer.compare(asBytes(out), asBytes(plain)), `${name}, ${image}`).toBe(0);
      }
    });
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
    'unknown observation: padded65 (did you mean "padded64"?); known: partial, padded64, resized64',
  );
  for (const [at, code] of [
    [0, 8],
    [1, 6],
    [2, 3],
  ])
    expect(() => renderViews(view.with(at, code), 'padded64', image)).toThrow(
      'invalid views: expected object codes below 8',
    );
  expect(() => renderViews(view, 'padded64', image, { tile: 9 })).toThrow(
    'invalid tile: expected 8 for padded64, got 9',
  );
  expect(() => renderViews(view, 'partial', image, { tile: 0.5 })).toThrow('invalid tile');
  expect(() => renderViews(view, 'padded64', image, { threads: 0 })).toThrow('invalid threads');
  const planes = new Float32Array(IMAGE_BYTES);
  const flat = { mean: [0, 0, 0], deviation: [1, 0, 1] } as const;
  expect(() => renderPlanes(view, 'padded64', flat, planes)).toThrow('invalid deviation');
  expect(() => renderPlanes(view, 'padded64', flat, planes.subarray(1))).toThrow();
});

test('the addon refuses what would corrupt memory', () => {
  const view = new Uint8Array(VIEW_BYTES);
  const image = new Uint8Array(IMAGE_BYTES);
  expect(() => native.renderViews(view.subarray(1), 1, 1, 0, image)).toThrow('a multiple of 147 bytes');
  expect(() => native.renderViews(view, 1, 1, 0, image.subarray(1))).toThrow('12288 elements, got 12287');
  expect(() => native.renderViews(view, 3, 1, 0, image)).toThrow('invalid observation');
  expect(() => native.renderViews(view, 1, 1, 9, image)).toThrow('invalid form');
  expect(() => native.renderViews([] as unknown as Uint8Array, 1, 1, 0, image)).toThrow(
    'invalid views: expected a Uint8Array',
  );
  const channels = new Float64Array(3);
  expect(() => native.renderPlanes(view, 1, 1, 0, channels, channels.subarray(1), new Float32Array(12288))).toThrow(
    'invalid deviation: expected 3 elements',
  );
  const draw = (tiles: number[], side: number) =>
    native.drawMosaics(Uint8Array.from(tiles), 1, 1, side, new Uint8Array(192));
  expect(() => draw([1, 0, 0, 4], 8)).toThrow('5 bytes for each tile');
  expect(() => draw([8, 0, 0, 4, 0], 8)).toThrow('object codes below 8');
  expect(() => draw([1, 0, 0, 4, 2], 8)).toThrow('highlights up to 1');
  expect(() => draw([1, 0, 0, 4, 0], 0)).toThrow('invalid side');
  expect(() => draw([1, 0, 0, 4, 0], 9)).toThrow('243 elements, got 192');
});

const images: readonly ViewImage[] = ['partial', 'padded64', 'resized64'];

const asBytes = ({ buffer }: Float32Array<ArrayBuffer>) => Buffer.from(buffer);

function rendered(codes: Uint8Array, image: ViewImage, options: RenderOptions = {}): Uint8Array {
  const out = new Uint8Array((codes.length / VIEW_BYTES) * 3 * imageSide(image) ** 2).fill(77);
  renderViews(codes, image, out, options);
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
