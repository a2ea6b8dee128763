// alva status: what of a run is done, stale or damaged, and what it takes to go on.
import { join } from 'node:path';
import type { Command } from 'commander';
import { missing } from '../base/errors.ts';
import { quoted } from '../base/shell.ts';
import { stateHelp } from '../study/ledger.ts';
import { hasConfig, plannedRun, withoutCheck } from '../study/run.ts';
import { asOnlyWriter } from '../study/runlock.ts';
import { accept, type FileStatus, statusOf } from '../study/status.ts';
import { type OutputFlags, printResult, withExamples, withOutput } from './output.ts';
import { directoryOf } from './runoptions.ts';

interface StatusOptions extends OutputFlags {
  readonly out?: string;
  readonly accept?: string;
}

export function addStatus(program: Command): void {
  const command = program
    .command('status')
    .description('what of a run is done, stale or damaged; nothing is changed')
    .option('--out <dir>', 'the run directory; runs/quick by default')
    .option('--accept <file>', 'take this file as it is, though it is not as alva wrote it')
    .addHelpText('after', helpText)
    .action(status);
  withExamples(
    withOutput(command, 'a list of {file, stage, state, note}'),
    ['alva status --out runs/full'],
    ['alva status --out runs/full --accept embeddings/alm-00.safetensors', 'keep a file that you changed'],
  );
}

const helpText = `
States:
${Object.entries(stateHelp)
  .map(([state, help]) => `  ${state.padEnd(10)}${help}`)
  .join('\n')}

Leaves with 1 where a file is damaged. "alva replicate --resume --out RUN" makes what is missing, stale or damaged.`;

async function status(options: StatusOptions): Promise<void> {
  const directory = directoryOf(options);
  if (!hasConfig(directory))
    throw missing(join(directory, 'config.json'), `begin a run with "alva replicate --out ${quoted(directory)}"`);
  const { accept: file } = options;
  if (file !== undefined)
    await asOnlyWriter(directory, console.error, async () => accept(withoutCheck(directory), file));
  const rows = statusOf(plannedRun(directory, undefined));
  printResult(options, linesOf(directory, rows).join('\n'), () => rows);
  if (rows.some(({ state }) => state === 'damaged')) process.exitCode = 1;
}

/** One line for each file that is not done, and how many are. */
function linesOf(directory: string, rows: readonly FileStatus[]): string[] {
  const left = rows.filter(({ state }) => state !== 'done' && state !== 'unlisted');
  const brought = rows.filter(({ state }) => state === 'unlisted');
  const width = Math.max(...rows.map(({ file }) => file.length));
  const told = ({ file, state, note }: FileStatus) =>
    `  ${file.padEnd(width)}  ${state.padEnd(9)}${note ?? (state === 'missing' ? '' : stateHelp[state])}`.trimEnd();
  // Weights of another config may be hours of work.
  const isOther = left.some(({ file, state }) => file.endsWith('/weights.safetensors') && state === 'stale');
  const verb = isOther ? '--again' : '--resume';
  const nDone = rows.filter(({ state }) => state === 'done').length;
  return [
    `${directory}: ${nDone} of ${rows.length - brought.length} files are done`,
    ...left.map(told),
    ...(brought.length > 0 ? [`not in a ledger: ${brought.map(({ file }) => file).join(', ')}`] : []),
    ...(left.length > 0 ? [`go on with "alva replicate ${verb} --out ${quoted(directory)}"`] : []),
  ];
}
