// What the cells of tables say.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimal } from '../../src/embed/tables.ts';

test('a number in decimal is told from other text as by the plain pattern, which takes digits in many ways', () => {
  const plain = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
  const cell = fc.string({ unit: fc.constantFrom(...'0123.eE+-x '), maxLength: 8 });
  fc.assert(
    fc.property(cell, (text) => decimal.test(text) === plain.test(text)),
    { numRuns: 5000 },
  );
  for (const text of ['1', '-1.', '+.5', '1.5e-7', '12E3']) expect(decimal.test(text), text).toBe(true);
  for (const text of ['', '.', 'e1', '1e', '1.5.2', '--1', '0x10']) expect(decimal.test(text), text).toBe(false);
});
