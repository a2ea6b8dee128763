// The tables of docs/measures.md are the table of measures.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Measure } from '../../src/alignment/measure.ts';
import { measures } from '../../src/alignment/measures.ts';

const bound = (value: number) => (value === Math.PI / 2 ? 'π/2' : String(value).replace('Infinity', '∞'));

function line({ name, definition, range, largerIsMoreAlike, invariances, settings, requires, reference }: Measure) {
  const cells = [
    `\`${name}\``,
    definition.replaceAll('|', '\\|'),
    `${range.map(bound).join(' to ')}, ${largerIsMoreAlike ? 'larger' : 'smaller'} is more alike`,
    invariances.join(', '),
    settings.map((setting) => `\`${setting}\``).join(', ') || '-',
    requires,
    reference,
  ];
  return `| ${cells.join(' | ')} |`;
}

it('lists every measure as it is, and no other', () => {
  const rows = readFileSync('docs/measures.md', 'utf8')
    .split('\n')
    .filter((text) => text.startsWith('| `'));
  expect(rows).toEqual(expect.arrayContaining(measures.map(line)));
  expect(rows).toHaveLength(measures.length);
});
