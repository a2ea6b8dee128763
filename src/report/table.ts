// The summary as plain text, aligned in columns: what the command line prints at the end of a run.
import { printable } from '../base/printable.ts';
import type { AlignmentRecord } from '../base/records.ts';
import type { SuccessRate, SuccessRecord } from '../base/trainingrecords.ts';
import { comparisonsOf } from './comparisons.ts';
import { hasAlm, headlineK, label, networkName, tableKs } from './families.ts';
import * as paper from './paper.ts';
import { conditionsOf, ratesOf, summaryOf, tasksOf, verbRatesOf, verbsOf } from './success.ts';
import { shownInterval, shownP, shownRates, shownSpread, shownZ } from './wording.ts';

/** P@k and disparity of both networks with every space, the controls and the paper's columns among them, and success by task. */
export function summaryTable(alignment: AlignmentRecord, success: readonly SuccessRecord[] = []): string {
  const seeds = alignment.spaces.filter(({ family }) => family === 'alm').length;
  const k = headlineK(alignment);
  const over = hasAlm(alignment)
    ? ` over ${seeds} ${seeds === 1 ? 'seed' : 'seeds'}`
    : ' of the spaces that have seeds';
  const theirs = hasAlm(alignment) ? paperLines(alignment) : [];
  const parts = [
    `P@k, mean (sd)${over}; z and the largest p of any seed at k = ${k}, ${alignment.permutations} relabellings`,
    aligned([alignmentHead(alignment), ...alignmentLines(alignment), ...theirs]),
  ];
  if (success.length > 0) parts.push('', successSummary(success));
  return `${parts.join('\n')}\n`;
}

/** Success by task in every condition, and the policy by verb phrase, with the intervals over seeds and over levels apart. */
export function successSummary(success: readonly SuccessRecord[]): string {
  return [
    'success on fresh levels in per cent: mean (sd) over seeds; 95 % of the mean over seeds, by Student’s t;',
    '95 % over levels, from the lowest to the highest bound of the seeds’ Wilson intervals',
    aligned(successLines(success)),
    '',
    aligned(verbLines(success)),
  ].join('\n');
}

function alignmentHead(alignment: AlignmentRecord): string[] {
  return ['', '', ...tableKs(alignment).map((k) => `P@${k}`), 'disparity', 'z', 'p'];
}

function alignmentLines(alignment: AlignmentRecord): string[][] {
  return comparisonsOf(alignment).map((row, i, all) => [
    all[i - 1]?.space === row.space ? '' : printable(label(row.space)),
    printable(networkName(row.network)),
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
    ...ks.map((at) => {
      const value = values.find(({ k }) => k === at);
      return value ? shownSpread(value) : '';
    }),
  ]);
}

function successLines(records: readonly SuccessRecord[]): string[][] {
  const tasks = tasksOf(records);
  const theirs = tasks.map((task) => paper.success.tasks.find((entry) => entry.task === task)?.rate);
  return [
    ['', ...tasks.flatMap((task) => [task, 'over seeds', 'over levels'])],
    ...conditionsOf(records).map((condition) => [
      printable(condition),
      ...tasks.flatMap((task) => intervals(ratesOf(records, condition, task))),
    ]),
    ['paper', ...theirs.flatMap((rate) => [rate === undefined ? '' : (100 * rate).toFixed(1), '', ''])],
  ];
}

function verbLines(records: readonly SuccessRecord[]): string[][] {
  const [policy] = conditionsOf(records);
  const columns = verbsOf(records).map((verb) => intervals(verbRatesOf(records, policy, verb)));
  const rows = [policy, 'over seeds', 'over levels'];
  return [['', ...verbsOf(records)], ...rows.map((row, i) => [printable(row), ...columns.map((column) => column[i])])];
}

function intervals(rates: readonly SuccessRate[]): string[] {
  if (rates.length === 0) return ['', '', ''];
  const { overSeeds, overLevels } = summaryOf(rates);
  return [shownRates(rates.map(({ rate }) => rate)), shownInterval(overSeeds), shownInterval(overLevels)];
}

export function aligned(lines: readonly (readonly string[])[]): string {
  const nColumns = Math.max(...lines.map((line) => line.length));
  const widths = Array.from({ length: nColumns }, (_, i) =>
    Math.max(...lines.map((line) => [...(line[i] ?? '')].length)),
  );
  return lines.map((line) => `  ${line.map((text, i) => text.padEnd(widths[i])).join('  ')}`.trimEnd()).join('\n');
}
