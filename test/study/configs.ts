// Random configs that are valid, for properties.
import fc from 'fast-check';
import { z } from 'zod';
import { type Config, fields } from '../../src/study/fields.ts';

interface FieldSchema {
  readonly type: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly multipleOf?: number;
}

/** Texts as people and machines name files: letters of all scripts, quotes, line ends, what YAML takes for something else. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.string({ unit: 'binary-ascii', maxLength: 10 }),
  fc.constantFrom(
    '',
    'true',
    'null',
    '~',
    '1e3',
    '0x1F',
    '- a',
    'a: b',
    '# a',
    ' a ',
    '"',
    "'",
    '&a',
    '*a',
    '!a',
    '%',
    '<<',
  ),
);

function arbitraryOf({
  type,
  enum: known,
  minimum,
  maximum,
  exclusiveMinimum,
  multipleOf = 1,
}: FieldSchema): fc.Arbitrary<unknown> {
  if (known) return fc.constantFrom(...known);
  if (type === 'boolean') return fc.boolean();
  if (type === 'string') return text;
  if (type === 'integer')
    return fc
      .integer({ min: Math.ceil((minimum ?? 0) / multipleOf), max: Math.min(maximum ?? 1e9, 1e9) / multipleOf })
      .map((n) => n * multipleOf);
  const least = exclusiveMinimum === undefined ? minimum : Math.max(exclusiveMinimum, Number.MIN_VALUE);
  return fc.double({ min: least, max: maximum, noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
}

/** Each field by itself is valid; what fields have to do with each other is brought about. */
export const configs = fc
  .record(
    Object.fromEntries(
      Object.entries(fields).map(([name, { type }]) => [name, arbitraryOf(z.toJSONSchema(type) as FieldSchema)]),
    ) as { [K in keyof Config]: fc.Arbitrary<Config[K]> },
  )
  .map((config) => ({
    ...config,
    threads: Math.max(1, config.threads),
    warmup: Math.min(config.warmup, config.updates),
    shuffledSeeds: Math.min(config.shuffledSeeds, config.seeds),
    curveEvery: config.checkpointEvery * (config.curveEvery % 3),
    curveSeed: config.curveSeed === config.evaluationSeed ? config.curveSeed + 1 : config.curveSeed,
    demonstrations: config.vision === 'resnet18' ? ('recorded' as const) : config.demonstrations,
  }));
