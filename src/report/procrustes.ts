// Figure 5: Procrustes disparity of the ALM and of the untrained one with every other space, with what relabelling gives.
import type { AlignmentRecord } from '../base/records.ts';
import { mean } from '../base/spread.ts';
import { label, type Network, networksBeside, othersOf, procrustesOf, replications, seedValues } from './families.ts';
import { type Strip, stripChart } from './strips.ts';
import type { Chart } from './theme.ts';

export function procrustesChart(alignment: AlignmentRecord): Chart {
  const others = othersOf(alignment);
  const strips = others.flatMap((other, row) =>
    networksBeside(other).flatMap((network) => disparityStrip(alignment, network, other, row)),
  );
  return stripChart({
    rows: others.map(label),
    columns: 1,
    width: 520,
    panels: [{ title: '', axis: 'Procrustes disparity (0: the same shape)', strips }],
  });
}

function disparityStrip(alignment: AlignmentRecord, network: Network, other: string, row: number): Strip[] {
  const values = seedValues(alignment, network, other, (pair) => procrustesOf(pair).disparity).map(
    ({ value }) => value,
  );
  const chances = replications(alignment, network, other).flatMap(({ pairs }) =>
    pairs.map((pair) => procrustesOf(pair).nullMean),
  );
  return values.length > 0 ? [{ row, network: label(network), values, chance: mean(chances) }] : [];
}
