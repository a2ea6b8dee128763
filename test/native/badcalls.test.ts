// Bad calls of every export: no crash, nothing written outside, and an error that names the argument. ALVA_BAD_CALLS says how many.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { native } from '../../src/native.ts';
import { type BadCall, badCall, clash } from './mutations.ts';
import { type Signature, signatures } from './signatures.ts';

const CALLS = Number(process.env.ALVA_BAD_CALLS ?? 2000);
const exported = native as unknown as Record<string, (...given: unknown[]) => unknown>;
const names = Object.keys(signatures);

/** Sentences on what no single argument is to blame for. */
const others = [/did not converge/, /^No such file or directory$/, /: (memory ran out|more memory than there can be)/];

function checkError(error: unknown, { parameters }: Signature, call: BadCall, clashing: readonly string[]): void {
  expect(error).toBeInstanceOf(Error);
  const { message } = error as Error;
  const blamed = /^invalid (\w+): expected ./.exec(message)?.[1];
  if (call.refused.length > 0) expect(call.refused, message).toContain(blamed);
  else if (clashing.length > 0) expect(clashing, message).toContain(blamed);
  else if (blamed)
    expect(
      parameters.map(({ name }) => name),
      message,
    ).toContain(blamed);
  else
    expect(
      others.some((known) => known.test(message)),
      message,
    ).toBe(true);
}

const mustFail = (call: BadCall, clashing: readonly string[]) => call.refused.length > 0 || clashing.length > 0;

function intact({ guards }: BadCall): void {
  expect(guards.filter((guard) => !guard.isIntact()).map(({ name }) => name)).toEqual([]);
}

test('every export has an entry in the table of signatures, and no entry is of an export that is gone', () => {
  expect(Object.keys(exported).sort()).toEqual(names.toSorted());
});

describe('the calls of the table', () => {
  it.each(names)('%s takes them', (name) => {
    for (let seed = 0; seed < 25; seed++) {
      const settling = name === 'searchStep';
      const call = () => exported[name](...signatures[name].good(randomFrom(seed)));
      if (settling) continue; // alone, a step may be one that comes too early
      expect(call).not.toThrow();
    }
  });
});

const anyCall = fc.record({ name: fc.constantFrom(...names), seed: fc.nat() });

test(`${CALLS} bad calls`, { timeout: 60_000 + 20 * CALLS }, () => {
  fc.assert(
    fc.property(anyCall, ({ name, seed }) => {
      const call = badCall(signatures[name], randomFrom(seed));
      const clashing = clash(call.given, signatures[name].parameters);
      let failed = false;
      try {
        exported[name](...call.given);
      } catch (error) {
        failed = true;
        checkError(error, signatures[name], call, clashing);
      }
      if (mustFail(call, clashing))
        expect(failed, `${name} takes a wrong ${[...call.refused, ...clashing]}`).toBe(true);
      intact(call);
    }),
    { numRuns: CALLS },
  );
});
