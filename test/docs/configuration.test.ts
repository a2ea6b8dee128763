// docs/configuration.md tells every field as the code has it.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { allowed } from '../../src/study/allowed.ts';
import { configRows } from '../../src/study/fields.ts';
import { defaultPreset, presets } from '../../src/study/presets.ts';

const page = readFileSync('docs/configuration.md', 'utf8');

test('the table has every field, with its default, what it may hold, what the paper says and why alva decides', () => {
  const rows = configRows(presets[defaultPreset]).map(({ field, value, help, paper, decides }) => {
    const cells = [`\`${field}\``, value || '""', allowed(field), help, paper || '–', decides || '–'];
    return `| ${cells.join(' | ')} |`;
  });
  expect(page.split('\n').filter((line) => line.startsWith('| `'))).toEqual(rows);
});
