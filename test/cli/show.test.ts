import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { sha256 } from '../../src/base/files.ts';
import { levelsOf } from '../../src/cli/choice.ts';
import { encoded } from '../../src/cli/encoder.ts';
import { frameOf, frameViews } from '../../src/cli/frames.ts';
import { type ShowFlags, shownText, showToFile } from '../../src/cli/show.ts';
import { demonstrator } from '../../src/world/bot.ts';
import { begin, type Episode, play } from '../../src/world/episode.ts';
import { gymnasiumLevel } from '../../src/world/gymnasium.ts';
import type { Mission } from '../../src/world/instructions.ts';
import { type Picture, roomPicture, viewPicture } from '../../src/world/picture.ts';
import { VIEW_BYTES, viewCodes } from '../../src/world/view.ts';
import { drawnLevel, drawnRoom } from '../world/drawings.ts';

const folder = mkdtempSync(join(tmpdir(), 'alva-show-'));
afterAll(() => rmSync(folder, { recursive: true }));

const flags: ShowFlags = { seed: 3, demonstrator: 'babyai', view: 'both', tile: 8, out: join(folder, 'level.png') };

async function decoded(path: string) {
  const image = sharp(path, { animated: true });
  const { pages = 1, delay, loop } = await image.metadata();
  const { data, info } = await image.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { nFrames: pages, delay, loop, values: new Uint8Array(data), width: info.width, height: info.height / pages };
}

function viewOf({ room }: Episode<Mission>, side: number) {
  const codes = new Uint8Array(VIEW_BYTES);
  viewCodes(room, codes);
  return viewPicture(codes, side);
}

/** The pixels of a part of a picture. */
function cut({ width, values }: Picture, x: number, y: number, nColumns: number, nRows: number): Picture {
  const rows = Array.from({ length: nRows }, (_, row) => 3 * ((y + row) * width + x));
  const parts = rows.map((at) => values.subarray(at, at + 3 * nColumns));
  return { width: nColumns, height: nRows, values: Buffer.concat(parts) };
}

function requireSame(one: Picture, other: Picture): void {
  expect([one.width, one.height]).toEqual([other.width, other.height]);
  expect(Buffer.compare(one.values, other.values)).toBe(0); // toEqual would take seconds
}

describe('a picture', () => {
  test.each([8, 32])("full and partial are MiniGrid's own at tile %i", async (tile) => {
    const episode = begin(levelsOf({})(3));
    await showToFile({ ...flags, tile, view: 'full' });
    requireSame(await decoded(flags.out), roomPicture(episode.room, tile));
    await showToFile({ ...flags, tile, view: 'partial' });
    requireSame(await decoded(flags.out), viewOf(episode, tile));
  });

  test.each([1, 8, 13, 32, 128])('both stand side by side on white at tile %i', (tile) => {
    const episode = begin(levelsOf({})(3));
    const both = frameOf(episode, 'both', tile);
    const [room, view] = [roomPicture(episode.room, tile), viewOf(episode, tile)];
    const margin = Math.max(2, Math.round(tile / 4));
    const y = both.height - margin - room.height;
    requireSame(cut(both, margin, y, room.width, room.height), room);
    const [x, viewY] = [both.width - margin - view.width, both.height - margin - view.height];
    requireSame(cut(both, x, viewY, view.width, view.height), view);
    const bottom = cut(both, 0, both.height - margin, both.width, margin).values;
    expect(bottom.every((value) => value === 255)).toBe(true);
  });

  test('the caption changes with the instruction and the step, and keeps clear of the pictures', () => {
    const room = drawnRoom('>..', '.o.', '..b');
    const head = (sentence: string) => {
      const frame = frameOf(begin(drawnLevel(sentence, room)), 'both', 32);
      return { rows: cut(frame, 0, 0, frame.width, 40).values, gap: cut(frame, 0, 38, frame.width, 2).values };
    };
    const [one, other] = [head('go to the red ball'), head('go to the red box')];
    expect(Buffer.compare(one.rows, other.rows)).not.toBe(0);
    expect(one.rows.some((value) => value < 60)).toBe(true);
    expect(one.gap.every((value) => value === 255)).toBe(true);
  });
});

describe('an animation', () => {
  /** The frames of the demonstration, from the loop that policies are played by. */
  async function framesOf(name: string, view: ShowFlags['view']) {
    const level = levelsOf({})(3);
    const choose = demonstrator(name)(level);
    const frames: Picture[] = [];
    const [ended] = await play([level], ([episode]) => {
      frames.push(frameOf(episode, view, 8));
      return [choose(episode)];
    });
    return [...frames, frameOf(ended, view, 8)];
  }

  test.each(['gif', 'webp'])('%s holds every frame of the demonstration, pixel for pixel', async (ending) => {
    const out = join(folder, `demo.${ending}`);
    const frames = await framesOf('babyai', 'full');
    await showToFile({ ...flags, view: 'full', out });
    const { nFrames, values, delay, loop } = await decoded(out);
    expect(nFrames).toBe(frames.length);
    expect(Buffer.compare(values, Buffer.concat(frames.map((frame) => frame.values)))).toBe(0);
    expect(delay).toEqual([...Array(nFrames - 1).fill(250), 1500]);
    expect(loop).toBe(0);
  });

  test('another demonstrator, another demonstration; the line says how it went', async () => {
    const level = { ...flags, task: 'ESCAPE', seed: 1, out: join(folder, 'escape.gif') };
    const said = shownText(await showToFile(level));
    expect(said).toMatch(/escape\.gif: ".* the .*" in \d+ steps \(success\), \d+ x \d+ pixels, \d+ KB$/);
    expect(shownText(await showToFile({ ...level, demonstrator: 'reactive' }))).toMatch(/ in \d+ steps \(/);
  });
});

test("a level of MiniGrid's, its mission, and what the bot does in it", async () => {
  const out = join(folder, 'pickup.gif');
  const said = shownText(await showToFile({ ...flags, level: 'BabyAI-PickupLoc-v0', seed: 7, out }));
  const { sentence } = gymnasiumLevel('BabyAI-PickupLoc-v0', 7).instruction;
  expect(said).toContain(`"${sentence}" in `);
  expect(said).toContain('(success)');
});

test.each(['png', 'gif', 'webp'])('the same flags give the same bytes: %s', async (ending) => {
  const out = join(folder, `same.${ending}`);
  const hashes = new Set<string>();
  for (const _ of [1, 2]) {
    await showToFile({ ...flags, out });
    hashes.add(sha256(readFileSync(out)));
  }
  expect(hashes.size).toBe(1);
  await showToFile({ ...flags, seed: 4, out });
  expect(hashes.has(sha256(readFileSync(out)))).toBe(false);
});

test('every view has a name, and an ending is read in any case of letters', async () => {
  expect(frameViews).toEqual(['full', 'partial', 'both']);
  expect(shownText(await showToFile({ ...flags, out: join(folder, 'LEVEL.PNG') }))).toContain('"go to the grey box", ');
});

test('a PNG of a level is one frame', async () => {
  const frame = frameOf(begin(levelsOf({})(0)), 'full', 8);
  const { format, pages } = await sharp(await encoded([frame], 'png')).metadata();
  expect([format, pages]).toEqual(['png', undefined]);
});

test.each<[Partial<ShowFlags>, string | RegExp]>([
  [{ out: 'level.jpg' }, 'invalid --out: expected a file that ends in .png, .gif, .webp, got "level.jpg"'],
  [{ out: 'level' }, 'invalid --out'],
  [{ tile: 0 }, 'invalid --tile: expected a whole number from 1 to 128, got 0'],
  [{ tile: 129 }, 'invalid --tile'],
  [{ instruction: 'go to the rde ball' }, 'did you mean "go to the red ball"?'],
])('%j is refused, and nothing is written', async (change, sentence) => {
  const before = readdirSync(folder);
  await expect(showToFile({ ...flags, out: join(folder, 'refused.png'), ...change })).rejects.toThrow(sentence);
  expect(readdirSync(folder)).toEqual(before);
});

test('a path that cannot be written is named', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const out = join(file, 'level.png');
  await expect(showToFile({ ...flags, out })).rejects.toThrow(`cannot write ${out}: `);
});
