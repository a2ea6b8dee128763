// `alva doctor`: what was found on this machine.
import type { Command } from 'commander';
import { findings } from '../study/doctor.ts';
import { type OutputFlags, printResult, withExamples, withOutput } from './output.ts';

export function addDoctor(program: Command): void {
  const command = program
    .command('doctor')
    .description('what was found here: BLAS, ONNX Runtime and its providers, cores, memory, caches')
    .action(async (flags: OutputFlags) => {
      const found = await findings();
      const lines = found.map(
        ({ name, value, ok, advice }) =>
          `${ok ? ' ok ' : ' !! '} ${name.padEnd(22)} ${value}${advice ? `\n     ${advice}` : ''}`,
      );
      printResult(flags, lines.join('\n'), () => found);
    });
  withExamples(withOutput(command, 'the findings'), ['alva doctor'], ['alva doctor --json', 'for a bug report']);
}
