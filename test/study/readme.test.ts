import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { configOf } from '../../src/study/config.ts';
import { configRows } from '../../src/study/fields.ts';
import { defaultPreset } from '../../src/study/presets.ts';

const readme = readFileSync('README.md', 'utf8');

test('the README lists every field in which alva decides, with its default', () => {
  const rows = configRows(configOf(defaultPreset)).filter(({ decides }) => decides);
  expect(rows.length).toBeGreaterThan(10);
  for (const { field, value, decides } of rows) {
    expect(readme).toContain(`| \`${field}\` | ${value} |`);
    expect(readme).toContain(decides);
  }
});

test('nothing in the README is left to be filled in', () => {
  expect(readme).not.toMatch(/@[A-Z]+@|TODO|TBD/);
});
