// Comparisons in a process of their own: the same bits, the same callbacks, the same errors, and an end at any moment.
import { ChildProcess } from 'node:child_process';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { apart, isLong } from '../../src/alignment/apart.ts';
import { type CompareOptions, compare, compareHere } from '../../src/alignment/compare.ts';
import { layerwise, layerwiseHere } from '../../src/alignment/layers.ts';
import { measures } from '../../src/alignment/measures.ts';
import { UndefinedMeasure } from '../../src/alignment/undefinedmeasure.ts';
import { UsageError } from '../../src/base/errors.ts';
import { matrix } from '../../src/base/matrix.ts';
import { randomFrom } from '../../src/base/random.ts';
import { gaussian } from './plain.ts';

const random = randomFrom(11);
const named = (name: string, rows: number, columns: number) => ({ name, space: gaussian(rows, columns, random) });
const small = [named('a', 24, 5), named('b', 24, 7), named('c-00', 24, 3)];
const large = [named('a', 500, 81), named('b', 500, 3)];
const endless: CompareOptions = { measures: ['rsa_kendall_b'], measurePermutations: 1_000_000 };

/** Processes that this one has begun and that are there. */
function children(): ChildProcess[] {
  const handles = (process as unknown as { _getActiveHandles(): unknown[] })._getActiveHandles();
  return handles.filter((handle): handle is ChildProcess => handle instanceof ChildProcess);
}

afterEach(() => vi.waitFor(() => expect(children().length).toBe(0), 20_000));

describe('a comparison in a process of its own', () => {
  it('gives the bits and the callbacks that it gives here', async () => {
    const told = async (work: (options: CompareOptions) => Promise<unknown>) => {
      const calls: unknown[] = [];
      const record = await work({
        ...{ permutations: 99, procrustesPermutations: 9, measurePermutations: 3, maxK: 4, seed: 5 },
        measures: measures.map(({ name }) => name),
        blocks: { half: Array.from({ length: 24 }, (_, i) => (i % 2 ? 'odd' : 'even')) },
        randomBaseline: { draws: 2, columns: 3 },
        progress: (...call) => calls.push(call),
        measured: (...call) => calls.push(call),
      });
      return { record, calls };
    };
    const here = await told((options) => compareHere(small, options));
    expect(here.calls).toHaveLength(3 * (measures.length - 3) + 1 + 3);
    const there = await told((options) => apart('compare', small, { ...options }));
    expect(there).toStrictEqual(here);
    expect(JSON.stringify(there)).toBe(JSON.stringify(here));
  });

  it('is what becomes of large spaces', async () => {
    expect([isLong(small), isLong(large)]).toEqual([false, true]);
    const options = { permutations: 49, procrustesPermutations: 1 };
    expect(await compare(large, options)).toStrictEqual(await compareHere(large, options));
    const [a, b] = large.map((each) => [each]);
    const layers = { k: 3, permutations: 49, ckaPermutations: 2 };
    expect(await layerwise(a, b, layers)).toStrictEqual(await layerwiseHere(a, b, layers));
  });

  it('leaves the caller its event loop, and ends when it is told to', async () => {
    const stop = new AbortController();
    let nProcesses = 0;
    const found = compare(large, {
      ...endless,
      signal: stop.signal,
      measured: () => {
        nProcesses = children().length;
        setTimeout(() => stop.abort(new Error('enough')), 50);
      },
    });
    await expect(found).rejects.toThrow('enough');
    expect(nProcesses).toBe(1);
    const aborted = AbortSignal.abort(new Error('before'));
    await expect(compare(large, { signal: aborted })).rejects.toThrow('before');
  });

  it('throws what it would throw here', async () => {
    const flat = { name: 'flat', space: matrix(24, 2, new Float64Array(48).fill(1)) };
    const undefinedShape = apart('compare', [small[0], flat], {});
    await expect(undefinedShape).rejects.toBeInstanceOf(UndefinedMeasure);
    await expect(undefinedShape).rejects.toThrow('flat has no shape');
    const unknownMeasure = apart('compare', small, { measures: ['cka'] });
    await expect(unknownMeasure).rejects.toBeInstanceOf(UsageError);
    await expect(unknownMeasure).rejects.toThrow('unknown measure: cka');
    await expect(apart('compare', small, { blocks: { half: 3 } })).rejects.toThrow(/half/);
  });

  it('refuses at once, without a process, what is wrong with large spaces', async () => {
    await expect(compare(large, { measures: ['cka'] })).rejects.toThrow('unknown measure: cka');
    await expect(compare(large, { maxK: 500 })).rejects.toThrow('invalid maxK');
    await expect(compare([large[0], small[0]])).rejects.toThrow('a has 500 rows and a has 24');
    expect(children().length).toBe(0);
  });

  it('fails with the error of a callback, with that of an option that cannot be copied, and when its process dies', async () => {
    const progress = () => {
      throw new Error('heard enough');
    };
    await expect(apart('compare', small, { progress })).rejects.toThrow('heard enough');
    await expect(apart('compare', small, { seed: Symbol('one') })).rejects.toThrow(/could not be cloned/);
    const measured = () => children().forEach((child) => void child.kill('SIGKILL'));
    await expect(compare(large, { ...endless, measured })).rejects.toThrow(
      'the process of the comparison was ended by SIGKILL, as when memory runs out; compare fewer items, or close other programs',
    );
  });
});
