// What the user sees while a stage works: one live line in a terminal, a plain line now and then elsewhere.
import type { Listener, StageEvent } from '../study/progress.ts';

export interface Terminal {
  readonly listen: Listener;
  /** Prints a sentence without breaking the live line. */
  say(sentence: string): void;
  /** Ends the live line. */
  finish(): void;
}

const LIVE_MILLISECONDS = 100;
const PLAIN_MILLISECONDS = 10_000;
const BAR_WIDTH = 24;

/** Progress goes to standard error, so that standard output holds results alone. */
export function terminal(stream: NodeJS.WriteStream = process.stderr): Terminal {
  const isLive = stream.isTTY === true;
  const pause = isLive ? LIVE_MILLISECONDS : PLAIN_MILLISECONDS;
  let shownAt = Number.NEGATIVE_INFINITY;
  let last: StageEvent | undefined;
  const write = (event: StageEvent) => {
    const line = progressLine(event, isLive ? BAR_WIDTH : 0);
    stream.write(isLive ? `\r\x1b[2K${line.slice(0, (stream.columns ?? 80) - 1)}` : `${line}\n`);
    shownAt = performance.now();
  };
  const finish = () => {
    if (isLive && last) stream.write('\n');
    last = undefined;
  };
  return {
    listen(event) {
      const isNew = !last || last.stage !== event.stage || last.part !== event.part || last.unit !== event.unit;
      if (isNew) finish();
      last = event;
      if (isNew || event.done === event.total || performance.now() - shownAt >= pause) write(event);
    },
    say(sentence) {
      finish();
      stream.write(`${sentence}\n`);
    },
    finish,
  };
}

/** `train seed 01  [=====     ]  800/2000 updates  loss 0.31  accuracy 88.2 %  3400 samples/s  1:32 left` */
export function progressLine(event: StageEvent, barWidth: number): string {
  const { stage, part, done, total, unit, detail, secondsLeft } = event;
  const filled = Math.round((barWidth * done) / Math.max(1, total));
  const bar = barWidth > 0 ? `[${'='.repeat(filled)}${' '.repeat(barWidth - filled)}]` : '';
  const left = secondsLeft !== undefined && done < total ? `${clock(secondsLeft)} left` : '';
  return [[stage, part].filter(Boolean).join(' '), bar, `${done}/${total} ${unit}`, detail, left]
    .filter(Boolean)
    .join('  ');
}

/** Seconds as m:ss, or h:mm:ss. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const tail = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}
