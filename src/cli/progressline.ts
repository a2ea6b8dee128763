// One line of progress: what is done, how fast, and what is left, in as much room as there is.
import type { StageEvent } from '../study/progress.ts';

/** Units a second, and the seconds that the rest takes at this rate. */
export interface Pace {
  readonly perSecond?: number;
  readonly secondsLeft?: number;
}

/** Seconds before a rate is told: what begins slowly would promise hours. */
const LEAST_SECONDS = 0.5;

/** Follows events and tells the pace of each part, by what was counted since it was first heard of. `now` is in milliseconds. */
export function paceMeter(now: () => number = () => performance.now()): (event: StageEvent) => Pace {
  const first = new Map<string, { readonly done: number; readonly at: number }>();
  return ({ stage, part, unit, done, total, secondsLeft }) => {
    const key = `${stage} ${part} ${unit}`;
    const begun = first.get(key);
    if (!begun || begun.done > done) first.set(key, { done, at: now() });
    const seconds = begun ? (now() - begun.at) / 1000 : 0;
    const counted = begun ? done - begun.done : 0;
    if (seconds < LEAST_SECONDS || counted <= 0) return { secondsLeft };
    const perSecond = counted / seconds;
    return { perSecond, secondsLeft: secondsLeft ?? (total - done) / perSecond };
  };
}

const BAR_WIDTH = 24;

/** `train seed 01  [=====     ]  800/2000 updates  3400 samples/s  loss 0.31  1:32 left`: the longest form that `width` has room for. */
export function barLine(event: StageEvent, pace: Pace, width: number): string {
  const { name, count, rate, detail, left, failure } = piecesOf(event, pace);
  if (failure) return `${name}  ${failure}`.slice(0, width);
  const bar = (cells: number) => barOf(event, cells);
  const share = percent(event);
  const forms = [
    [name, bar(BAR_WIDTH), count, rate, detail, left],
    [name, bar(BAR_WIDTH / 2), count, rate, detail, left],
    [name, bar(BAR_WIDTH), count, rate, left],
    [name, bar(BAR_WIDTH / 2), count, rate, left],
    [name, bar(BAR_WIDTH / 2), count, left],
    [name, bar(BAR_WIDTH / 3), share, left],
    [name, share, left],
    [name, share],
  ].map(joined);
  return (forms.find((form) => form.length <= width) ?? joined([share, name])).slice(0, width);
}

/** The same as a line that stays, without a bar. */
export function plainLine(event: StageEvent, pace: Pace): string {
  const { name, count, rate, detail, left, failure } = piecesOf(event, pace);
  return joined(failure ? [name, failure] : [name, count, rate, detail, left]);
}

function piecesOf(event: StageEvent, { perSecond, secondsLeft }: Pace) {
  const { stage, part, done, total, unit, detail = '', failure } = event;
  const rate = event.rate ?? (perSecond === undefined ? '' : rateOf(perSecond, unit));
  return {
    name: [stage, part].filter(Boolean).join(' '),
    count: unit === 'bytes' ? `${megabytes(done)}/${megabytes(total)} MB` : `${done}/${total} ${unit}`,
    rate,
    detail,
    left: secondsLeft !== undefined && done < total ? `${clock(secondsLeft)} left` : '',
    failure: failure === undefined ? '' : `failed: ${failure}`,
  };
}

const joined = (pieces: readonly string[]) => pieces.filter(Boolean).join('  ');

const shareOf = ({ done, total }: StageEvent) => Math.min(1, done / Math.max(1, total));

/** Rounded down: 100 % is all of it. */
const percent = (event: StageEvent) => `${Math.floor(100 * shareOf(event))} %`;

function barOf(event: StageEvent, cells: number): string {
  const filled = Math.round(cells * shareOf(event));
  return `[${'='.repeat(filled)}${' '.repeat(cells - filled)}]`;
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

function rateOf(perSecond: number, unit: string): string {
  if (unit === 'bytes') return `${megabytes(perSecond)} MB/s`;
  if (perSecond >= 10) return `${Math.round(perSecond)}/s`;
  return perSecond >= 1 ? `${perSecond.toFixed(1)}/s` : `${(60 * perSecond).toFixed(1)}/min`;
}

/** Seconds as m:ss, or h:mm:ss. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const tail = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}
