// An alignment record as text for the terminal: for each pair P@k with its tests, and the Procrustes line.
import type { AlignmentRecord, PairRecord, PrecisionRecord } from '../base/records.ts';

export function comparisonText({ pairs, permutations, warnings }: AlignmentRecord): string {
  return [
    ...pairs.map((pair) => pairText(pair, permutations)),
    ...warnings.map((warning) => `warning: ${warning}`),
  ].join('\n');
}

function pairText({ a, b, precisionAtK, procrustes }: PairRecord, permutations: number): string {
  const partitions = Object.keys(precisionAtK[0]?.within ?? {});
  const head = ['k', 'P@k', 'null (sd)', 'z', 'p', ...partitions.map((name) => `p in ${name}`)];
  const { disparity, nullMean, nullSd, p } = procrustes;
  return [
    `${a} and ${b}`,
    `${cells(head)}   (${permutations} joint relabellings${partitions.length > 0 ? '; p in GROUP: within its blocks' : ''})`,
    ...precisionAtK.map((at) => cells(precisionCells(at))),
    `Procrustes disparity ${disparity.toFixed(4)}, null ${nullMean.toFixed(4)} (${nullSd.toFixed(4)}), p ${p.toPrecision(2)} (${procrustes.permutations} relabellings)`,
    '',
  ].join('\n');
}

function precisionCells({ k, value, nullMean, nullSd, z, p, within }: PrecisionRecord): string[] {
  const moments = `${nullMean.toFixed(4)} (${nullSd.toFixed(4)})`;
  const tests = [p, ...Object.values(within).map((test) => test.p)];
  return [String(k), value.toFixed(4), moments, shownZ(z), ...tests.map((of) => of.toPrecision(2))];
}

const shownZ = (z: number | null) => (z === null ? '-' : z.toFixed(1));

const widths = [4, 9, 17, 8, 9];

const cells = (texts: readonly string[]) =>
  texts.map((text, i) => text.padStart(i < widths.length ? widths[i] : Math.max(11, text.length + 2))).join('');
