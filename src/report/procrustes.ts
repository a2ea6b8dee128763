// Figure 5: Procrustes disparity of the ALM and of the untrained one with every other space, with what relabelling and Gaussian spaces give.
import type { AlignmentRecord } from '../base/records.ts';
import { mean } from '../base/spread.ts';
import { label, type Network, networksBeside, othersOf, procrustesOf, replications, seedValues } from './families.ts';
import type { Frame } from './frame.ts';
import { type Strip, stripChart } from './strips.ts';
import type { Chart } from './theme.ts';

export function procrustesChart(alignment: AlignmentRecord, frame: Frame): Chart {
  const panel = { title: '', axis: 'Procrustes disparity (0: the same shape)', strips: procrustesStrips(alignment) };
  return stripChart({ rows: othersOf(alignment).map(label), mostColumns: 1, panels: [panel] }, frame);
}

export function procrustesStrips(alignment: AlignmentRecord): Strip[] {
  return othersOf(alignment).flatMap((other, row) =>
    networksBeside(other).flatMap((network) => disparityStrip(alignment, network, other, row)),
  );
}

function disparityStrip(alignment: AlignmentRecord, network: Network, other: string, row: number): Strip[] {
  const values = seedValues(alignment, network, other, (pair) => procrustesOf(pair).disparity).map(
    ({ value }) => value,
  );
  if (values.length === 0) return [];
  const tests = replications(alignment, network, other).flatMap(({ pairs }) => pairs.map(procrustesOf));
  const chance = mean(tests.map(({ nullMean }) => nullMean));
  const reach = 2 * mean(tests.map(({ nullSd }) => nullSd));
  const strip = { row, network: label(network), values, chance };
  return [{ ...strip, chanceLow: chance - reach, chanceHigh: chance + reach, ...gaussian(alignment, other) }];
}

/** What Gaussian spaces have with `other`, mean over its seeds. */
function gaussian(alignment: AlignmentRecord, other: string): Pick<Strip, 'baseline'> {
  const names = alignment.spaces.filter(({ family }) => family === other).map(({ name }) => name);
  const drawn = (alignment.randomBaselines ?? []).flatMap(({ space, disparity }) =>
    names.includes(space) && disparity ? [disparity] : [],
  );
  if (drawn.length === 0) return {};
  const over = (side: 'median' | 'low' | 'high') => mean(drawn.map((each) => each[side]));
  return { baseline: { median: over('median'), low: over('low'), high: over('high') } };
}
