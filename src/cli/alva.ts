#!/usr/bin/env node
// The executable: does what the command line says and leaves with its exit code.
import { CommanderError } from 'commander';
import { AlvaError, causeOf, isOfSystem } from '../base/errors.ts';
import { printableLines } from '../base/printable.ts';
import { commandLine } from './commandline.ts';
import { colourMode, painter } from './ink.ts';

const SIGPIPE = 141; // 128 + 13, as of other programs

const UNFORESEEN =
  'alva: that was not foreseen: it is a mistake in alva, not in what you typed; a run keeps what was whole, and the lines above are what to report';

// Whoever read the results has seen enough; whoever read the progress has not: the work goes on.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(SIGPIPE);
  console.error(`alva: cannot write to the standard output: ${causeOf(error)}`);
  process.exit(1);
});
process.stderr.on('error', () => {});

try {
  await commandLine().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (error instanceof AlvaError || isOfSystem(error)) {
    const paint = painter(colourMode(process.env, process.stderr.isTTY === true));
    console.error(`${paint('alva:', { text: [215, 60, 60], isBold: true })} ${printableLines(causeOf(error))}`);
    process.exitCode = error instanceof AlvaError ? error.exitCode : 1;
  } else {
    console.error(error);
    console.error(UNFORESEEN);
    process.exitCode = 1;
  }
}
