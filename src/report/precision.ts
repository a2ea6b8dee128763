// Figure 4: P@k at the paper's four k of the ALM, and of the untrained one beside it, with every other space.
import type { AlignmentRecord } from '../base/records.ts';
import { mean } from '../base/spread.ts';
import {
  label,
  type Network,
  networksBeside,
  othersOf,
  precisionAt,
  replications,
  seedValues,
  tableKs,
} from './families.ts';
import type { Frame } from './frame.ts';
import { type Strip, stripChart } from './strips.ts';
import type { Chart } from './theme.ts';

export function precisionChart(alignment: AlignmentRecord, frame: Frame): Chart {
  return stripChart(
    {
      rows: othersOf(alignment).map(label),
      mostColumns: 2,
      panels: tableKs(alignment).map((k) => ({
        title: `P@${k}`,
        axis: k === 1 ? 'share of nearest neighbours' : `share of the ${k} nearest`,
        strips: precisionStrips(alignment, k),
      })),
    },
    frame,
  );
}

export function precisionStrips(alignment: AlignmentRecord, k: number): Strip[] {
  return othersOf(alignment).flatMap((other, row) =>
    networksBeside(other).flatMap((network) => precisionStrip(alignment, network, other, row, k)),
  );
}

function precisionStrip(alignment: AlignmentRecord, network: Network, other: string, row: number, k: number): Strip[] {
  const values = seedValues(alignment, network, other, precisionAt(k)).map(({ value }) => value);
  if (values.length === 0) return [];
  const tests = replications(alignment, network, other).flatMap(({ pairs }) =>
    pairs.map((pair) => pair.precisionAtK[k - 1]),
  );
  const chance = mean(tests.map(({ nullMean }) => nullMean));
  const reach = 2 * mean(tests.map(({ nullSd }) => nullSd));
  const [chanceLow, chanceHigh] = [Math.max(0, chance - reach), Math.min(1, chance + reach)];
  return [{ row, network: label(network), values, chance, chanceLow, chanceHigh }];
}
