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
import { type Strip, stripChart } from './strips.ts';
import type { Chart } from './theme.ts';

export function precisionChart(alignment: AlignmentRecord): Chart {
  const others = othersOf(alignment);
  return stripChart({
    rows: others.map(label),
    columns: 2,
    width: 270,
    panels: tableKs(alignment).map((k) => ({
      title: `P@${k}`,
      axis: `share of the ${k} nearest neighbours that agree`.replace('the 1 nearest neighbours', 'nearest neighbours'),
      strips: others.flatMap((other, row) =>
        networksBeside(other).flatMap((network) => precisionStrip(alignment, network, other, row, k)),
      ),
    })),
  });
}

function precisionStrip(alignment: AlignmentRecord, network: Network, other: string, row: number, k: number): Strip[] {
  const values = seedValues(alignment, network, other, precisionAt(k)).map(({ value }) => value);
  const chances = replications(alignment, network, other).flatMap(({ pairs }) =>
    pairs.map((pair) => pair.precisionAtK[k - 1].nullMean),
  );
  return values.length > 0 ? [{ row, network: label(network), values, chance: mean(chances) }] : [];
}
