// What a space must be to be compared, and which spaces are compared with which.
import { describe, expect, it } from 'vitest';
import { pairsOf } from '../../src/alignment/pairs.ts';
import { checkSpace } from '../../src/alignment/space.ts';
import { matrix } from '../../src/base/matrix.ts';

describe('checkSpace', () => {
  it('passes finite rows without a word', () => {
    expect(checkSpace('x', matrix(3, 2, [1, 2, 3, 4, 5, 6]))).toEqual([]);
  });

  it('refuses no rows, no columns, too few rows and values that do not fill it', () => {
    expect(() => checkSpace('x', matrix(0, 4, []))).toThrow('x is empty: 0 rows of 4 columns');
    expect(() => checkSpace('x', matrix(4, 0, []))).toThrow('x is empty: 4 rows of 0 columns');
    expect(() => checkSpace('x', matrix(2, 1, [1, 2]))).toThrow('invalid x: expected at least 3 rows');
    expect(() => checkSpace('x', { rows: 3, columns: 2, values: new Float64Array(5) })).toThrow(
      'expected 3 x 2 = 6 values',
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('names the place of a %d', (value) => {
    expect(() => checkSpace('x', matrix(3, 2, [0, 1, 2, 3, 4, value]))).toThrow(
      `x holds ${value} in row 2, column 1 (counted from 0); expected finite numbers`,
    );
  });

  it.each([0, 1, 8, 4095, 4096, 4099, 8191, 8192, 8204])('wherever it is: number %d of 8205', (at) => {
    const values = Float64Array.from({ length: 8205 }, (_, i) => (i % 2 === 0 ? -1e308 : 1e308));
    expect(checkSpace('x', matrix(1641, 5, values))).toEqual([]);
    values[at] = Number.NaN;
    if (at < 8204) values[8204] = Number.POSITIVE_INFINITY;
    const place = `x holds NaN in row ${Math.floor(at / 5)}, column ${at % 5} (counted from 0)`;
    expect(() => checkSpace('x', matrix(1641, 5, values))).toThrow(place);
  });

  it('warns of all-zero rows', () => {
    expect(checkSpace('x', matrix(3, 2, [0, 0, 2, 3, 0, 0]))).toEqual([
      'x: 2 all-zero rows (0, 2); cosine 0 with every row is assumed',
    ]);
    expect(checkSpace('x', matrix(20, 1, new Float64Array(20)))[0]).toContain(
      '20 all-zero rows (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, ...)',
    );
  });
});

describe('pairsOf', () => {
  const member = (name: string, seed: number | null = null) => ({ name, family: name.replace(/-\d\d$/, ''), seed });
  const names = (members: ReturnType<typeof member>[]) =>
    pairsOf(members).map(({ a, b, seed }) => `${a.name} ${b.name} ${seed}`);

  it('pairs replications of one seed, all with the spaces that have none, and a family with itself', () => {
    const members = [
      member('alm-00', 0),
      member('alm-01', 1),
      member('verb-only'),
      member('untrained-00', 0),
      member('bert'),
    ];
    expect(names(members)).toEqual([
      'alm-00 alm-01 null',
      'alm-00 verb-only 0',
      'alm-00 untrained-00 0',
      'alm-00 bert 0',
      'alm-01 verb-only 1',
      'alm-01 bert 1',
      'verb-only untrained-00 0',
      'verb-only bert null',
      'untrained-00 bert 0',
    ]);
  });

  it('puts the family that comes first in the list first', () => {
    expect(names([member('alm-00', 0), member('random-01', 1), member('alm-01', 1)])).toContain('alm-01 random-01 1');
  });

  it('refuses a name that comes twice', () => {
    expect(() => pairsOf([member('bert'), member('bert')])).toThrow('two spaces are called bert');
  });
});
