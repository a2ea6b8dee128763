// `alva compare --layers`: the files of a model's layers, gathered by name, and their table.
import {
  type LayerNumber,
  type LayerOptions,
  type LayerRecord,
  type LayerRow,
  layerwise,
} from '../alignment/layers.ts';
import { UsageError } from '../base/errors.ts';
import type { Space } from '../embed/space.ts';

/** A model with the spaces of its layers, or a single space. */
interface Model {
  readonly name: string;
  readonly layers: readonly { readonly name: string; readonly layer?: number; readonly space: Space['space'] }[];
}

/** What `alva embed --layer` writes: NAME-layer-03. */
const LAYER = /^(.+)-layer-(\d+)$/;

export interface LayerComparison extends LayerRecord {
  readonly models: readonly [string, string];
}

/** Every two models of which one has layers. */
export async function layerComparisons(spaces: readonly Space[], options: LayerOptions): Promise<LayerComparison[]> {
  const models = modelsOf(spaces);
  const pairs = models.flatMap((a, i) => models.slice(i + 1).map((b) => [a, b] as const));
  const layered = pairs.filter((pair) => pair.some(({ layers }) => layers.some(({ layer }) => layer !== undefined)));
  if (layered.length === 0)
    throw new UsageError(
      'invalid --layers: expected files of the layers of a model (NAME-layer-00.safetensors, as "alva embed --layer all" writes them) and something to compare them with',
    );
  const records: LayerComparison[] = [];
  for (const [a, b] of layered)
    records.push({ models: [a.name, b.name], ...(await layerwise(a.layers, b.layers, options)) });
  return records;
}

function modelsOf(spaces: readonly Space[]): Model[] {
  const models = new Map<string, Model['layers'][number][]>();
  for (const { name, space } of spaces) {
    const match = LAYER.exec(name);
    const model = match ? match[1] : name;
    const layer = match ? { layer: Number(match[2]) } : {};
    models.set(model, [...(models.get(model) ?? []), { name, space, ...layer }]);
  }
  return [...models].map(([name, layers]) => ({
    name,
    layers: [...layers].sort((x, y) => (x.layer ?? -1) - (y.layer ?? -1)),
  }));
}

export const layersText = (records: readonly LayerComparison[]): string => records.map(tableText).join('\n');

function tableText({ models: [a, b], rows, k, permutations, ckaPermutations, best }: LayerComparison): string {
  const head = [a, b, `P@${k}`, 'null', 'p', 'p max', 'CKA', 'null', 'p', 'p max'];
  return [
    `${a} and ${b}: P@${k} and debiased CKA by layer (${permutations} and ${ckaPermutations} joint relabellings; p max: corrected for all rows)`,
    cells(head),
    ...rows.map((row) =>
      cells([layer(row.layerA), layer(row.layerB), ...shown(row.precisionAtK), ...shown(row.ckaDebiased)]),
    ),
    ...bestLine(`P@${k}`, rows, best.precisionAtK, ({ precisionAtK }) => precisionAtK),
    ...bestLine('CKA', rows, best.ckaDebiased, ({ ckaDebiased }) => ckaDebiased),
    '',
  ].join('\n');
}

function bestLine(
  what: string,
  rows: readonly LayerRow[],
  at: number | null,
  of: (row: LayerRow) => LayerNumber,
): string[] {
  if (at === null) return [];
  const { value, corrected } = of(rows[at]);
  return [
    `largest ${what} of ${rows.length}: ${value!.toFixed(4)}, ${rows[at].a} and ${rows[at].b}, p max ${corrected!.toPrecision(2)}`,
  ];
}

const layer = (number: number | null) => (number === null ? '-' : String(number));

function shown({ value, nullMean, p, corrected }: LayerNumber): string[] {
  if (value === null) return ['-', '-', '-', '-'];
  return [value.toFixed(4), nullMean!.toFixed(4), p!.toPrecision(2), corrected!.toPrecision(2)];
}

function cells(texts: readonly string[]): string {
  const [first, second, ...numbers] = texts;
  return `${first.padStart(12)}${second.padStart(14)}${numbers.map((text) => text.padStart(9)).join('')}`;
}
