import { describe, expect, test } from 'vitest';
import type { AlignmentRecord } from '../../src/base/records.ts';
import { csvOf } from '../../src/report/chartdata.ts';
import { curvePoints } from '../../src/report/curves.ts';
import { familiesOf } from '../../src/report/families.ts';
import { heatmapCells } from '../../src/report/heatmap.ts';
import { onlyFamilies } from '../../src/report/selection.ts';
import { trajectoryPoints } from '../../src/report/trajectory.ts';
import { alignmentOf, likely, trainingOf } from './fixture.ts';

const alignment = { ...alignmentOf(likely), training: trainingOf(0) };

describe('some of the spaces', () => {
  const some = onlyFamilies(alignment, ['smollm2-135m']);

  test('stand beside both networks, in every figure', () => {
    expect(familiesOf(some)).toEqual(['alm', 'smollm2-135m', 'untrained']);
    expect(new Set(heatmapCells(some).map(({ row }) => row))).toEqual(
      new Set(['ALM', 'smollm2-135m', 'untrained ALM']),
    );
    expect(new Set(trajectoryPoints(some).map(({ panel }) => panel))).toEqual(
      new Set(['PICK-UP success', 'smollm2-135m']),
    );
  });

  test('have the numbers that they have among all', () => {
    const of = (record: AlignmentRecord) => curvePoints(record).filter(({ other }) => other === 'smollm2-135m');
    expect(of(some)).toEqual(of(alignment));
  });

  test('have to be known', () => {
    expect(() => onlyFamilies(alignment, ['smollm'])).toThrow(/^unknown space: smollm.*; known: alm, bge-small/);
  });
});

describe('data as CSV', () => {
  test('has a line for each row, quotes where they are needed, and blanks for what is not there', () => {
    expect(
      csvOf([
        { name: 'a, "b"', k: 1 },
        { name: 'c', k: null, more: 0.5 },
      ]),
    ).toBe('name,k,more\n"a, ""b""",1,\nc,,0.5\n');
    expect(csvOf([])).toBe('\n');
  });
});
