// The answer in three sentences, worded by the numbers: what the ALM reaches, what knows nothing reaches, what training moved.
import type { AlignmentRecord } from '../base/records.ts';
import { mean, meanInterval, spread } from '../base/spread.ts';
import {
  familiesOf,
  headlineK,
  modelsOf,
  precisionAt,
  replications,
  seedValues,
  trainingDifferences,
} from './families.ts';
import { isNone, standingClauses, standingOf } from './standing.ts';
import { decimal, sentenceList, signed } from './wording.ts';

/** More models than this are told by the lowest and the highest. */
const mostListed = 4;

export function answer(alignment: AlignmentRecord): string[] {
  const families = familiesOf(alignment);
  if (!families.includes('alm'))
    return ['No ALM is among these spaces, so nothing is said of what learning to act changes.'];
  const models = modelsOf(alignment).filter((model) => valuesOf(alignment, 'alm', model).length > 0);
  if (models.length === 0)
    return ['The ALM was compared with controls alone: without a trained model beside it, its alignment says nothing.'];
  return [reached(alignment, models), reachedByControls(alignment, models), moved(alignment, models)];
}

function reached(alignment: AlignmentRecord, models: readonly string[]): string {
  const k = headlineK(alignment);
  const seeds = replications(alignment, 'alm', models[0]).length;
  const chance = mean(
    models.flatMap((model) =>
      replications(alignment, 'alm', model).flatMap(({ pairs }) => pairs.map((p) => p.precisionAtK[k - 1].nullMean)),
    ),
  );
  const each = worded(alignment, models, (model) => {
    const values = valuesOf(alignment, 'alm', model);
    return `${decimal(mean(values), 3)}${sdOf(values)}`;
  });
  const standings = models.map((model) => standingOf(alignment, model));
  const over = seeds === 1 ? 'In the one seed there is' : `Over ${seeds} seeds`;
  return `${over}, the trained ALM reaches P@${k} ${each}; relabelling the sentences at random gives ${decimal(chance, 3)}: ${standingClauses(standings, (of) => named(of, models)).join('; ')}.`;
}

/** Some models by their names, many by their number; all that are compared were named before. */
function named(models: readonly string[], all: readonly string[]): string {
  if (models.length === all.length && all.length > 1) return all.length === 2 ? 'both' : `all ${all.length}`;
  return models.length <= mostListed ? sentenceList(models) : `${models.length} of ${all.length} models`;
}

const controlPhrases: readonly (readonly [family: string, phrase: string])[] = [
  ['untrained', 'the same network before training'],
  ['bag-of-words', 'counting words'],
  ['verb-only', 'the verb alone'],
];

function reachedByControls(alignment: AlignmentRecord, models: readonly string[]): string {
  const present = controlPhrases.filter(([family]) => models.some((m) => valuesOf(alignment, family, m).length > 0));
  if (present.length === 0)
    return 'No control was compared with these models, so this alone shows nothing of learning.';
  const families = present.map(([family]) => family);
  const figures = worded(alignment, models, (model) =>
    sentenceList(families.map((of) => meanOf(alignment, of, model))),
  );
  const names = sentenceList(present.map(([, phrase]) => phrase));
  return `Without having learned to act, ${names} reach${present.length === 1 ? 'es' : ''} ${figures}; ${verdict(alignment, models, families)}.`;
}

function verdict(alignment: AlignmentRecord, models: readonly string[], controls: readonly string[]): string {
  const none = models.filter((model) => isNone(standingOf(alignment, model)));
  const some = models.filter((model) => !none.includes(model));
  const matched = some.filter((model) => controls.some((control) => !isAbove(alignment, model, control)));
  const above = some.filter((model) => !matched.includes(model));
  const parts = [];
  if (matched.length > 0)
    parts.push(
      `with ${named(matched, models)} a control that never learned to act reaches as much as the trained ALM, so this alignment alone is no evidence of what acting teaches`,
    );
  if (above.length > 0)
    parts.push(
      `with ${named(above, models)} the trained ALM lies above every one of these controls${besideShuffled(alignment, above, models)}`,
    );
  if (none.length > 0) parts.push(`with ${named(none, models)} there is no alignment to be explained`);
  return parts.join('; ');
}

/** The network that learned to act from shuffled instructions: what it reaches, the meaning of words need not explain. */
function besideShuffled(alignment: AlignmentRecord, above: readonly string[], models: readonly string[]): string {
  const compared = above.filter((model) => valuesOf(alignment, 'shuffled', model).length > 0);
  if (compared.length === 0) return '';
  const reached = compared.filter((model) => !isAbove(alignment, model, 'shuffled'));
  if (reached.length === 0) return ', and above the network trained with shuffled instructions';
  const which = reached.length === above.length ? '' : ` with ${named(reached, models)}`;
  return `, yet the network trained with shuffled instructions reaches as much${which}`;
}

/** Whether the ALM exceeds a control by more than its seeds' spread explains; a single seed has only its value. */
function isAbove(alignment: AlignmentRecord, model: string, control: string): boolean {
  const differences = differencesFrom(alignment, model, control);
  if (differences.length === 0) return true;
  return (meanInterval(differences)?.low ?? differences[0]) > 0;
}

function differencesFrom(alignment: AlignmentRecord, model: string, control: string): number[] {
  const quantity = precisionAt(headlineK(alignment));
  if (control === 'untrained') return trainingDifferences(alignment, model, quantity).map(({ value }) => value);
  const reachedByControl = valuesOf(alignment, control, model);
  if (reachedByControl.length === 0) return [];
  return valuesOf(alignment, 'alm', model).map((value) => value - mean(reachedByControl));
}

function moved(alignment: AlignmentRecord, models: readonly string[]): string {
  const k = headlineK(alignment);
  const changes = models
    .map((model) => ({
      model,
      values: trainingDifferences(alignment, model, precisionAt(k)).map(({ value }) => value),
    }))
    .filter(({ values }) => values.length > 0);
  if (changes.length === 0)
    return 'No untrained network of the same seeds is there, so what training moved cannot be told.';
  if (changes.every(({ values }) => values.length === 1)) {
    const each = sentenceList(changes.map(({ model, values }) => `${signed(values[0], 3)} with ${model}`));
    return `From untrained to trained, P@${k} moved by ${each} in one seed, which has no spread: whether training moves it cannot be told.`;
  }
  const clauses = moves.flatMap(({ verb, by }) => {
    const told = changes.filter(({ values }) => verbOf(values) === verb);
    const each = told.map(({ model, values }) => `${by(mean(values))}${sdOf(values)} with ${model}`);
    return told.length === 0
      ? []
      : [`${verb} it ${verb === moves[2].verb ? '(' : 'by '}${sentenceList(each)}${verb === moves[2].verb ? ')' : ''}`];
  });
  return `Training ${sentenceList(clauses).replace(' it ', ` P@${k} `)}: trained minus untrained of the same seed, judged by the 95 % interval of the mean.`;
}

const moves = [
  { verb: 'raised', by: (change: number) => decimal(change, 3) },
  { verb: 'lowered', by: (change: number) => decimal(-change, 3) },
  { verb: 'did not clearly change', by: (change: number) => signed(change, 3) },
] as const;

function verbOf(values: readonly number[]): string {
  const interval = meanInterval(values);
  if (interval === null || (interval.low <= 0 && interval.high >= 0)) return 'did not clearly change';
  return interval.low > 0 ? 'raised' : 'lowered';
}

/** What is said of each model, and of the first and the last by the ALM's P@k where there are many. */
function worded(alignment: AlignmentRecord, models: readonly string[], say: (model: string) => string): string {
  const each = (model: string) => `${say(model)} with ${model}`;
  if (models.length <= mostListed) return sentenceList(models.map(each), models.length === 2 ? ', and ' : ' and ');
  const reach = new Map(models.map((model) => [model, mean(valuesOf(alignment, 'alm', model))]));
  const sorted = [...models].sort((x, y) => reach.get(x)! - reach.get(y)!);
  return `from ${each(sorted[0])} to ${each(sorted[sorted.length - 1])}`;
}

function meanOf(alignment: AlignmentRecord, family: string, model: string): string {
  const values = valuesOf(alignment, family, model);
  return values.length === 0 ? 'nothing measured' : decimal(mean(values), 3);
}

function valuesOf(alignment: AlignmentRecord, family: string, model: string): number[] {
  return seedValues(alignment, family, model, precisionAt(headlineK(alignment))).map(({ value }) => value);
}

function sdOf(values: readonly number[]): string {
  const { sd } = spread(values);
  return sd === null ? '' : ` (sd ${decimal(sd, 3)})`;
}
