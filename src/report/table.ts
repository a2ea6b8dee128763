// The summary as plain text, aligned in columns: what the command line prints at the end of a run.
import type { AlignmentRecord, SuccessRecord } from '../base/records.ts';
import { comparisonsOf } from './comparisons.ts';
import { headlineK, label, networkNames, tableKs } from './families.ts';
import * as paper from './paper.ts';
import { conditionsOf, ratesOf, tasksOf } from './success.ts';
import { shownP, shownRates, shownSpread, shownZ } from './wording.ts';

/** P@k and disparity of both networks with every space, the controls and the paper's columns among them, and success by task. */
export function summaryTable(alignment: AlignmentRecord, success: readonly SuccessRecord[] = []): string {
  const seeds = alignment.spaces.filter(({ family }) => family === 'alm').length;
  const k = headlineK(alignment);
  const parts = [
    `P@k, mean (sd) over ${seeds} ${seeds === 1 ? 'seed' : 'seeds'}; z and the largest p of any seed at k = ${k}, ${alignment.permutations} relabellings`,
    aligned([alignmentHead(alignment), ...alignmentLines(alignment), ...paperLines(alignment)]),
  ];
  if (success.length > 0)
    parts.push('', 'success on fresh levels in per cent, mean (sd) over seeds', aligned(successLines(success)));
  return `${parts.join('\n')}\n`;
}

function alignmentHead(alignment: AlignmentRecord): string[] {
  return ['', '', ...tableKs(alignment).map((k) => `P@${k}`), 'disparity', 'z', 'p'];
}

function alignmentLines(alignment: AlignmentRecord): string[][] {
  return comparisonsOf(alignment).map((row) => [
    row.network === 'alm' ? printable(label(row.space)) : '',
    networkNames[row.network],
    ...row.precisionAtK.map((value) => shownSpread(value)),
    shownSpread(row.disparity),
    shownZ(row.z),
    shownP(row.p),
  ]);
}

function paperLines(alignment: AlignmentRecord): string[][] {
  const ks = tableKs(alignment);
  return paper.table1.map(({ column, values }, i) => [
    i === 0 ? 'paper, Table 1' : '',
    column,
    ...values.filter((value) => ks.includes(value.k)).map((value) => shownSpread(value)),
  ]);
}

function successLines(records: readonly SuccessRecord[]): string[][] {
  const tasks = tasksOf(records);
  const theirs = tasks.map((task) => paper.success.tasks.find((entry) => entry.task === task)?.rate);
  return [
    ['', ...tasks],
    ...conditionsOf(records).map((condition) => [
      printable(condition),
      ...tasks.map((task) => shownRates(ratesOf(records, condition, task).map(({ rate }) => rate))),
    ]),
    ['paper', ...theirs.map((rate) => (rate === undefined ? '' : (100 * rate).toFixed(1)))],
  ];
}

function aligned(lines: readonly (readonly string[])[]): string {
  const nColumns = Math.max(...lines.map((line) => line.length));
  const widths = Array.from({ length: nColumns }, (_, i) =>
    Math.max(...lines.map((line) => [...(line[i] ?? '')].length)),
  );
  return lines.map((line) => `  ${line.map((text, i) => text.padEnd(widths[i])).join('  ')}`.trimEnd()).join('\n');
}

/** A name from a file must not steer the terminal. */
const printable = (text: string) => text.replaceAll(/\p{Cc}/gu, '?');
