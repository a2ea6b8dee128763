// A trained policy at work in one episode at a time: the levels it can be told of, and what it chooses.
import { argmax, openPolicy } from '../alm/policy.ts';
import { AlvaError } from '../base/errors.ts';
import type { TrainedPolicy } from '../study/policies.ts';
import { instructionsOf } from '../study/recording.ts';
import type { Episode } from '../world/episode.ts';
import { type Instruction, instructions, type Mission } from '../world/instructions.ts';
import type { Level } from '../world/levels.ts';
import { type LevelChoice, levelsOf } from './choice.ts';
import type { ActionChoice } from './screen.ts';

export interface Actor {
  /** The level of a seed, or of the first seed after it whose mission is one of the 108. */
  levelFrom(seed: number): { readonly seed: number; readonly level: Level };
  /** The most likely action, and the probabilities of all six. */
  choose(episode: Episode): Promise<ActionChoice>;
  close(): Promise<void>;
}

/** Seeds that are tried for a level whose mission the policy knows. */
const ATTEMPTS = 1000;

export async function openActor({ run, policy }: TrainedPolicy, choice: LevelChoice): Promise<Actor> {
  const { config } = run;
  const levelOf = levelsOf(
    choice.level === undefined ? { ...choice, distractors: choice.distractors ?? config.distractors } : choice,
  );
  const told = instructionsOf(config);
  const { scores, close } = await openPolicy(policy, config.observation, config.threads);
  return {
    levelFrom(first) {
      for (let seed = first; seed < first + ATTEMPTS; seed++) {
        const drawn = levelOf(seed);
        const instruction = instructionOf(drawn.instruction, told);
        if (!instruction) continue;
        // A level of MiniGrid's keeps its own words and steps; one of the paper's has those of the run.
        const { sentence } = drawn.instruction;
        if (choice.level !== undefined) return { seed, level: { ...drawn, instruction: { ...instruction, sentence } } };
        return { seed, level: { ...drawn, instruction, maxSteps: config.maxSteps } };
      }
      throw new AlvaError(`no level of ${choice.level} from seed ${first} on asks for one of the 108 instructions`);
    },
    async choose(episode) {
      const logits = await scores([episode], ({ level }) => level.instruction.index);
      return { action: argmax([episode], logits)[0], probabilities: softmax(logits) };
    },
    close,
  };
}

/** The one of the 108 that a mission amounts to: MiniGrid says "a" where several objects will do, and the policy knows "the" alone. */
function instructionOf({ sentence }: Mission, told: readonly Instruction[]): Instruction | undefined {
  const wanted = sentence.replace(/\ba (?=\w+ \w+$)/, 'the ');
  const index = [...instructions(), ...instructions('stay away from')].find((each) => each.sentence === wanted)?.index;
  return index === undefined ? undefined : told[index];
}

function softmax(logits: Float32Array): number[] {
  const highest = Math.max(...logits);
  const weights = Array.from(logits, (logit) => Math.exp(logit - highest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
