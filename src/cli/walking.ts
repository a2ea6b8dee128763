// The key loop of `alva play`: the terminal is taken, keys are followed, and it is given back whatever happens.
import { emitKeypressEvents } from 'node:readline';
import type { ReadStream, WriteStream } from 'node:tty';
import type { ColourMode } from './ink.ts';
import { type Screen, screenLines } from './screen.ts';
import { press, type Walk } from './walk.ts';

const ENTER = '\x1b[?1049h\x1b[?25l'; // the other screen, no cursor
const LEAVE = '\x1b[?25h\x1b[?1049l';
const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

export interface Key {
  readonly name?: string;
  readonly ctrl?: boolean;
}

/** Shows the walk and does what the keys say until it is left. */
export async function walkInTerminal(walk: Walk, input: ReadStream, output: WriteStream, mode: ColourMode) {
  const draw = () => output.write(frame(screenOf(walk), output, mode));
  const giveBack = takeTerminal(input, output, draw);
  try {
    await follow(input, ({ name = '', ctrl = false }) => {
      const stays = ctrl ? name !== 'c' : press(walk, name);
      if (stays) draw();
      return stays;
    });
  } finally {
    giveBack();
  }
}

/** Hands over key by key until `stays` answers false, the input ends, something is thrown, or `other` work is done. */
export function follow(input: ReadStream, stays: (key: Key) => boolean, other?: Promise<void>): Promise<void> {
  let onKey: (text: string | undefined, key: Key) => void;
  let onEnd: () => void;
  const left = new Promise<void>((resolve, reject) => {
    onEnd = resolve;
    onKey = (_, key) => {
      try {
        if (!stays(key)) resolve();
      } catch (error) {
        reject(error);
      }
    };
    other?.then(resolve, reject);
    emitKeypressEvents(input);
    input.on('keypress', onKey);
    input.on('end', onEnd);
    input.resume();
  });
  return left.finally(() => {
    input.off('keypress', onKey);
    input.off('end', onEnd);
    input.pause();
  });
}

/**
 * Raw keys, the other screen, a hidden cursor; the function returned undoes it all. So does the end of the process: by
 * an error thrown anywhere, or by a signal, which then takes its course.
 */
export function takeTerminal(input: ReadStream, output: WriteStream, draw: () => void): () => void {
  const enter = () => {
    input.setRawMode(true);
    output.write(ENTER);
    draw();
  };
  const leave = () => {
    input.setRawMode(false);
    output.write(LEAVE);
  };
  const dieRestored = (signal: NodeJS.Signals) => {
    giveBack();
    process.kill(process.pid, signal);
  };
  const giveBack = () => {
    leave();
    for (const signal of signals) process.off(signal, dieRestored);
    process.off('exit', leave).off('SIGCONT', enter);
    output.off('resize', draw);
  };
  for (const signal of signals) process.on(signal, dieRestored);
  process.on('exit', leave).on('SIGCONT', enter);
  output.on('resize', draw);
  enter();
  return giveBack;
}

const screenOf = ({ episode, seed, family, hints, showsHint, remark }: Walk): Screen => ({
  episode,
  seed,
  family,
  hint: showsHint ? hints.next : undefined,
  remark,
});

/** One screenful, written over the one before it, which does not flicker. */
export function frame(screen: Screen, output: WriteStream, mode: ColourMode): string {
  const size = { columns: output.columns || 80, rows: output.rows || 24 };
  const lines = screenLines(screen, size, mode);
  return `\x1b[H${lines.map((line) => `${line}\x1b[K`).join('\r\n')}\x1b[J`;
}
