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
import { type OutputFlags, printResult, withExamples, withOutput } from './output.ts';

export interface ShowFlags extends LevelFlags {
  readonly out: string;
  readonly view: FrameView;
  readonly tile: number;
}

const MAX_TILE = 128;

export function addShow(program: Command): void {
  const command = withLevelFlags(program.command('show'))
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
      "\nfull and partial are MiniGrid's own pictures, pixel for pixel; the same flags give the same bytes.",
    )
    .action(async (flags: ShowFlags & OutputFlags) => {
      const shown = await showToFile(flags);
      printResult(flags, shownText(shown), () => shown);
    });
  withExamples(
    withOutput(command, 'what was drawn'),
    ['alva show --seed 3 --out level.png'],
    ['alva show --instruction "pick up the red ball" --view full --tile 32 --out room.png'],
    ['alva show --task ESCAPE --seed 3 --out escape.gif', 'what the bot does in it'],
    ['alva show --level BabyAI-PickupLoc-v0 --seed 7 --out pickup.gif', 'what MiniGrid makes of seed 7'],
    ['alva show --task GO-TO --demonstrator reactive --tile 16 --out goto.webp'],
  );
}

/** What a picture shows. */
export interface Shown {
  readonly path: string;
  readonly instruction: string;
  readonly status: Episode['status'];
  readonly frames: number;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
}

export function shownText({ path, instruction, status, frames, width, height, bytes }: Shown): string {
  const what = frames === 1 ? `"${instruction}"` : `"${instruction}" in ${frames - 1} steps (${status})`;
  return `${path}: ${what}, ${width} x ${height} pixels, ${Math.ceil(bytes / 1024)} KB`;
}

/** Draws what the flags say into their file. */
export async function showToFile(flags: ShowFlags): Promise<Shown> {
  const { out, seed, tile, view } = flags;
  const encoding = encodingOf(out);
  if (!(tile >= 1 && tile <= MAX_TILE)) throw invalid('--tile', `a whole number from 1 to ${MAX_TILE}`, tile);
  const episode = begin(levelsOf(flags)(seed));
  const frames = [frameOf(episode, view, tile)];
  if (encoding !== 'png')
    for (const _ of demonstration(episode, flags.demonstrator)) frames.push(frameOf(episode, view, tile));
  const bytes = await encoded(frames, encoding);
  writeWhole(out, bytes);
  const [{ width, height }] = frames;
  const { status, level } = episode;
  const about = { path: out, instruction: level.instruction.sentence, status };
  return { ...about, frames: frames.length, width, height, bytes: bytes.length };
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
