// What the user sees while a stage works: live lines in a terminal, one a part; plain lines now and then elsewhere.
import type { Listener, StageEvent } from '../study/progress.ts';

export interface Terminal {
  readonly listen: Listener;
  /** Prints a sentence without breaking the live lines. */
  say(sentence: string): void;
  /** Ends the live lines. */
  finish(): void;
}

const LIVE_MILLISECONDS = 100;
const PLAIN_MILLISECONDS = 10_000;
const BAR_WIDTH = 24;

/** Progress goes to standard error, so that standard output holds results alone. */
export function terminal(stream: NodeJS.WriteStream = process.stderr): Terminal {
  return stream.isTTY === true ? liveTerminal(stream) : plainTerminal(stream);
}

/** What is under way stands in lines that are written anew; what has ended scrolls away above them. */
function liveTerminal(stream: NodeJS.WriteStream): Terminal {
  const live = new Map<string, StageEvent>();
  let nDrawn = 0;
  let drawnAt = Number.NEGATIVE_INFINITY;
  const cut = (line: string) => line.slice(0, (stream.columns ?? 80) - 1);
  /** `above` are lines that stay. */
  const draw = (above: readonly string[] = []) => {
    const lines = fitting([...live.values()], (stream.rows ?? 24) - 2);
    stream.write(`${erased(nDrawn)}${above.map((line) => `${line}\n`).join('')}${lines.map(cut).join('\n')}`);
    nDrawn = lines.length;
    drawnAt = performance.now();
  };
  const finish = () => {
    if (nDrawn > 0) stream.write('\n');
    live.clear();
    nDrawn = 0;
  };
  return {
    listen(event) {
      if ([...live.values()].some(({ stage }) => stage !== event.stage)) finish();
      const part = partOf(event);
      const isNew = !live.has(part);
      live.set(part, event);
      if (isOver(event)) {
        live.delete(part);
        draw([cut(progressLine(event, BAR_WIDTH))]);
      } else if (isNew || performance.now() - drawnAt >= LIVE_MILLISECONDS) draw();
    },
    say: (sentence) => draw([sentence]),
    finish,
  };
}

/** A line at the start and end of what is counted, between them one in ten seconds for each part. */
function plainTerminal(stream: NodeJS.WriteStream): Terminal {
  const written = new Map<string, { readonly unit: string; readonly at: number }>();
  return {
    listen(event) {
      const before = written.get(partOf(event));
      const isDue = before?.unit !== event.unit || performance.now() - before.at >= PLAIN_MILLISECONDS;
      if (!isDue && !isOver(event)) return;
      stream.write(`${progressLine(event, 0)}\n`);
      written.set(partOf(event), { unit: event.unit, at: performance.now() });
    },
    say: (sentence) => stream.write(`${sentence}\n`),
    finish: () => written.clear(),
  };
}

const partOf = ({ stage, part }: StageEvent) => `${stage} ${part}`;
const isOver = ({ done, total, failure }: StageEvent) => done === total || failure !== undefined;

/** As many lines as the window has room for: what has scrolled out of it cannot be written anew. */
function fitting(events: readonly StageEvent[], room: number): string[] {
  const lines = events.map((event) => progressLine(event, BAR_WIDTH));
  return lines.length <= room ? lines : [...lines.slice(0, room - 1), `and ${lines.length - room + 1} more`];
}

/** Goes back to the start of the first of `n` lines and clears from there on. */
function erased(n: number): string {
  return n > 1 ? `\r\x1b[${n - 1}A\x1b[J` : '\r\x1b[J';
}

/** `train seed 01  [=====     ]  800/2000 updates  loss 0.31  accuracy 88.2 %  3400 samples/s  1:32 left` */
export function progressLine(event: StageEvent, barWidth: number): string {
  const { stage, part, done, total, unit, detail, secondsLeft, failure } = event;
  const name = [stage, part].filter(Boolean).join(' ');
  if (failure !== undefined) return `${name}  failed: ${failure}`;
  const filled = Math.round((barWidth * done) / Math.max(1, total));
  const bar = barWidth > 0 ? `[${'='.repeat(filled)}${' '.repeat(barWidth - filled)}]` : '';
  const left = secondsLeft !== undefined && done < total ? `${clock(secondsLeft)} left` : '';
  return [name, bar, `${done}/${total} ${unit}`, detail, left].filter(Boolean).join('  ');
}

/** Seconds as m:ss, or h:mm:ss. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const tail = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}
