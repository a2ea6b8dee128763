// `alva compare-runs`: what differs between two runs, in their configs, inputs and results.
import type { Command } from 'commander';
import { comparedRuns } from '../study/runcomparison.ts';
import { runComparisonText } from './compareruntext.ts';
import { type OutputFlags, printResult, withExamples, withOutput } from './output.ts';

export function addCompareRuns(program: Command): void {
  const command = program
    .command('compare-runs')
    .description('what differs between two runs: config, inputs, results, and which differences are beyond the seeds')
    .argument('<a>', 'a run directory')
    .argument('<b>', 'another one')
    .action((a: string, b: string, flags: OutputFlags) => {
      const comparison = comparedRuns(a, b);
      printResult(flags, runComparisonText(comparison), () => comparison);
    });
  withExamples(
    withOutput(command, 'the whole comparison, every k and every equal result in it,'),
    ['alva compare-runs runs/quick runs/few'],
    ['alva compare-runs runs/quick runs/few --json'],
  );
}
