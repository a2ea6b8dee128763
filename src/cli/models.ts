// `alva models`: what the table knows, which of it is on this machine, and how large a download would be.
import type { Command } from 'commander';
import { AlvaError } from '../base/errors.ts';
import { hubAccess } from '../base/hubaccess.ts';
import { hubCaches } from '../base/hubcache.ts';
import { cachedModel, downloadSize } from '../embed/fetched.ts';
import { models } from '../embed/models.ts';
import type { Model } from '../embed/table.ts';
import type { Listener } from '../study/progress.ts';
import { type OutputFlags, printResult, withExamples, withOutput } from './output.ts';
import { working } from './working.ts';

interface Row extends Omit<Model, 'sha256'> {
  /** The folder or file where it lies on this machine. */
  readonly cached?: string;
  /** What the hub says of it, where it was asked. */
  readonly checked?: string;
}

export function addModels(program: Command): void {
  const command = program
    .command('models')
    .description('the models that alva knows: what runs them, what is on this machine, how large the others are')
    .option('--check', 'ask the model hub for what is there, and for its size')
    .action(async ({ check = false, ...flags }: OutputFlags & { readonly check?: boolean }) => {
      const rows = await working(
        flags,
        () => [],
        ({ listen }) => rowsOf(models, check, listen),
      );
      printResult(flags, modelsText(rows), () => ({ cache: hubCaches()[0], models: rows }));
    });
  withExamples(
    withOutput(command, 'the rows'),
    ['alva models', 'what is here, and what would be fetched'],
    ['alva models --check', 'with the size of each download, as the model hub tells it'],
    ['alva models --json'],
  );
}

async function rowsOf(list: readonly Model[], check: boolean, listen: Listener): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { sha256: _, ...model } of list) {
    const cached = cachedModel(model)?.folder;
    rows.push({ ...model, cached, ...(check ? await asked(model) : {}) });
    if (check) listen({ stage: 'models', done: rows.length, total: list.length, unit: 'models', detail: model.name });
  }
  return rows;
}

/** One model that the hub refuses does not keep the others from being told. */
async function asked(model: Model): Promise<{ bytes?: number; checked: string }> {
  if (model.preparation) return { checked: 'no such files on the hub' };
  try {
    return { bytes: await downloadSize(model, hubAccess()), checked: 'the hub has it' };
  } catch (error) {
    if (error instanceof AlvaError) return { checked: error.message };
    throw error;
  }
}

export function modelsText(rows: readonly Row[]): string {
  const lines = rows.map((row) => [row.name, row.engine, row.pooling, row.dtype, sizeOf(row), row.id]);
  const table = [['name', 'engine', 'pooling', 'dtype', 'download', 'model'], ...lines];
  const widths = table[0].map((_, i) => Math.max(...table.map((line) => line[i].length)));
  const below = (row: Row) => [
    `${row.licence}; revision ${row.revision}`,
    ...(row.cached ? [`on this machine: ${row.cached}`] : []),
    ...(row.preparation ? [row.preparation] : []),
    ...(row.checked ? [row.checked] : []),
  ];
  const [head, ...body] = table.map((line) =>
    line
      .map((cell, i) => cell.padEnd(widths[i]))
      .join('  ')
      .trimEnd(),
  );
  return [
    head,
    ...body.flatMap((line, i) => [line, ...below(rows[i]).map((more) => `    ${more}`)]),
    '',
    ...(rows.some((row) => sizeOf(row) === NOT_KNOWN)
      ? ['Sizes that are not known here: alva models --check asks the hub.']
      : []),
    `Fetched into ${hubCaches()[0]}. Any other model of the hub: alva embed --model ORG/NAME --pooling mean`,
  ].join('\n');
}

const NOT_KNOWN = 'see --check';

function sizeOf({ bytes, cached, preparation }: Row): string {
  if (cached) return 'is here';
  if (preparation) return 'by hand';
  if (bytes === undefined) return NOT_KNOWN;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(0)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}
