// `alva figure`: one figure of a run as a file for a paper or a talk, of the size that is asked for.
import { extname, join } from 'node:path';
import type { Command } from 'commander';
import { AlvaError, invalid, unknown } from '../base/errors.ts';
import { writeWhole } from '../base/files.ts';
import { plans, type Records } from '../report/figures.ts';
import {
  columnWidth,
  type PrintFormat,
  type PrintTheme,
  pageWidth,
  printFormats,
  printsOf,
  printThemes,
} from '../report/print.ts';
import { onlyFamilies } from '../report/selection.ts';
import { defaultPreset } from '../study/presets.ts';
import { resultsOf } from '../study/results.ts';
import { plannedRun } from '../study/run.ts';
import { wholeNumber } from './numbers.ts';
import { type OutputFlags, printResult, withExamples, withOutput } from './output.ts';

interface FigureFlags extends OutputFlags {
  readonly run: string;
  readonly out?: string;
  readonly width: string;
  readonly height?: string;
  readonly format?: string;
  readonly dpi: number;
  readonly theme: string;
  readonly spaces?: string;
}

export function addFigure(program: Command): void {
  const command = withOutput(program.command('figure'), 'the list, or what was written,')
    .argument('[name]', 'the figure; without it, all that there are')
    .description('one figure of a run as SVG, PNG or PDF for a paper; without a name, which there are')
    .option('--run <dir>', 'the run directory', join('runs', defaultPreset))
    .option('--out <file>', 'where it goes; NAME.FORMAT by default')
    .option('--width <length>', 'as 85mm, 8.5cm or 3.3in, or "column" (85 mm) or "page" (174 mm)', 'column')
    .option('--height <length>', 'the same; by default what the plots need')
    .option('--format <name>', `${printFormats.join(', ')}; that of the ending of --out, or svg`)
    .option('--dpi <n>', 'dots an inch of a PNG', wholeNumber, 300)
    .option('--theme <name>', `${printThemes.join(', ')}; dark is for slides`, 'light')
    .option('--spaces <names>', 'only these kinds of spaces, parted by commas, beside the ALM and the untrained one')
    .addHelpText(
      'after',
      `
It is laid out anew for its width: text is 7.5 pt, 8 pt from 120 mm on, and the font is in the file. There is no title: that is the caption's part.`,
    )
    .action(async (name: string | undefined, flags: FigureFlags) => {
      if (name === undefined) list(flags);
      else await writeFigure(name, flags);
    });
  withExamples(
    command,
    ['alva figure', 'what there is, and what this run can show'],
    ['alva figure heatmap --run runs/full', "heatmap.svg, of a column's width"],
    ['alva figure curves --width page --format pdf', 'curves.pdf, 174 mm wide'],
    ['alva figure within --spaces smollm2-135m --out fig2.png --width 120mm --dpi 600'],
    ['alva figure trajectory --theme dark --width 250mm --height 140mm --out slide.svg'],
  );
}

/** Every figure with its title, and why this run has none of it. */
function list(flags: FigureFlags): void {
  const records = recordsOf(flags.run);
  const figures = plans.map(({ name, title, caption, absence }) => ({
    ...{ name, title: title(records), caption, absence: absence(records) },
  }));
  const longest = Math.max(...figures.map(({ name }) => name.length));
  const lines = figures.map(
    ({ name, title, absence }) =>
      `  ${name.padEnd(longest)}  ${title}${absence === null ? '' : ` (not drawn: ${absence})`}`,
  );
  printResult(flags, [`figures of ${flags.run}:`, ...lines].join('\n'), () => figures);
}

async function writeFigure(name: string, flags: FigureFlags): Promise<void> {
  const names = plans.map((plan) => plan.name);
  const plan = plans.find((each) => each.name === name);
  if (!plan) throw unknown('figure', name, names);
  const { format, path } = fileOf(name, flags);
  const print = {
    width: lengthOf('--width', flags.width),
    height: flags.height === undefined ? undefined : lengthOf('--height', flags.height),
    dotsPerInch: flags.dpi,
    theme: oneOf('theme', flags.theme, printThemes) as PrintTheme,
  };
  const records = recordsOf(flags.run, flags.spaces);
  const why = plan.absence(records);
  if (why !== null) throw new AlvaError(`cannot draw ${name} of ${flags.run}: ${why}`);
  const [bytes] = await printsOf((frame) => plan.chart(records, frame), name, [format], print);
  writeWhole(path, bytes);
  printResult(flags, path, () => ({ name, path, format, ...print }));
}

function recordsOf(directory: string, spaces?: string): Records {
  const records = resultsOf(plannedRun(directory, undefined));
  if (spaces === undefined) return records;
  const names = spaces.split(',').map((name) => name.trim());
  return { ...records, alignment: onlyFamilies(records.alignment, names) };
}

/** The format that is asked for and the file's ending have to agree. */
function fileOf(name: string, { out, format }: FigureFlags): { format: PrintFormat; path: string } {
  const ending = out === undefined ? undefined : extname(out).slice(1).toLowerCase();
  const asked = oneOf('format', format ?? (ending || 'svg'), printFormats) as PrintFormat;
  if (ending && ending !== asked) throw invalid('--out', `a name that ends in .${asked}`, out);
  return { format: asked, path: out === undefined ? `${name}.${asked}` : ending ? out : `${out}.${asked}` };
}

function oneOf(what: string, value: string, known: readonly string[]): string {
  if (!known.includes(value)) throw unknown(what, value, known);
  return value;
}

const named: Record<string, number> = { column: columnWidth, page: pageWidth };
const inMillimetres: Record<string, number> = { mm: 1, cm: 10, in: 25.4, pt: 25.4 / 72 };

/** In millimetres. */
function lengthOf(flag: string, text: string): number {
  if (flag === '--width' && Object.hasOwn(named, text)) return named[text];
  const [, number, unit = 'mm'] = /^(\d+(?:\.\d+)?) ?(mm|cm|in|pt)?$/.exec(text.trim()) ?? [];
  if (number === undefined) throw invalid(flag, 'a length as 85mm, 8.5cm, 3.3in or 240pt', text);
  return Number(number) * inMillimetres[unit];
}
