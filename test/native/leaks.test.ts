// Memory after many calls of every export: as much as before. ALVA_LEAK_CALLS says how many.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { native } from '../../src/native.ts';
import { signatures } from './signatures.ts';

const CALLS = Number(process.env.ALVA_LEAK_CALLS ?? 200);
const LEAST_LEAK = 200; // bytes a call, of many
const NOISE = 3 << 20; // what a process takes and gives back by itself
const TRIES = 4;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const exported = native as unknown as Record<string, (...given: unknown[]) => unknown>;

async function resident(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().rss;
}

async function call(name: string, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    const given = signatures[name].good(randomFrom(i % 16));
    try {
      exported[name](...given);
    } catch {
      // a step of a search that comes too early
    }
    if (i % 1000 === 999) await resident();
  }
}

describe(`${CALLS} calls`, { timeout: 120_000 + 40 * CALLS }, () => {
  it.each(Object.keys(exported))('of %s leave no memory taken', async (name) => {
    await call(name, CALLS / 4);
    let grown = 0;
    // What leaks grows each time; what the allocator holds back does not.
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const before = await resident();
      await call(name, CALLS);
      grown = (await resident()) - before;
      if (grown < NOISE + LEAST_LEAK * CALLS) break;
    }
    if (CALLS >= 10_000) console.log(`${name}: ${(grown / 1024).toFixed(0)} KiB`);
    expect(grown).toBeLessThan(NOISE + LEAST_LEAK * CALLS);
  });
});
