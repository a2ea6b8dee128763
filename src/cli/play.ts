// `alva play`: a walk through levels in the terminal.
import type { Command } from 'commander';
import { UsageError } from '../base/errors.ts';
import { demonstrator } from '../world/bot.ts';
import { type LevelFlags, levelsOf, withLevelFlags } from './choice.ts';
import { colourMode } from './ink.ts';
import { withExamples } from './output.ts';
import { startWalk } from './walk.ts';
import { walkInTerminal } from './walking.ts';

export function addPlay(program: Command): void {
  const command = withLevelFlags(program.command('play'))
    .description('walk through levels in the terminal, beside what the agent sees')
    .addHelpText(
      'after',
      `
Keys:
  a d, or arrows left and right   turn            p  pick up      h  the demonstrator's next move, shown or not
  w, or arrow up                  go forward      o  drop         n  next level (the next seed)
  q, or Ctrl-C                    quit            t  open         r  this level again`,
    )
    .action(async (flags: LevelFlags) => {
      const walk = startWalk(levelsOf(flags), flags.seed, demonstrator(flags.demonstrator), flags.level);
      requireTerminal(flags.seed);
      await walkInTerminal(walk, process.stdin, process.stdout, colourMode(process.env));
      const { nEnded, nSucceeded } = walk;
      console.log(`${nEnded} episode${nEnded === 1 ? '' : 's'} ended, ${nSucceeded} in success`);
    });
  withExamples(
    command,
    ['alva play', 'an instruction drawn from seed 0'],
    ['alva play --instruction "pick up the red ball" --seed 3'],
    ['alva play --task ESCAPE --distractors 2', '"escape from", "stay away" and "avoid" only'],
    ['alva play --level BabyAI-GoToLocal-v0 --seed 7', 'what MiniGrid makes of seed 7'],
    ['NO_COLOR=1 alva play', 'words and letters in place of colours'],
  );
}

function requireTerminal(seed: number): void {
  const instead = `"alva show --seed ${seed} --out level.png" draws a level into a file`;
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    throw new UsageError(`missing terminal: alva play needs one for its keys and its screen; ${instead}`);
  if (process.env.TERM === 'dumb')
    throw new UsageError(`invalid terminal: expected one that can place text, got TERM=dumb; ${instead}`);
}
