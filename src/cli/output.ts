// What every command prints alike: its result on standard output, as text or JSON, and all else on standard error.
import { fstatSync, writeSync } from 'node:fs';
import type { Command } from 'commander';
import { printableLines } from '../base/printable.ts';

const STDOUT = 1;

export interface OutputFlags {
  readonly quiet?: boolean;
  readonly json?: boolean;
}

/** Adds --quiet and, where there is a result that a program may want, --json. */
export function withOutput(command: Command, record?: string): Command {
  command.option('-q, --quiet', 'print errors and the result only');
  return record === undefined ? command : command.option('--json', `print ${record} as JSON`);
}

/** The result as text, or, with --json, the record; nothing where there is no text. */
export function printResult({ json }: OutputFlags, text: string | undefined, record: () => unknown): void {
  if (json) print(JSON.stringify(record(), null, 2));
  else if (text) print(text);
}

/** Lines on standard output, whole: into a file Node writes once, and takes what a full disk has left out for written. */
export function print(result: string): void {
  const text = printableLines(result);
  if (!fstatSync(STDOUT).isFile()) {
    console.log(text);
    return;
  }
  const bytes = Buffer.from(`${text}\n`);
  for (let at = 0; at < bytes.length; ) at += writeSync(STDOUT, bytes, at);
}

/** Ends the help of a command with commands that can be typed as they stand. */
export function withExamples(command: Command, ...examples: readonly (readonly [command: string, what?: string])[]) {
  const width = Math.max(...examples.map(([text]) => text.length));
  const lines = examples.map(([text, what]) => `  ${what ? `${text.padEnd(width)}   ${what}` : text}`);
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}
