// What the user sees while a stage works: live lines in a terminal, one a part; plain lines now and then elsewhere; nothing where quiet is asked for.
import { printableLines } from '../base/printable.ts';
import type { Listener, StageEvent } from '../study/progress.ts';
import { type ColourMode, colourMode, type Paint, painter } from './ink.ts';
import { barLine, paceMeter, plainLine } from './progressline.ts';

export interface Terminal {
  readonly listen: Listener;
  /** Prints a sentence without breaking the live lines. */
  say(sentence: string): void;
  /** Ends the live lines. */
  finish(): void;
}

const LIVE_MILLISECONDS = 100;
const PLAIN_MILLISECONDS = 10_000;

const quietTerminal: Terminal = { listen() {}, say() {}, finish() {} };

/** Progress goes to standard error, so that standard output holds results alone. */
export function terminal(
  { quiet = false }: { readonly quiet?: boolean } = {},
  stream: NodeJS.WriteStream = process.stderr,
  env: NodeJS.ProcessEnv = process.env,
): Terminal {
  if (quiet) return quietTerminal;
  return canRedraw(stream, env) ? liveTerminal(stream, colourMode(env, true)) : plainTerminal(stream);
}

/** A terminal that can go back in its lines. Build services that pretend to be one set CI. */
function canRedraw({ isTTY }: NodeJS.WriteStream, { TERM, CI }: NodeJS.ProcessEnv): boolean {
  return isTTY === true && TERM !== 'dumb' && !CI;
}

/** What is under way stands in lines that are written anew; what has ended scrolls away above them. */
function liveTerminal(stream: NodeJS.WriteStream, mode: ColourMode): Terminal {
  const live = new Map<string, StageEvent>();
  const paceOf = paceMeter();
  const paint = painter(mode);
  let drawn: readonly string[] = [];
  let drawnAt = Number.NEGATIVE_INFINITY;
  const columns = () => stream.columns || 80;
  const lineOf = (event: StageEvent) => barLine(event, paceOf(event), columns() - 1);
  /** `above` are lines that stay. */
  const draw = (above: readonly string[] = []) => {
    const lines = fitting([...live.values()].map(lineOf), (stream.rows || 24) - 2);
    const stay = above.map((line) => `${line}\n`).join('');
    stream.write(`${erased(drawn, columns())}${stay}${lines.map((line) => coloured(line, paint)).join('\n')}`);
    drawn = lines;
    drawnAt = performance.now();
  };
  const redraw = () => draw();
  const finish = () => {
    if (drawn.length > 0) stream.write('\n');
    live.clear();
    drawn = [];
    stream.off('resize', redraw);
  };
  return {
    listen(event) {
      if ([...live.values()].some(({ stage }) => stage !== event.stage)) finish();
      const part = partOf(event);
      const isNew = !live.has(part);
      if (live.size === 0) stream.on('resize', redraw);
      live.set(part, event);
      if (isOver(event)) {
        live.delete(part);
        draw([coloured(lineOf(event), paint)]);
        if (live.size === 0) stream.off('resize', redraw);
      } else if (isNew || performance.now() - drawnAt >= LIVE_MILLISECONDS) draw();
    },
    say: (sentence) => draw([printableLines(sentence)]),
    finish,
  };
}

/** A line at the start and end of what is counted, between them one in ten seconds for each part. */
function plainTerminal(stream: NodeJS.WriteStream): Terminal {
  const written = new Map<string, { readonly unit: string; readonly at: number }>();
  const paceOf = paceMeter();
  return {
    listen(event) {
      const pace = paceOf(event);
      const before = written.get(partOf(event));
      const isDue = before?.unit !== event.unit || performance.now() - before.at >= PLAIN_MILLISECONDS;
      if (!isDue && !isOver(event)) return;
      stream.write(`${plainLine(event, pace)}\n`);
      written.set(partOf(event), { unit: event.unit, at: performance.now() });
    },
    say: (sentence) => stream.write(`${printableLines(sentence)}\n`),
    finish: () => written.clear(),
  };
}

const partOf = ({ stage, part }: StageEvent) => `${stage} ${part}`;
const isOver = ({ done, total, failure }: StageEvent) => done === total || failure !== undefined;

/** As many lines as the window has room for: what has scrolled out of it cannot be written anew. */
function fitting(lines: readonly string[], room: number): readonly string[] {
  return lines.length <= room ? lines : [...lines.slice(0, room - 1), `and ${lines.length - room + 1} more`];
}

/** Goes back to the start of the first of the lines and clears from there on. A window that became narrower has broken them. */
function erased(lines: readonly string[], columns: number): string {
  const rows = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / columns)), 0);
  return rows > 1 ? `\r\x1b[${rows - 1}A\x1b[J` : '\r\x1b[J';
}

const GREEN = [80, 160, 110] as const;
const RED = [215, 60, 60] as const;

function coloured(line: string, paint: Paint): string {
  return line
    .replace(/\[(=+)/, (_, filled: string) => `[${paint(filled, { text: GREEN })}`)
    .replace(/ {2}failed: .*/, (text) => paint(text, { text: RED }));
}
