// Runs trials by name: `npm run bench -- NAME... --json FILE`.
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { native } from '../src/native.ts';
import type { Figure, Trial } from './trial.ts';
import { dense } from './trials/dense.ts';
import { embed } from './trials/embed.ts';
import { features } from './trials/features.ts';
import { inference } from './trials/inference.ts';
import { alignmentMeasures } from './trials/measures.ts';
import { nearest } from './trials/nearest.ts';
import { permutations } from './trials/permutations.ts';
import { policy } from './trials/policy.ts';
import { render } from './trials/render.ts';
import { seed } from './trials/seed.ts';
import { train } from './trials/train.ts';
import { world } from './trials/world.ts';

/** A new trial is a file of its own and a line here. */
const trials: Readonly<Record<string, Trial>> = {
  ...{ world, render, train, features, policy, embed, seed, inference },
  'alignment-permutations': permutations,
  ...{ 'alignment-dense': dense, 'alignment-nearest': nearest, 'alignment-measures': alignmentMeasures },
};
/** Take minutes, so they run when they are named. */
const long: readonly string[] = ['seed', 'inference', 'alignment-nearest'];

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' } } });
/** `alignment` stands for every trial whose name begins so; `permutations` for the one that ends so. */
const named = (name: string) => {
  const begun = Object.keys(trials).filter(
    (trial) => trial === name || trial.startsWith(`${name}-`) || trial.endsWith(`-${name}`),
  );
  return begun.length > 0 ? begun : [name];
};
const names =
  positionals.length > 0 ? positionals.flatMap(named) : Object.keys(trials).filter((name) => !long.includes(name));
const unknown = names.filter((name) => !Object.hasOwn(trials, name));
if (unknown.length > 0) {
  console.error(`unknown trial: ${unknown.join(', ')}; known: ${Object.keys(trials).join(', ')}`);
  process.exit(2);
}

const load = () =>
  loadavg()
    .map((value) => value.toFixed(1))
    .join(' ');
const { compiler } = native.buildInfo();
console.log(`${cpus()[0].model}, ${cpus().length} cores; load ${load()}; Node ${process.version}, ${compiler}`);
const figures: Figure[] = [];
for (const name of names)
  for await (const figure of trials[name]((line) => console.log(`${name}: ${line}`))) {
    figures.push({ ...figure, trial: `${name}: ${figure.trial}` });
    console.log(line(figures.at(-1)!));
  }
console.log(`load ${load()}`);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
process.exitCode = figures.every(({ verified, rivals }) => verified || Object.keys(rivals).length === 0) ? 0 : 1;

function line({ trial, unit, ours, rivals, ratio, limit, verified }: Figure): string {
  const parts = [`${number(ours)}${unit}`];
  for (const [name, rate] of Object.entries(rivals)) parts.push(`${name} ${number(rate)}${unit}`);
  if (ratio !== null) parts.push(`ratio ${number(ratio)}`);
  if (limit !== null) parts.push(`limit ${number(limit)}${unit} (${((100 * ours) / limit).toFixed(0)} %)`);
  return `${trial}: ${parts.join(', ')}${verified ? '' : ', NOT VERIFIED'}`;
}

function number(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 4 });
}
