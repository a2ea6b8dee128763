import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type Tensor, writeSafetensors } from '../../src/base/tensors.ts';
import { demosMetadata, readDemos, writeDemos } from '../../src/demos/file.ts';
import { recordDemos } from '../../src/demos/record.ts';
import { instructions } from '../../src/world/instructions.ts';
import { paperLevels } from '../../src/world/levels.ts';

const folder = mkdtempSync(join(tmpdir(), 'alva-demos-'));
afterAll(() => rmSync(folder, { recursive: true }));

const path = join(folder, 'demos.safetensors');
const request = { instructions: instructions(), episodes: 20, seed: 1, demonstrator: 'babyai', level: paperLevels };
const demos = await recordDemos(request);
const nSteps = demos.actions.length;

test('what was written is read', () => {
  writeDemos(path, demos, demosMetadata(request));
  const { metadata, ...read } = readDemos(path, request.instructions);
  expect(read).toEqual(demos);
  expect(metadata).toMatchObject({ format: 'alva demos 1', demonstrator: 'babyai', seed: '1', episodes: '20' });
  expect(metadata.sentences).toMatch(/^[0-9a-f]{64}$/);
});

test('the same demonstrations give the same file', () => {
  const other = join(folder, 'other.safetensors');
  writeDemos(path, demos, demosMetadata(request));
  writeDemos(other, demos, demosMetadata(request));
  expect(readFileSync(other).equals(readFileSync(path))).toBe(true);
});

test('demonstrations of other sentences are refused', () => {
  writeDemos(path, demos, demosMetadata(request));
  expect(() => readDemos(path, instructions('stay away from'))).toThrow('recorded for other sentences');
});

test('a truncated file is refused', () => {
  writeDemos(path, demos, demosMetadata(request));
  const whole = readFileSync(path);
  for (const length of [0, 4, 100, whole.length - 1]) {
    writeFileSync(path, whole.subarray(0, length));
    expect(() => readDemos(path), `${length} bytes`).toThrow(`cannot read ${path}`);
  }
});

test('a missing file is refused', () => {
  expect(() => readDemos(join(folder, 'none'))).toThrow('cannot read');
});

const tensors: Record<string, Tensor> = {
  views: { shape: [nSteps, 147], values: demos.views },
  actions: { shape: [nSteps], values: demos.actions },
  instructions: { shape: [20], values: demos.instructions },
  starts: { shape: [20], values: demos.starts },
};
const vector = (values: Int32Array | Uint8Array): Tensor => ({ shape: [values.length], values });

test.each<[string, Record<string, Tensor | undefined>, string]>([
  ['no views', { views: undefined }, 'it has no tensor "views"'],
  ['flat views', { views: vector(demos.views) }, `"views" has shape ${demos.views.length}, not ${nSteps} x 147`],
  ['views of fewer steps', { actions: vector(demos.actions.slice(1)) }, `not ${nSteps - 1} x 147`],
  [
    'actions of another type',
    { actions: vector(Int32Array.from(demos.actions)) },
    '"actions" is Int32Array, not Uint8Array',
  ],
  ['an unknown action', { actions: vector(demos.actions.with(5, 6)) }, 'action 6 of step 5 is not one of 0 to 5'],
  ['a tile that cannot be drawn', { views: { shape: [nSteps, 147], values: demos.views.with(147 + 3, 9) } }, 'view 1'],
  ['an unknown instruction', { instructions: vector(demos.instructions.with(2, 108)) }, 'instruction 108 of episode 2'],
  ['a negative instruction', { instructions: vector(demos.instructions.with(2, -1)) }, 'instruction -1 of episode 2'],
  ['fewer starts', { starts: vector(demos.starts.slice(1)) }, '"starts" has shape 19, not 20'],
  ['a late first start', { starts: vector(demos.starts.with(0, 1)) }, 'episode 0 starts at step 1'],
  ['starts that go back', { starts: vector(demos.starts.with(4, 1)) }, 'episode 4 starts at step 1'],
  ['a start past the end', { starts: vector(demos.starts.with(19, nSteps)) }, `episode 19 starts at step ${nSteps}`],
  ['no episode', { starts: vector(new Int32Array(0)), instructions: vector(new Int32Array(0)) }, 'it holds no episode'],
])('%s is refused', (_, over, message) => {
  const changed = Object.entries({ ...tensors, ...over }).filter(
    (entry): entry is [string, Tensor] => entry[1] !== undefined,
  );
  writeSafetensors(path, Object.fromEntries(changed), { format: 'alva demos 1' });
  expect(() => readDemos(path)).toThrow(message);
  expect(() => readDemos(path)).toThrow('record the demonstrations again');
});

test('another format is refused', () => {
  writeSafetensors(path, tensors, { format: 'alva demos 9' });
  expect(() => readDemos(path)).toThrow('expected format "alva demos 1", got "alva demos 9"');
  writeSafetensors(path, tensors);
  expect(() => readDemos(path)).toThrow('got "none"');
});
