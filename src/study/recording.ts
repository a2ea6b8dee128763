// Stage demos: instructions -> demos.safetensors.
import { randomFrom } from '../base/random.ts';
import { demosMetadata, readDemos, writeDemos } from '../demos/file.ts';
import { type Demos, type DemosRequest, recordDemos } from '../demos/record.ts';
import { withShuffledInstructions } from '../demos/shuffled.ts';
import { type DemosSource, freshDemos, recordedDemos } from '../demos/source.ts';
import { type Instruction, instructions } from '../world/instructions.ts';
import type { LevelOptions } from '../world/levels.ts';
import type { Config } from './fields.ts';
import { type FileState, keep, stateOf } from './ledger.ts';
import type { Listener } from './progress.ts';
import { keyOf, type Replication, type Run } from './run.ts';

export const instructionsOf = ({ stayAway }: Config): Instruction[] => instructions(stayAway);
export const sentencesOf = (config: Config): string[] => instructionsOf(config).map(({ sentence }) => sentence);
export const levelOptionsOf = ({ distractors, maxSteps }: Config): LevelOptions => ({ distractors, maxSteps });

/** Changes where the demonstrations would be others. */
export function demosKey(config: Config): string {
  return keyOf(config, ['stayAway', 'distractors', 'maxSteps', 'demonstrator', 'episodes', 'demosSeed']);
}

export function demosState({ config, demos }: Run): FileState {
  return stateOf(demos, demosKey(config), () => readDemos(demos).metadata.key);
}

export const hasDemos = (run: Run): boolean => demosState(run) === 'done';

/** The demonstrations that a replication learns from, as the config says. */
export function demosSource({ config, demos }: Run, { seed, shuffled }: Replication): DemosSource {
  const recorded = readDemos(demos);
  const told = (those: Demos, ...pass: number[]) =>
    shuffled ? withShuffledInstructions(those, randomFrom(seed, 'shuffled instructions', ...pass)) : those;
  if (config.demonstrations === 'recorded') return recordedDemos(told(recorded));
  const fresh = freshDemos(recorded, demosRequest(config));
  return (pass) => told(fresh(pass), pass);
}

export async function makeDemos({ config, demos }: Run, listen: Listener): Promise<void> {
  const request = demosRequest(config);
  const recorded = await recordDemos(request, (done, total) =>
    listen({ stage: 'demos', done, total, unit: 'episodes' }),
  );
  const key = demosKey(config);
  keep(demos, key, (path) => writeDemos(path, recorded, { key, ...demosMetadata(request) }));
}

export function demosRequest(config: Config): DemosRequest {
  return {
    instructions: instructionsOf(config),
    episodes: config.episodes,
    seed: config.demosSeed,
    demonstrator: config.demonstrator,
    level: levelOptionsOf(config),
  };
}
