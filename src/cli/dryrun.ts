// `--dry-run`: the plan of a run as a table, with what it takes.
import { headroom, sizeText } from '../base/headroom.ts';
import { type Plan, planOf } from '../study/plan.ts';
import type { PlannedStep } from '../study/plannedsteps.ts';
import type { Run } from '../study/run.ts';
import type { Stage } from '../study/stages.ts';
import { printResult } from './output.ts';
import { clock } from './progressline.ts';
import type { RunOptions } from './runoptions.ts';
import { terminal } from './terminal.ts';

/** Measures for some seconds and prints; nothing is written. */
export async function printPlan(on: Run, list: readonly Stage[], options: RunOptions): Promise<void> {
  terminal(options).say('dry run: measuring this machine for some seconds; nothing is written');
  const plan = await planOf(on, list, options);
  printResult(options, planText(plan), () => plan);
}

export function planText(plan: Plan): string {
  const { run, steps, seconds, bytes, freeBytes, networksAtOnce, memoryBytes } = plan;
  const rows = steps.map(cellsOf);
  const widths = [0, 1, 2, 3, 4].map((at) => Math.max(...rows.map((row) => row[at].length)));
  const lines = rows.map((row) =>
    row
      .map((cell, at) => (at > 2 ? cell.padStart(widths[at]) : cell.padEnd(widths[at])))
      .join('  ')
      .trimEnd(),
  );
  const bases = [...new Set(steps.flatMap(({ basis }) => basis ?? []))];
  const room = bytes === null || freeBytes === null ? 'ample' : headroom(bytes, freeBytes);
  const enough = { ample: '', close: ', which is close', short: ', which is too little' }[room];
  const free = freeBytes === null ? '' : `; ${sizeText(freeBytes)} are free${enough}`;
  return [
    `what would become of ${run}, all numbers being estimates:`,
    ...lines.map((line) => `  ${line}`),
    `time    ${seconds === null ? UNKNOWN : `about ${clock(seconds)}`}${networksAtOnce > 1 ? `, ${networksAtOnce} networks at once` : ''}`,
    `disk    ${bytes === null ? UNKNOWN : `about ${sizeText(bytes)}`}${free}`,
    ...(memoryBytes === null ? [] : [`memory  about ${sizeText(memoryBytes)} for each network that trains`]),
    ...(bases.length > 0
      ? [
          `times are from: ${bases.map((basis) => (bases.length > 1 ? `${basis} (${stagesBy(steps, basis)})` : basis)).join(', ')}`,
        ]
      : []),
  ].join('\n');
}

const UNKNOWN = 'not to be told beforehand (features of a frozen vision)';

const stagesBy = (steps: readonly PlannedStep[], basis: string) =>
  [...new Set(steps.filter((step) => step.basis === basis).map(({ stage }) => stage))].join(', ');

function cellsOf({ stage, state, what, seconds, bytes }: PlannedStep): string[] {
  if (state === 'kept') return [stage, state, what, '', ''];
  return [stage, state, what, seconds === null ? '?' : clock(seconds), bytes === null ? '?' : sizeText(bytes)];
}
