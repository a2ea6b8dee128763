// What is written while a network learns: loss.csv, and curve.csv with its success at checkpoints.
import { type ConditionName, type SuccessOptions, successConditions } from '../alm/success.ts';
import type { CurveRow, LossRow } from '../base/trainingrecords.ts';
import type { Instruction } from '../world/instructions.ts';

/** Only what tells whether the words are understood: the policy, and the policy told of another object. */
const curveConditions: readonly ConditionName[] = ['argmax', 'another instruction of the same task'];

/** The point of the curve after so many updates. */
export async function curvePoint(
  update: number,
  model: Uint8Array,
  instructions: readonly Instruction[],
  seed: number,
  options: SuccessOptions,
): Promise<CurveRow[]> {
  const conditions = await successConditions(model, instructions, seed, options, curveConditions);
  return conditions.flatMap(({ condition, tasks }) =>
    tasks.map(({ name, successes, episodes }) => ({ update, condition, task: name, successes, episodes })),
  );
}

export function curveCsv(rows: readonly CurveRow[]): string {
  return csv(
    'update,condition,task,successes,episodes',
    rows.map(({ update, condition, task, successes, episodes }) => [update, condition, task, successes, episodes]),
  );
}

export function curveRows(text: string): CurveRow[] {
  return cells(text).map(([update, condition, task, successes, episodes]) => ({
    update: Number(update),
    condition,
    task,
    successes: Number(successes),
    episodes: Number(episodes),
  }));
}

export function lossCsv(losses: readonly LossRow[]): string {
  return csv(
    'update,loss,accuracy',
    losses.map(({ update, loss, accuracy }) => [update, loss.toFixed(6), accuracy.toFixed(6)]),
  );
}

export function lossRows(text: string): LossRow[] {
  return cells(text).map(([update, loss, accuracy]) => ({
    update: Number(update),
    loss: Number(loss),
    accuracy: Number(accuracy),
  }));
}

const csv = (head: string, rows: readonly (readonly (string | number)[])[]) =>
  `${[head, ...rows.map((row) => row.join(','))].join('\n')}\n`;

const cells = (text: string) =>
  text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
