// Stage demos: instructions -> demos.safetensors.
import { existsSync } from 'node:fs';
import { demosMetadata, readDemos, writeDemos } from '../demos/file.ts';
import { recordDemos } from '../demos/record.ts';
import { type Instruction, instructions } from '../world/instructions.ts';
import type { LevelOptions } from '../world/levels.ts';
import type { Config } from './config.ts';
import type { Listener } from './progress.ts';
import { keyOf, type Run } from './run.ts';

export const instructionsOf = ({ stayAway }: Config): Instruction[] => instructions(stayAway);
export const sentencesOf = (config: Config): string[] => instructionsOf(config).map(({ sentence }) => sentence);
export const levelOptionsOf = ({ distractors, maxSteps }: Config): LevelOptions => ({ distractors, maxSteps });

/** Changes where the demonstrations would be others. */
export function demosKey(config: Config): string {
  return keyOf(config, ['stayAway', 'distractors', 'maxSteps', 'demonstrator', 'episodes', 'demosSeed']);
}

export function hasDemos({ config, demos }: Run): boolean {
  return existsSync(demos) && readDemos(demos).metadata.key === demosKey(config);
}

export async function makeDemos({ config, demos }: Run, listen: Listener): Promise<void> {
  const request = {
    instructions: instructionsOf(config),
    episodes: config.episodes,
    seed: config.demosSeed,
    demonstrator: config.demonstrator,
    level: levelOptionsOf(config),
  };
  const recorded = await recordDemos(request, (done, total) =>
    listen({ stage: 'demos', done, total, unit: 'episodes' }),
  );
  writeDemos(demos, recorded, { key: demosKey(config), ...demosMetadata(request) });
}
