// The comparison of two runs as text: what differs, the most important first, and how much is equal.
import { printable, printableLines } from '../base/printable.ts';
import { label } from '../report/families.ts';
import { aligned } from '../report/table.ts';
import { decimal, shownSpread, signed } from '../report/wording.ts';
import type { Mismatch, RunComparison } from '../study/runcomparison.ts';
import type { ResultDifference } from '../study/rundifferences.ts';

export function runComparisonText(comparison: RunComparison): string {
  const { a, b, isEqual, results, notes } = comparison;
  const left = notes.map((note) => `not compared: ${note}`);
  if (isEqual) return [equality(comparison), ...left].join('\n');
  const parts = [
    `a: ${a}\nb: ${b}\n${tally(comparison)}`,
    ...left,
    configPart(comparison),
    inputsPart(comparison),
    alignmentPart(results),
    successPart(results.filter(({ quantity }) => quantity === 'success')),
    legend(results),
    onlyPart('a', comparison.onlyInA),
    onlyPart('b', comparison.onlyInB),
  ];
  return parts.filter(Boolean).join('\n\n');
}

function equality({ a, b, results }: RunComparison): string {
  const what = results.length > 0 ? `${results.length} results` : 'no results yet';
  return `${a} and ${b} are equal: the same config, the same inputs, ${what}.`;
}

function tally({ config, inputs, results }: RunComparison): string {
  const { sentences, demonstrations, spaces, versions } = inputs;
  const others = results.filter((result) => !isEqual(result));
  const beyond = others.filter(({ verdict }) => verdict === 'beyond');
  const parts = [
    config.length > 0 && counted(config.length, 'field of the config', 'fields of the config'),
    sentences.length > 0 && 'the sentences',
    demonstrations.length > 0 && 'the demonstrations',
    spaces.length > 0 && counted(spaces.length, 'file of embeddings', 'files of embeddings'),
    versions.length > 0 && counted(versions.length, 'version', 'versions'),
    `${others.length} of ${results.length} results at every k, ${beyond.length} of them beyond what the seeds leave open`,
  ];
  return `They differ in ${parts.filter(Boolean).join(', ')}.`;
}

const counted = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;

function configPart({ config }: RunComparison): string {
  if (config.length === 0) return '';
  const lines = config.map(({ name, a, b }) => [name, JSON.stringify(a), JSON.stringify(b)]);
  return aligned([['config', 'a', 'b'], ...lines]);
}

function inputsPart({ inputs }: RunComparison): string {
  const { sentences, demonstrations, spaces, versions, definitions } = inputs;
  const families = [...new Set(spaces.map(({ family }) => family))];
  const nOf = (family: string) => spaces.filter((space) => space.family === family).length;
  const rows: Mismatch[] = [
    ...sentences.map((row) => ({ ...row, name: `sentences, ${row.name}` })),
    ...demonstrations.map((row) => ({ ...row, name: `demonstrations, ${row.name}` })),
    ...versions,
  ];
  const lines = [
    ...(rows.length > 0 ? [aligned([['input', 'a', 'b'], ...rows.map(inputLine)])] : []),
    ...(families.length > 0
      ? [`  other files of embeddings: ${families.map((name) => `${name} (${nOf(name)})`).join(', ')}`]
      : []),
    ...(definitions.length > 0 ? [`  defined otherwise: ${definitions.join(', ')}`] : []),
  ];
  return lines.map(printableLines).join('\n');
}

const inputLine = ({ name, a, b }: Mismatch) => [name, shortened(a), shortened(b)];

/** A hash says that something differs; its first digits do, too. */
const shortened = (value: string | null) =>
  value === null ? '–' : value.replace(/^([0-9a-f]{12})[0-9a-f]{52}$/, '$1');

/** P@k at the largest k that both have, and the disparity: the other k are in the record. */
function alignmentPart(results: readonly ResultDifference[]): string {
  const k = Math.max(...results.map((result) => result.k ?? 0));
  const shown = results.filter((result) => result.quantity === 'disparity' || (result.k === k && k > 0));
  const name = ({ k: at, of: [one, other] }: ResultDifference) => [
    at === null ? 'disparity' : `P@${at}`,
    printable(label(one)),
    printable(label(other)),
  ];
  return table(['', '', ''], shown, name, 1, 3);
}

function successPart(results: readonly ResultDifference[]): string {
  return table(['success, %', ''], results, ({ of }) => [...of], 100, 1);
}

/** The results that differ, and how many do not. */
function table(
  head: readonly string[],
  results: readonly ResultDifference[],
  name: (result: ResultDifference) => readonly string[],
  unit: number,
  digits: number,
): string {
  const others = results.filter((result) => !isEqual(result));
  const equal = equalCount(results);
  if (others.length === 0) return equal && `${head.find(Boolean) ?? 'P@k and disparity'}: ${equal}`;
  const lines = others.map((result) => {
    const { a, b, difference, overSeeds, verdict } = result;
    const shown = [a, b].map(({ mean, sd }) =>
      shownSpread({ mean: unit * mean, sd: sd === null ? null : unit * sd }, digits),
    );
    const interval =
      overSeeds && `${decimal(unit * overSeeds.low, digits)} to ${decimal(unit * overSeeds.high, digits)}`;
    return [...name(result), ...shown, signed(unit * difference, digits), interval ?? '–', verdict];
  });
  return [
    aligned([[...head, 'a', 'b', 'b − a', '95 % over seeds', ''], ...lines]),
    ...(equal ? [`  ${equal}`] : []),
  ].join('\n');
}

function equalCount(results: readonly ResultDifference[]): string {
  const n = (wanted: string) => results.filter(({ verdict }) => verdict === wanted).length;
  const [equal, rounding] = [n('equal'), n('rounding')];
  return [equal > 0 && `${equal} equal`, rounding > 0 && `${rounding} equal up to rounding`].filter(Boolean).join(', ');
}

const isEqual = ({ verdict }: ResultDifference) => verdict === 'equal' || verdict === 'rounding';

function legend(results: readonly ResultDifference[]): string {
  const nIntervals = results.filter(({ overSeeds }) => overSeeds).length;
  if (results.every(isEqual)) return '';
  return [
    'a, b: mean (sd) over seeds. beyond: the 95 % interval of the difference over seeds (Welch) leaves out 0, or, of spaces without seeds,',
    'each value lies outside the other’s interval over sentences; within: it does not, or a single seed’s values lie in each other’s',
    'intervals over sentences or levels; untold: that is not known, as of one seed.',
    ...(nIntervals > 0
      ? [`Of ${nIntervals} such intervals about ${Math.round(nIntervals / 20)} would leave out 0 by chance alone.`]
      : []),
  ].join('\n');
}

function onlyPart(run: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const most = 20;
  const more = names.length > most ? ` and ${names.length - most} more (--json lists them)` : '';
  return printable(`only in ${run}: ${names.slice(0, most).join(', ')}${more}`);
}
