import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AlvaError } from '../../src/base/errors.ts';
import { writeWhole } from '../../src/base/files.ts';
import {
  adopt,
  drop,
  isDamaged,
  isLedgerDamaged,
  isListed,
  keep,
  mendLedger,
  settleLedger,
  stateOf,
  wasMadeFrom,
} from '../../src/study/ledger.ts';
import { scratch } from '../base/scratch.ts';

const at = scratch();
const text = (content: string) => (path: string) => writeFileSync(path, content);
/** The same in a folder that may not be there yet. */
const made = (content: string) => (path: string) => writeWhole(path, content);

test('a file is done, then stale for another config, damaged when a byte is other, and missing when it is gone', () => {
  const path = at('states/a.json');
  expect(() => keep(path, 'k1', text('never'))).toThrow(/cannot write .*a\.json: ENOENT/);
  keep(at('states-made'), 'k', text('')); // the folder of the test is there
  const file = at('a.json');
  expect(stateOf(file, 'k1')).toBe('missing');
  keep(file, 'k1', text('one'));
  expect(stateOf(file, 'k1')).toBe('done');
  expect(stateOf(file, 'k2')).toBe('stale');
  writeFileSync(file, 'onE');
  expect([stateOf(file, 'k1'), stateOf(file, 'k2'), isDamaged(file)]).toEqual(['damaged', 'damaged', true]);
  rmSync(file);
  expect(stateOf(file, 'k1')).toBe('missing');
  expect(isListed(file)).toBe(true);
  keep(file, 'k2', text('two'));
  expect([stateOf(file, 'k1'), stateOf(file, 'k2')]).toEqual(['stale', 'done']);
  expect([wasMadeFrom(file, 'k2'), wasMadeFrom(file, 'k3')]).toEqual([true, false]);
  drop(file);
  expect([existsSync(file), isListed(file)]).toEqual([false, false]);
});

test('what nobody listed is judged by its own key, and can be taken as it is', () => {
  const file = at('brought.json');
  writeFileSync(file, 'mine');
  expect(stateOf(file, 'k')).toBe('unlisted');
  expect(stateOf(file, 'k', () => 'k')).toBe('done');
  expect(stateOf(file, 'k', () => undefined)).toBe('stale');
  expect(
    stateOf(file, 'k', () => {
      throw new AlvaError('cannot read it');
    }),
  ).toBe('damaged');
  adopt(file, 'k');
  expect(stateOf(file, 'k')).toBe('done');
});

test('a crash before or after the renaming leaves a file that the ledger knows', () => {
  const file = at('crash.json');
  keep(file, 'k1', text('old'));
  const old = readFileSync(file);
  keep(file, 'k2', text('new'));
  writeFileSync(file, old); // as if the process had ended between ledger and renaming
  expect([stateOf(file, 'k1'), stateOf(file, 'k2')]).toEqual(['done', 'stale']);
  settleLedger(at('.'));
  keep(file, 'k2', text('new'));
  settleLedger(at('.'));
  expect(stateOf(file, 'k2')).toBe('done');
  writeFileSync(file, old);
  expect(isDamaged(file)).toBe(true); // settled: the version before is no longer known
});

test('a writer that fails leaves what was there, and nothing beside it', () => {
  const file = at('failing.json');
  keep(file, 'k', text('whole'));
  const fails = (path: string) => {
    writeFileSync(path, 'ha');
    throw new AlvaError(`cannot write ${path}: no space left`);
  };
  expect(() => keep(file, 'k', fails)).toThrow(`cannot write ${file}: no space left`);
  expect(readFileSync(file, 'utf8')).toBe('whole');
  expect(stateOf(file, 'k')).toBe('done');
  expect(readdirSync(at('.')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('the same files give the same ledger, in whatever order and however often they were written', () => {
  const names = ['b', 'a', 'c d'];
  const ledger = (folder: string) => readFileSync(join(folder, 'ledger.txt'), 'utf8');
  for (const name of names) keep(at(`x-${name}`), 'k', text(name));
  const once = ledger(at('.'));
  for (const name of names.toReversed()) keep(at(`x-${name}`), 'k', text(name));
  expect(ledger(at('.'))).toBe(once);
});

test('whatever bit of a file or of the ledger flips, no file counts as done that is not as it was written', () => {
  const file = at('flipped.bin');
  const content = 'sixteen bytes!!!';
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 0, max: 7 }), fc.boolean(), (place, bit, isLedger) => {
      keep(file, 'k', text(content));
      const path = isLedger ? at('ledger.txt') : file;
      const bytes = readFileSync(path);
      bytes[place % bytes.length] ^= 1 << bit;
      writeFileSync(path, bytes);
      const state = stateOf(file, 'k', () => undefined);
      expect(isLedger ? ['done', 'stale'] : ['damaged']).toContain(state);
      drop(file);
      rmSync(at('ledger.txt'), { force: true });
    }),
    { numRuns: 60 },
  );
});

test('whatever bit of a ledger is flipped, all that it told is still known, is found out, and is mended', () => {
  const names = ['a.json', 'b.csv', 'with spaces.json', 'weights.safetensors'];
  for (const [i, name] of names.entries()) keep(at(`flips/${name}`), `${i}23456789abcdef0`, made(name));
  const ledger = at('flips/ledger.txt');
  const whole = readFileSync(ledger);
  expect(mendLedger(at('flips'))).toBe(false);
  const newlines = [...whole.keys()].filter((place) => whole[place] === 10);
  expect(newlines).toHaveLength(1 + names.length);
  for (const place of newlines) for (let bit = 0; bit < 8; bit++) expectMended(place, 1 << bit);
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(7), (place, bit) => expectMended(place, 1 << bit)),
    {
      numRuns: 150,
    },
  );

  function expectMended(place: number, mask: number) {
    const flipped = Buffer.from(whole);
    flipped[place] ^= mask;
    writeFileSync(ledger, flipped);
    const states = names.map((name, i) => stateOf(at(`flips/${name}`), `${i}23456789abcdef0`));
    const all = { place, mask, isFoundOut: isLedgerDamaged(at('flips')), states };
    expect(all).toEqual({ place, mask, isFoundOut: true, states: names.map(() => 'done') });
    expect(mendLedger(at('flips'))).toBe(true);
    expect(readFileSync(ledger).equals(whole), `byte ${place}, mask ${mask}`).toBe(true);
  }
});

test('a damaged line of a file that is damaged, too, says nothing', () => {
  keep(at('both/a.json'), 'k', made('one'));
  keep(at('both/b.json'), 'k', made('two'));
  const ledger = at('both/ledger.txt');
  writeFileSync(ledger, readFileSync(ledger, 'utf8').replace(' k ', ' j '));
  writeFileSync(at('both/a.json'), 'onE');
  expect([stateOf(at('both/a.json'), 'k'), stateOf(at('both/b.json'), 'k')]).toEqual(['unlisted', 'done']);
});
