// An alignment record as text for the terminal: for each pair P@k with its tests, and a line for each other measure.
import type { AlignmentRecord, MeasureRecord, PairRecord, PrecisionRecord, ProcrustesRecord } from '../base/records.ts';

export function comparisonText({ pairs, permutations, relabellings, warnings }: AlignmentRecord): string {
  const drawn = relabellings === 'all' ? `all ${permutations}` : `${permutations}`;
  return [...pairs.map((pair) => pairText(pair, drawn)), ...warnings.map((warning) => `warning: ${warning}`)].join(
    '\n',
  );
}

function pairText(pair: PairRecord, permutations: string): string {
  const { a, b, precisionAtK, procrustes, measures = [] } = pair;
  return [
    `${a} and ${b}`,
    ...(precisionAtK.length > 0 ? precisionLines(precisionAtK, permutations) : []),
    ...(procrustes ? [procrustesLine(procrustes)] : []),
    ...measures.map(measureLine),
    '',
  ].join('\n');
}

function precisionLines(records: readonly PrecisionRecord[], permutations: string): string[] {
  const partitions = Object.keys(records[0].within);
  const head = ['k', 'P@k', '95 %', 'null (sd)', 'z', 'p', 'p max', ...partitions.map((name) => `p in ${name}`)];
  const inGroups = partitions.length > 0 ? '; p in GROUP: within its blocks' : '';
  return [
    `${cells(head)}   (95 %: over items; ${permutations} joint relabellings; p max: corrected for all pairs and k${inGroups})`,
    ...records.map((at) => cells(precisionCells(at))),
    ...partitions.map((name) => shareLine(name, records[records.length - 1])),
  ];
}

function shareLine(name: string, { k, within }: PrecisionRecord): string {
  const { share, nullMean } = within[name];
  const told =
    share === null ? `none of P@${k}, which is not above chance` : `${share.toFixed(2)} of P@${k} above chance`;
  return `${name} accounts for ${told}; P@${k} among relabellings within its blocks ${nullMean.toFixed(4)}`;
}

function procrustesLine({ disparity, nullMean, nullSd, p, permutations }: ProcrustesRecord): string {
  return `Procrustes disparity ${disparity.toFixed(4)}, null ${nullMean.toFixed(4)} (${nullSd.toFixed(4)}), p ${p.toPrecision(2)} (${permutations} relabellings)`;
}

function measureLine({ measure, k, value, reason, nullMean, nullSd, p, permutations, within }: MeasureRecord): string {
  if (value === null) return `${measure} is not defined: ${reason}`;
  const name = k === null ? measure : `${measure} (k = ${k})`;
  if (nullMean === null || nullSd === null || p === null) return `${name} ${value.toFixed(4)}`;
  const blocks = Object.entries(within).map(([of, test]) => `, p in ${of} ${test.p.toPrecision(2)}`);
  return `${name} ${value.toFixed(4)}, null ${nullMean.toFixed(4)} (${nullSd.toFixed(4)}), p ${p.toPrecision(2)}${blocks.join('')} (${permutations} relabellings)`;
}

function precisionCells({ k, value, nullMean, nullSd, z, p, corrected, within, interval }: PrecisionRecord): string[] {
  const moments = `${nullMean.toFixed(4)} (${nullSd.toFixed(4)})`;
  const tests = [p, corrected.overAll, ...Object.values(within).map((test) => test.p)];
  const over = interval ? `${interval.low.toFixed(2)} to ${interval.high.toFixed(2)}` : '-';
  return [String(k), value.toFixed(4), over, moments, shownZ(z), ...tests.map((of) => of?.toPrecision(2) ?? '-')];
}

const shownZ = (z: number | null) => (z === null ? '-' : z.toFixed(1));

const widths = [4, 9, 16, 17, 8, 9, 9];

const cells = (texts: readonly string[]) =>
  texts.map((text, i) => text.padStart(i < widths.length ? widths[i] : Math.max(11, text.length + 2))).join('');
