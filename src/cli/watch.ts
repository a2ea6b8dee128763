// `alva watch`: an episode of a trained policy, live in the terminal, or as lines where there is none.
import type { Command } from 'commander';
import { invalid } from '../base/errors.ts';
import { trainedPolicy } from '../study/policies.ts';
import { openActor } from './acting.ts';
import { type LevelChoice, withLevelChoice } from './choice.ts';
import { type PolicyFlags, withPolicyFlags } from './eval.ts';
import { colourMode } from './ink.ts';
import { wholeNumber } from './numbers.ts';
import { withExamples } from './output.ts';
import { episodeLines, startScene, watchInTerminal } from './watching.ts';

interface WatchFlags extends PolicyFlags, LevelChoice {
  readonly levelSeed: number;
  readonly pace: number;
}

export function addWatch(program: Command): void {
  const command = withLevelChoice(withPolicyFlags(program.command('watch')))
    .description('watch a trained policy act: what it sees, what it does, and how sure it is')
    .option('--level-seed <n>', 'the level', wholeNumber, 0)
    .option('--pace <milliseconds>', 'time between two steps', wholeNumber, 400)
    .addHelpText(
      'after',
      `
The policy takes its most likely action. Keys: space pauses, n goes to the next level, q quits. Where the output is no terminal, one
episode is printed, a line a step.`,
    )
    .action(watch);
  withExamples(
    command,
    ['alva watch --run runs/quick --seed 0 --task PICK-UP'],
    ['alva watch --run runs/quick --seed 0 --instruction "pick up the red ball" --level-seed 3'],
    ['alva watch --run runs/quick --seed 0 --level BabyAI-GoToLocal-v0', 'a room that MiniGrid makes'],
    ['alva watch --run runs/quick --seed 0 --shuffled', 'its control, which never learned what the words mean'],
  );
}

async function watch({ run: directory, seed, shuffled = false, levelSeed, pace, ...choice }: WatchFlags) {
  if (pace < 1) throw invalid('--pace', 'a whole number of milliseconds from 1', pace);
  const trained = trainedPolicy(directory, seed, shuffled);
  const actor = await openActor(trained, choice);
  try {
    const scene = await startScene(actor, levelSeed, trained.replication.name, choice.level);
    if (process.stdin.isTTY && process.stdout.isTTY && process.env.TERM !== 'dumb') {
      await watchInTerminal(scene, actor, process.stdin, process.stdout, colourMode(process.env), pace);
      console.log(`${scene.nEnded} episode${scene.nEnded === 1 ? '' : 's'} ended, ${scene.nSucceeded} in success`);
    } else for await (const line of episodeLines(scene, actor)) console.log(line);
  } finally {
    await actor.close();
  }
}
