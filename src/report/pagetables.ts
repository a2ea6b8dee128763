// The tables of the report page.
import type { AlignmentRecord } from '../base/records.ts';
import { type Interval, spread } from '../base/spread.ts';
import type { SuccessRate, SuccessRecord } from '../base/trainingrecords.ts';
import { type Comparison, comparisonsOf, type RestrictedTest } from './comparisons.ts';
import { hasAlm, headlineK, label, networkName, precisionAt, trainingDifferences } from './families.ts';
import { trainedWith } from './loss.ts';
import { html, type Markup } from './markup.ts';
import * as paper from './paper.ts';
import { conditionsOf, ratesOf, summaryOf, tasksOf, verbRatesOf, verbsOf } from './success.ts';
import { sdOf, spreadCell } from './tablecells.ts';
import { trajectoryPoints } from './trajectory.ts';
import { decimal, shownInterval, shownP, shownRates, shownZ, signed } from './wording.ts';

/** What each network reaches at the headline k beside what chance gives, and what training moved. */
export function testTable(alignment: AlignmentRecord): Markup {
  const k = headlineK(alignment);
  const moved = (space: string) => {
    const values = trainingDifferences(alignment, space, precisionAt(k)).map(({ value }) => value);
    return values.length === 0
      ? html`<td></td>`
      : html`<td>${signed(spread(values).mean, 3)}${sdOf(spread(values))}</td>`;
  };
  const row = (comparison: Comparison) => html`<tr>${nameCells(comparison)}
${spreadCell(headline(comparison))}<td>${spanOf(comparison.overItems)}</td>${testCells(comparison)}<td>${comparison.corrected === null ? '–' : shownP(comparison.corrected)}</td>${comparison.network === 'alm' && comparison.space !== 'untrained' ? moved(comparison.space) : html`<td></td>`}
${spreadCell(comparison.disparity)}<td>${decimal(comparison.disparityNullMean, 3)}</td><td>${shownP(comparison.disparityP)}</td></tr>`;
  return html`<table class="sortable">
<thead><tr><td></td><td></td><th colspan="7" scope="colgroup">P@${k}</th><th colspan="3" scope="colgroup">Procrustes disparity</th></tr>
<tr><th scope="col">space</th><th scope="col" class="text">${hasAlm(alignment) ? 'network' : 'with'}</th><th scope="col">value</th><th scope="col">95 % over items</th><th scope="col">chance</th><th scope="col">z</th><th scope="col">p</th><th scope="col">p, corrected</th><th scope="col">trained − untrained</th><th scope="col">value</th><th scope="col">chance</th><th scope="col">p</th></tr></thead>
<tbody>${comparisonsOf(alignment).map(row)}</tbody></table>`;
}

/** The same test where sentences are relabelled only among those that share an attribute, such as verb phrase, object or colour. */
export function withinTable(alignment: AlignmentRecord): Markup | null {
  const rows = comparisonsOf(alignment).filter(({ within }) => within.length > 0);
  const partitions = [...new Set(rows.flatMap(({ within }) => within.map(({ partition }) => partition)))];
  if (partitions.length === 0) return null;
  const cells = ({ within }: Comparison) =>
    partitions.map((partition) => {
      const test = within.find((entry) => entry.partition === partition);
      return test ? html`${testCells(test)}${shareCell(test.share)}` : html`<td></td><td></td><td></td><td></td>`;
    });
  const heads = partitions.map(
    () => html`<th scope="col">chance</th><th scope="col">z</th><th scope="col">p</th><th scope="col">share</th>`,
  );
  return html`<table class="sortable">
<thead><tr><td></td><td></td><td></td>${partitions.map((partition) => html`<th colspan="4" scope="colgroup">within one ${partition}</th>`)}</tr>
<tr><th scope="col">space</th><th scope="col" class="text">${hasAlm(alignment) ? 'network' : 'with'}</th><th scope="col">P@${headlineK(alignment)}</th>${heads}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${nameCells(row)}${spreadCell(headline(row))}${cells(row)}</tr>`)}</tbody></table>`;
}

/** P@k with every space and PICK-UP success at each point of training: mean and sd over the seeds that learn from the instructions. */
export function trajectoryTable(alignment: AlignmentRecord): Markup {
  const points = trajectoryPoints(alignment).filter(({ trained }) => trained === trainedWith[0]);
  const panels = [...new Set(points.map(({ panel }) => panel))];
  const updates = [...new Set(points.map(({ update }) => update))].sort((a, b) => a - b);
  const cell = (panel: string, update: number) => {
    const values = points.filter((point) => point.panel === panel && point.update === update).map(({ value }) => value);
    return values.length === 0 ? html`<td></td>` : spreadCell(spread(values));
  };
  return html`<table>
<thead><tr><th scope="col">updates</th>${panels.map((panel) => html`<th scope="col">${panel}</th>`)}</tr></thead>
<tbody>${updates.map((update) => html`<tr><th scope="row">${update}</th>${panels.map((panel) => cell(panel, update))}</tr>`)}</tbody></table>`;
}

/** Every condition by task, with what other seeds and what other levels could give apart. */
export function successTable(records: readonly SuccessRecord[]): Markup {
  const tasks = tasksOf(records);
  const theirs = (task: string) => paper.success.tasks.find((entry) => entry.task === task)?.rate;
  return html`<table>
${intervalHeads(tasks)}
<tbody>${conditionsOf(records).map((condition) => html`<tr><th scope="row">${condition}</th>${tasks.map((task) => intervalCells(ratesOf(records, condition, task)))}</tr>`)}
<tr><th scope="row">the paper, ${paper.success.place}</th>${tasks.map((task) => html`<td>${theirs(task) === undefined ? '' : decimal(100 * theirs(task)!, 1)}</td><td></td><td></td>`)}</tr></tbody></table>`;
}

/** The policy of every seed by itself, with its own interval over levels. */
export function seedTable(records: readonly SuccessRecord[]): Markup {
  const [policy] = conditionsOf(records);
  const tasks = tasksOf(records);
  const own = records.filter(({ conditions }) => conditions.some(({ condition }) => condition === policy));
  const cells = (record: SuccessRecord, task: string) =>
    ratesOf([record], policy, task).map(
      (rate) => html`<td>${decimal(100 * rate.rate, 1)}</td><td>${shownInterval(rate)}</td>`,
    );
  return html`<table>
<thead><tr><td></td>${tasks.map((task) => html`<th colspan="2" scope="colgroup">${task}</th>`)}</tr>
<tr><th scope="col">per cent, ${policy}</th>${tasks.map(() => html`<th scope="col">of levels</th><th scope="col">95 % over levels</th>`)}</tr></thead>
<tbody>${own.map((record) => html`<tr><th scope="row">seed ${record.seed}</th>${tasks.map((task) => cells(record, task))}</tr>`)}</tbody></table>`;
}

/** Every condition by verb phrase: the paper says that the wording makes no difference. */
export function verbTable(records: readonly SuccessRecord[]): Markup {
  const verbs = verbsOf(records);
  return html`<table>
${intervalHeads(verbs)}
<tbody>${conditionsOf(records).map((condition) => html`<tr><th scope="row">${condition}</th>${verbs.map((verb) => intervalCells(verbRatesOf(records, condition, verb)))}</tr>`)}</tbody></table>`;
}

const intervalHeads = (names: readonly string[]) =>
  html`<thead><tr><td></td>${names.map((name) => html`<th colspan="3" scope="colgroup">${name}</th>`)}</tr>
<tr><th scope="col">per cent</th>${names.map(() => html`<th scope="col">mean (sd)</th><th scope="col">95 % over seeds</th><th scope="col">95 % over levels</th>`)}</tr></thead>`;

function intervalCells(rates: readonly SuccessRate[]): Markup {
  if (rates.length === 0) return html`<td></td><td></td><td></td>`;
  const { overSeeds, overLevels } = summaryOf(rates);
  return html`<td>${shownRates(rates.map(({ rate }) => rate))}</td><td>${shownInterval(overSeeds)}</td><td>${shownInterval(overLevels)}</td>`;
}

const headline = ({ precisionAtK }: Comparison) => precisionAtK[precisionAtK.length - 1];

/** In every row, so that rows can be sorted. */
const nameCells = ({ space, network }: Comparison) =>
  html`<th scope="row">${label(space)}</th><td class="text">${networkName(network)}</td>`;

const spanOf = (interval: Interval | null) =>
  interval === null ? '–' : `${decimal(interval.low, 2)} to ${decimal(interval.high, 2)}`;

const shareCell = (share: number | null) => html`<td>${share === null ? '–' : decimal(share, 2)}</td>`;

function testCells({ nullMean, z, p }: RestrictedTest): Markup {
  return html`<td>${decimal(nullMean, 3)}</td><td>${shownZ(z)}</td><td>${shownP(p)}</td>`;
}
