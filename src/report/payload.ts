// Packs the records into what the script of the page reads: exact numbers, in fewer bytes than the record's own text.
import type { AlignmentRecord, NeighboursRecord, PrecisionRecord } from '../base/records.ts';
import { columnNames, type Payload } from './client/payload.ts';
import { familiesOf, headlineK, label } from './families.ts';
import type { Figure } from './figures.ts';

export interface Payloaded {
  readonly alignment: AlignmentRecord;
  readonly neighbours?: NeighboursRecord;
  readonly figures: readonly Pick<Figure, 'name' | 'csv'>[];
}

export function payloadOf({ alignment, neighbours, figures }: Payloaded): Payload {
  const pairs = alignment.pairs.filter(({ precisionAtK }) => precisionAtK.length > 0);
  const entries = pairs.flatMap(({ precisionAtK }) => precisionAtK);
  const families = familiesOf(alignment);
  const place = new Map(alignment.spaces.map(({ name }, i) => [name, i]));
  const partitions = [...new Set(entries.flatMap(({ within }) => Object.keys(within ?? {})))];
  const listed = new Map(neighbours?.spaces.map(({ name, neighbours: list }) => [name, list]));
  return {
    k: pairs[0]?.precisionAtK.length ?? 0,
    headline: headlineK(alignment),
    families: families.map((name) => ({ name, label: label(name) })),
    spaces: alignment.spaces.map(({ name, family, seed }) => ({ name, family: families.indexOf(family), seed })),
    partitions,
    pairs: pairs.map(({ a, b }) => [place.get(a)!, place.get(b)!]),
    columns: float64(columnNames(partitions).flatMap((name) => columnOf(name, entries, partitions))),
    sentences: neighbours?.sentences ?? [],
    attributes: neighbours?.attributes ?? {},
    neighbours: alignment.spaces.map(({ name }) => (listed.has(name) ? uint16(listed.get(name)!) : null)),
    absence: absenceOf(neighbours),
    figures: Object.fromEntries(figures.flatMap(({ name, csv }) => (csv ? [[name, csv]] : []))),
  };
}

export function absenceOf(neighbours: NeighboursRecord | undefined): string | null {
  if (neighbours === undefined)
    return 'this run was aligned before alva kept the neighbour lists; "alva align" and "alva report" bring them';
  return neighbours.absence;
}

function columnOf(name: string, entries: readonly PrecisionRecord[], partitions: readonly string[]): number[] {
  const [quantity, partition] = name.split(':');
  return entries.map((entry) => {
    if (quantity === 'corrected') return entry.corrected?.overAll ?? Number.NaN;
    const test = partition === undefined ? entry : entry.within?.[partitions[Number(partition)]];
    return (test as unknown as Record<string, number | null> | undefined)?.[quantity] ?? Number.NaN;
  });
}

function float64(values: readonly number[]): string {
  const bytes = Buffer.alloc(8 * values.length);
  for (const [i, value] of values.entries()) bytes.writeDoubleLE(value, 8 * i);
  return bytes.toString('base64');
}

function uint16(values: readonly number[]): string {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt16LE(value, 2 * i);
  return bytes.toString('base64');
}
