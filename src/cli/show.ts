// `alva show`: a level as a picture, or a demonstration in it as an animation.
import { extname } from 'node:path';
import { type Command, Option } from 'commander';
import { invalid } from '../base/errors.ts';
import { writeWhole } from '../base/files.ts';
import { demonstrator } from '../world/bot.ts';
import { begin, type Episode, perform } from '../world/episode.ts';
import type { Mission } from '../world/instructions.ts';
import { type LevelFlags, levelsOf, withLevelFlags } from './choice.ts';
import { type Encoding, encoded, encodings } from './encoder.ts';
import { type FrameView, frameOf, frameViews } from './frames.ts';
import { wholeNumber } from './numbers.ts';

export interface ShowFlags extends LevelFlags {
  readonly out: string;
  readonly view: FrameView;
  readonly tile: number;
}

const MAX_TILE = 128;

export function addShow(program: Command): void {
  withLevelFlags(program.command('show'))
    .description('draw a level into a PNG, or a demonstration in it into an animated GIF or WebP')
    .requiredOption('--out <path>', 'the file; its ending says which: .png, .gif, .webp')
    .addOption(
      new Option('--view <which>', 'the full room, what the agent sees, or both under the instruction')
        .choices(frameViews)
        .default('both'),
    )
    .option('--tile <pixels>', `the side of a cell, 1 to ${MAX_TILE}`, wholeNumber, 32)
    .addHelpText(
      'after',
      `
full and partial are MiniGrid's own pictures, pixel for pixel; the same flags give the same bytes.

Examples:
  alva show --seed 3 --out level.png
  alva show --instruction "pick up the red ball" --view full --tile 32 --out room.png
  alva show --task ESCAPE --seed 3 --out escape.gif                       what the bot does in it
  alva show --level BabyAI-PickupLoc-v0 --seed 7 --out pickup.gif         what MiniGrid makes of seed 7
  alva show --task GO-TO --demonstrator reactive --tile 16 --out goto.webp`,
    )
    .action(async (flags: ShowFlags) => console.log(await showToFile(flags)));
}

/** Draws what the flags say into their file and answers a line on it. */
export async function showToFile(flags: ShowFlags): Promise<string> {
  const { out, seed, tile, view } = flags;
  const encoding = encodingOf(out);
  if (!(tile >= 1 && tile <= MAX_TILE)) throw invalid('--tile', `a whole number from 1 to ${MAX_TILE}`, tile);
  const episode = begin(levelsOf(flags)(seed));
  const frames = [frameOf(episode, view, tile)];
  if (encoding !== 'png')
    for (const _ of demonstration(episode, flags.demonstrator)) frames.push(frameOf(episode, view, tile));
  const bytes = await encoded(frames, encoding);
  writeWhole(out, bytes);
  return `${out}: ${summary(episode, frames.length)}, ${frames[0].width} x ${frames[0].height} pixels, ${Math.ceil(bytes.length / 1024)} KB`;
}

function encodingOf(path: string): Encoding {
  const ending = extname(path).slice(1).toLowerCase();
  const found = encodings.find((encoding) => encoding === ending);
  if (!found) throw invalid('--out', `a file that ends in .${encodings.join(', .')}`, path);
  return found;
}

/** Plays the episode to its end; stops after each action. */
function* demonstration(episode: Episode<Mission>, name: string): Generator<void> {
  const choose = demonstrator(name)(episode.level);
  while (episode.status === 'running') {
    perform(episode, choose(episode));
    yield;
  }
}

function summary({ level, status }: Episode<Mission>, nFrames: number): string {
  const { sentence } = level.instruction;
  return nFrames === 1 ? `"${sentence}"` : `"${sentence}" in ${nFrames - 1} steps (${status})`;
}
