import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { AlvaError, causeOf, invalid, isOfSystem, missing, UsageError, unknown } from '../../src/base/errors.ts';

test('unknown tells what may have been meant, where something known is near', () => {
  expect(unknown('model', 'brt', ['bert', 'clip']).message).toBe(
    'unknown model: brt (did you mean "bert"?); known: bert, clip',
  );
});

test('unknown names the value and what is known', () => {
  const error = unknown('model', 'qwen9', new Set(['bert', 'clip']));
  expect(error.message).toBe('unknown model: qwen9; known: bert, clip');
  expect(error).toBeInstanceOf(UsageError);
});

test('unknown repeats no more of a name than a line holds', () => {
  expect(unknown('model', 'b'.repeat(50_000), ['bert']).message).toBe(
    `unknown model: ${'b'.repeat(200)}... (50000 characters); known: bert`,
  );
});

test('missing says what to do', () => {
  const error = missing('demos.safetensors in runs/a', 'run "alva demos --out runs/a" first');
  expect(error.message).toBe('missing demos.safetensors in runs/a; run "alva demos --out runs/a" first');
  expect(error).not.toBeInstanceOf(UsageError);
});

test.each([
  [200, '200'],
  ['5', '"5"'],
  [undefined, 'undefined'],
  [null, 'null'],
  [new Float32Array(3), 'Float32Array of 12 bytes'],
  ['a'.repeat(50_000), `"${'a'.repeat(199)}... (50002 characters)`],
])('invalid shows %o as %s', (value, shown) => {
  expect(invalid('k', 'a whole number from 1 to 107', value).message).toBe(
    `invalid k: expected a whole number from 1 to 107, got ${shown}`,
  );
});

test('a mistake of use leaves with 2, a failure with 1', () => {
  expect(invalid('k', 'a number', 'x')).toMatchObject({ exitCode: 2, name: 'UsageError' });
  expect(unknown('k', 'x', [])).toMatchObject({ exitCode: 2 });
  expect(missing('a', 'b')).toMatchObject({ exitCode: 1, name: 'AlvaError' });
  expect(invalid('k', 'a number', 'x')).toBeInstanceOf(AlvaError);
});

test('what the system refuses is told with what to do next, what alva refuses as it is', () => {
  const refused = (path: string): unknown => {
    try {
      return readFileSync(path);
    } catch (error) {
      return error;
    }
  };
  const [gone, folder] = [refused('no/such/file'), refused('.')];
  expect(causeOf(gone)).toMatch(/^ENOENT: no such file or directory, open .*; check the name, and the folder/);
  expect(causeOf(folder)).toMatch(/^EISDIR: .*; that is a folder: name a file$/);
  expect([gone, folder].every(isOfSystem)).toBe(true);
  const own = missing('a', 'b');
  expect([causeOf(own), isOfSystem(own)]).toEqual(['missing a; b', false]);
});
