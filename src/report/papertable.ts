// The paper's Table 1 beside this run's, with the differences, and whether they are within the standard deviations.
import type { AlignmentRecord } from '../base/records.ts';
import type { Spread } from '../base/spread.ts';
import { type Comparison, comparisonsOf } from './comparisons.ts';
import { label, modelsOf, networkName, tableKs } from './families.ts';
import { type Content, html, type Markup } from './markup.ts';
import * as paper from './paper.ts';
import { spreadCell } from './tablecells.ts';
import { signed } from './wording.ts';

/**
 * A column of the paper and what this run has of that kind. Only spaces that bear its model's name are of its kind: what another model
 * reaches is no replication of the paper's number.
 */
interface Line {
  readonly name: string;
  readonly theirs?: paper.PaperColumn;
  readonly ours?: Comparison;
}

export function paperTable(alignment: AlignmentRecord): Markup {
  const ks = tableKs(alignment);
  const heads = ks.map((k, i) => html`<th scope="col"${i === 0 ? first : ''}>P@${k}</th>`);
  const titles = ['the paper, Table 1', 'this run', 'difference'];
  return html`<table class="wide">
<thead><tr><td></td>${titles.map((title) => html`<th colspan="${ks.length}" scope="colgroup">${title}</th>`)}</tr>
<tr><th scope="col">ALM with</th>${heads}${heads}${heads}</tr></thead>
${groupsOf(alignment).map((lines) => html`<tbody>${lines.map((line) => rowOf(line, ks))}</tbody>`)}
</table>`;
}

/** The paper's models, our own, then the control that both have; the other controls stand in the table of tests. */
function groupsOf(alignment: AlignmentRecord): Line[][] {
  const rows = comparisonsOf(alignment);
  const models = [...modelsOf(alignment), 'random'];
  const ofAlm = rows.filter(({ network, space }) => network === 'alm' && models.includes(space));
  const same = new Map(paper.table1.map((theirs) => [theirs, ofAlm.filter(({ space }) => isOf(theirs, space))]));
  const paired = new Set([...same.values()].flat());
  const untrained = ({ space }: Comparison): Line[] => {
    const before = rows.find((row) => row.space === space && row.network === 'untrained');
    return before ? [{ name: `${label(space)}, ${networkName('untrained')}`, ours: before }] : [];
  };
  const linesOf = (column: paper.PaperColumn): Line[] => {
    const found = same.get(column)!;
    if (found.length === 0) return [{ name: column.column, theirs: column }];
    return found.flatMap((ours) => [{ name: nameOf(column, ours), theirs: column, ours }, ...untrained(ours)]);
  };
  const random = paper.table1.filter(({ column }) => column === paper.randomColumn);
  return [
    paper.table1.filter((column) => !random.includes(column)).flatMap(linesOf),
    ofAlm
      .filter((ours) => !paired.has(ours))
      .flatMap((ours) => [{ name: label(ours.space), ours }, ...untrained(ours)]),
    random.flatMap(linesOf),
  ].filter((lines) => lines.length > 0);
}

/** By the name alone, whose first word is the model's: `bert-base-uncased`, `qwen2.5-0.5b`, `deepseek-r1`; and random is random. */
function isOf({ column }: paper.PaperColumn, space: string): boolean {
  return new RegExp(`^(meta-)?${column.toLowerCase()}(?![a-z])`).test(space.toLowerCase());
}

const nameOf = ({ column }: paper.PaperColumn, { space }: Comparison) =>
  column === paper.randomColumn ? 'random' : `${column}; ours ${space}`;

function rowOf({ name, theirs, ours }: Line, ks: readonly number[]): Markup {
  const pairs = ks.map((k) => ({
    theirs: theirs?.values.find((value) => value.k === k),
    ours: ours?.precisionAtK.find((value) => value.k === k),
  }));
  const cellOf = (value: Pick<Spread, 'mean' | 'sd'> | undefined, digits: number) =>
    value ? spreadCell(value, digits) : html`<td></td>`;
  return html`<tr><th scope="row">${name}</th>${pairs.map((pair) => cellOf(pair.theirs, 4))}${pairs.map((pair) => cellOf(pair.ours, 3))}${pairs.map(differenceCell)}</tr>`;
}

/** Within, where it is no more than the larger of the two standard deviations. */
function differenceCell(pair: { theirs?: Pick<Spread, 'mean' | 'sd'>; ours?: Pick<Spread, 'mean' | 'sd'> }): Content {
  const { theirs, ours } = pair;
  if (!theirs || !ours) return html`<td></td>`;
  const difference = ours.mean - theirs.mean;
  const isWithin = Math.abs(difference) <= Math.max(theirs.sd ?? 0, ours.sd ?? 0);
  return html`<td>${signed(difference, 3)} <span class="sd">${isWithin ? 'within sd' : 'beyond sd'}</span></td>`;
}

const first = html` class="first"`;
