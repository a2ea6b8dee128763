import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { configOf } from '../../src/study/config.ts';
import { fields } from '../../src/study/fields.ts';
import { presets } from '../../src/study/presets.ts';
import { configSchema } from '../../src/study/schema.ts';
import { configs } from './configs.ts';

const published = JSON.parse(readFileSync('schema/config.schema.json', 'utf8'));
const validator = z.fromJSONSchema(published);

test('the published schema is that of the fields; "npm run alva -- config --schema > schema/config.schema.json" writes it', () => {
  expect(published).toEqual(configSchema());
});

test('describes every field: its sentence, what the paper says, why alva decides, its default', () => {
  const { properties, additionalProperties, required } = published;
  expect(Object.keys(properties)).toEqual(['$schema', 'preset', ...Object.keys(fields)]);
  expect(additionalProperties).toBe(false);
  expect(required).toBeUndefined();
  expect(properties.preset.enum).toEqual(Object.keys(presets));
  for (const [name, { help, paper, decides }] of Object.entries(fields)) {
    for (const text of [help, paper, decides]) if (text) expect(properties[name].description).toContain(text);
    expect(properties[name].default).toBe(presets.quick[name as keyof typeof fields]);
  }
});

test('takes every valid config, whole or in part, and refuses a wrong value in any field', () => {
  const names = Object.keys(fields) as (keyof typeof fields)[];
  fc.assert(
    fc.property(configs, fc.subarray(names), (config, kept) => {
      expect(configOf(config)).toEqual(config);
      const part = Object.fromEntries(kept.map((name) => [name, config[name]]));
      expect(validator.safeParse({ preset: 'full', $schema: 'x', ...part }).success).toBe(true);
    }),
    { numRuns: 100 },
  );
  for (const name of names)
    for (const wrong of [null, [], {}, -1, 'none of the known', Number.NaN])
      expect(validator.safeParse({ [name]: wrong }).success).toBe(fields[name].type.safeParse(wrong).success);
  expect(validator.safeParse({ episods: 3 }).success).toBe(false);
});
