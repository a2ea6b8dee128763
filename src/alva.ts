// The public entry of `alva`: runs as the command line makes them. The rooms have entries of their own: alva/world, alva/graph, alva/alignment, alva/embed.
export * from './base/errors.ts';
export type * from './base/records.ts';
export type * from './base/trainingrecords.ts';
export { configOf } from './study/config.ts';
export { type Config, configRows } from './study/fields.ts';
export { presets } from './study/presets.ts';
export type { Listener, StageEvent } from './study/progress.ts';
export { plannedRun, type Run, runAt, writeConfig } from './study/run.ts';
export { runStages, type Stage, type StageOptions, stages } from './study/stages.ts';
