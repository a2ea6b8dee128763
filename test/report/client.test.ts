// What the page's script computes from what the page hands to it, without a browser.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agreements, nearest, shared, sharing } from '../../src/report/client/agreement.ts';
import { cellOf, cellsOf, float64, lookupOf, testOf, uint16 } from '../../src/report/client/numbers.ts';
import { viridis } from '../../src/report/client/viridis.ts';
import { payloadOf } from '../../src/report/payload.ts';
import { clientScript } from '../../src/report/script.ts';
import { alignmentOf, likely } from './fixture.ts';

describe('the payload', () => {
  const alignment = alignmentOf(likely);
  const payload = payloadOf({
    alignment,
    figures: [
      { name: 'drawn', csv: 'a,b\n' },
      { name: 'absent', csv: null },
    ],
  });
  const lookup = lookupOf(payload);

  test('holds every number of the record, to the last bit', () => {
    for (const [i, { a, b, precisionAtK }] of alignment.pairs.entries()) {
      expect(payload.pairs[i].map((space) => payload.spaces[space].name)).toEqual([a, b]);
      for (const { k, value, nullMean, z, p, corrected, within } of precisionAtK) {
        const read = ['value', 'nullMean', 'z', 'p', 'corrected'].map((name) => lookup(name, i, k));
        expect(read).toEqual([value, nullMean, z, p, corrected.overAll]);
        for (const [at, partition] of payload.partitions.entries()) {
          const { share } = within[partition];
          expect(lookup(`p:${at}`, i, k)).toBe(within[partition].p);
          expect(lookup(`share:${at}`, i, k)).toBe(share ?? Number.NaN);
        }
      }
    }
    expect(payload.partitions).toEqual(['verb', 'object', 'colour']);
    expect(payload.figures).toEqual({ drawn: 'a,b\n' });
  });

  test('gives for every two families the mean of the record, of all seeds or of one', () => {
    const choice = { k: 15, partition: null, seed: null };
    const cells = cellsOf(payload, lookup, choice);
    expect(cells).toHaveLength(alignment.families.length);
    const place = (name: string) => payload.families.findIndex((family) => family.name === name);
    for (const { a, b, pairs, precisionAtK } of alignment.families) {
      const [first, second] = [place(a), place(b)].sort((x, y) => x - y);
      const cell = cells.find((each) => each.a === first && each.b === second)!;
      expect(cell.pairs).toHaveLength(pairs);
      expect(cell.value).toBeCloseTo(precisionAtK[14].mean, 12);
      if (precisionAtK[14].sd !== null) expect(cell.sd).toBeCloseTo(precisionAtK[14].sd, 12);
    }
    const [alm, model] = [place('alm'), place('smollm2-135m')];
    const one = cellOf(payload, lookup, alm, model, { ...choice, seed: 1 })!;
    expect(one.pairs.map((pair) => alignment.pairs[pair].seed)).toEqual([1]);
    expect(one.nSeeds).toBe(1);
    expect(Number.isNaN(one.sd)).toBe(true);
    expect(cellOf(payload, lookup, alm, alm, { ...choice, seed: 1 })).toBeUndefined();
  });

  test('takes the largest p and the mean z of the pairs', () => {
    const pairs = [0, 1, 2];
    const entries = pairs.map((i) => alignment.pairs[i].precisionAtK[4].within.verb);
    const { z, p } = testOf(lookup, pairs, 5, 0);
    expect(p).toBe(Math.max(...entries.map((entry) => entry.p)));
    expect(z).toBeCloseTo(entries.reduce((sum, entry) => sum + entry.z!, 0) / 3, 12);
  });

  test('numbers and indices come back from base64 as they went in', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 65_535 })), (values) => {
        const bytes = Buffer.from(Uint16Array.from(values).buffer).toString('base64');
        expect([...uint16(bytes)]).toEqual(values);
      }),
    );
    const values = [0, -0.1, 1 / 3, Number.NaN, 1e-300];
    expect([...float64(Buffer.from(Float64Array.from(values).buffer).toString('base64'))]).toEqual(values);
  });
});

describe('agreement', () => {
  // Four sentences, the three others of each by nearness.
  const a = { depth: 3, indices: [1, 2, 3, 0, 2, 3, 3, 0, 1, 2, 1, 0] };
  const b = { depth: 3, indices: [1, 3, 2, 3, 0, 2, 3, 1, 0, 2, 0, 1] };
  const attributes = { verb: ['go', 'go', 'take', 'take'], colour: ['red', 'blue', 'red', 'blue'] };

  test('is what stands in both lists, in the order of the first', () => {
    expect(nearest(a, 2, 2)).toEqual([3, 0]);
    expect(agreements(a, b, 4, 1)).toEqual([[1], [], [3], [2]]);
    expect(agreements(a, b, 4, 2)).toEqual([[1], [0], [3], [2]]);
    expect(agreements(a, b, 4, 3).map(({ length }) => length)).toEqual([3, 3, 3, 3]);
  });

  test('is told beside what the lists and what any two sentences share', () => {
    const [verb, colour] = sharing(attributes, a, b, 1);
    expect(verb).toEqual({ attribute: 'verb', agreeing: 1, a: 1, b: 3 / 4, any: 1 / 3 });
    expect(colour).toEqual({ attribute: 'colour', agreeing: 0, a: 0, b: 1 / 4, any: 1 / 3 });
    expect(shared(attributes, 0, 2)).toEqual(['colour']);
    const apart = { depth: 1, indices: [2, 3, 1, 0] };
    expect(sharing(attributes, a, apart, 1)[0].agreeing).toBeNull();
  });
});

test('the colours grow lighter all the way, and their ink has contrast', () => {
  const luminance = (colour: string) => {
    const channels = colour === '#fff' ? [255, 255, 255] : colour === '#000' ? [0, 0, 0] : colour.match(/\d+/g)!;
    const [red, green, blue] = channels.map((channel) => {
      const share = Number(channel) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  let before = -1;
  for (let value = 0; value <= 1; value += 0.01) {
    const { ground, ink } = viridis(value);
    const [dark, light] = [luminance(ground), luminance(ink)].sort((x, y) => x - y);
    expect((light + 0.05) / (dark + 0.05)).toBeGreaterThan(4.5);
    expect(luminance(ground)).toBeGreaterThanOrEqual(before);
    before = luminance(ground);
  }
  expect(viridis(-1)).toEqual(viridis(0));
  expect(viridis(2)).toEqual(viridis(1));
});

describe('the script', () => {
  test('is one text without imports, each module once, after those it needs', () => {
    const folder = mkdtempSync(join(tmpdir(), 'alva-script-'));
    writeFileSync(join(folder, 'base.js'), 'export const one = 1;\n');
    writeFileSync(
      join(folder, 'middle.js'),
      "import { one } from './base.js';\nexport function two() { return one; }\n",
    );
    writeFileSync(
      join(folder, 'main.js'),
      "import { one } from './base.js';\nimport {\n  two,\n} from './middle.js';\nexport {};\nconsole.log(one, two());\n",
    );
    const { text, hash } = clientScript(pathToFileURL(join(folder, 'main.js')));
    expect(text).toBe('\nconst one = 1;\nfunction two() { return one; }\nconsole.log(one, two());\n');
    expect(hash).toMatch(/^sha256-.{44}$/);
    rmSync(folder, { recursive: true });
  });

  test('that was not built is missed with what to do', () => {
    expect(() => clientScript(new URL('file:///nowhere/main.js'))).toThrow(
      /missing \/nowhere\/main.js.*npm run build/s,
    );
  });
});
