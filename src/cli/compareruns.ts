// `alva compare-runs`: what differs between two runs, in their configs, inputs and results.
import type { Command } from 'commander';
import { comparedRuns } from '../study/runcomparison.ts';
import { runComparisonText } from './compareruntext.ts';

export function addCompareRuns(program: Command): void {
  program
    .command('compare-runs')
    .description('what differs between two runs: config, inputs, results, and which differences are beyond the seeds')
    .argument('<a>', 'a run directory')
    .argument('<b>', 'another one')
    .option('--json', 'print the whole comparison as JSON, every k and every equal result in it')
    .addHelpText(
      'after',
      `
Examples:
  alva compare-runs runs/quick runs/few
  alva compare-runs runs/quick runs/few --json`,
    )
    .action((a: string, b: string, { json }: { json?: boolean }) => {
      const comparison = comparedRuns(a, b);
      console.log(json ? JSON.stringify(comparison, null, 2) : runComparisonText(comparison));
    });
}
