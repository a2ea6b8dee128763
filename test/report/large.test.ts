// The page where it is heaviest and where its input is worst: ten seeds by twelve kinds of spaces, names that are markup, and older runs.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomFrom, shuffled } from '../../src/base/random.ts';
import type { AlignmentRecord, NeighboursRecord } from '../../src/base/records.ts';
import { writeReport } from '../../src/report/report.ts';
import { executable, launched, opened } from './chromium.ts';
import { alignmentOf, curveOf, likely, lossesOf, successOf, trainingOf } from './fixture.ts';

const directory = mkdtempSync(join(tmpdir(), 'alva-large-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** Lists drawn at random, and a map with nothing in it, for every space of a record. */
function listsFor({ spaces, sentences }: AlignmentRecord, text = (i: number) => `sentence ${i}`): NeighboursRecord {
  const random = randomFrom(5, 'lists');
  const all = Array.from({ length: sentences.count }, (_, i) => i);
  const others = (i: number) => [...shuffled(sentences.count, random)].filter((j) => j !== i).slice(0, 15);
  const numbers = () => all.map(() => Number(random.normal().toPrecision(5)));
  return {
    ...{ count: sentences.count, sha256: sentences.sha256, k: 15, absence: null },
    sentences: all.map(text),
    attributes: { verb: all.map((i) => text(i % 6)), object: all.map((i) => `object ${i % 3}`) },
    spaces: spaces.map(({ name }) => ({
      name,
      neighbours: all.flatMap(others),
      map: { x: numbers(), y: numbers(), shares: [0.3, 0.2] },
    })),
  };
}

const twelve = { 'bag-of-words': 0.4, 'verb-only': 0.36 };
const models = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => [`model-${name}`, 0.5]));
const shares = { ...twelve, ...models };

describe('ten seeds by twelve kinds of spaces', () => {
  const seeds = Array.from({ length: 10 }, (_, seed) => seed);
  let report: string;
  beforeAll(async () => {
    const alignment = alignmentOf({ ...likely, seeds: 10, alm: shares, untrained: shares, shuffled: undefined });
    expect(new Set(alignment.spaces.map(({ family }) => family)).size).toBe(12);
    report = await writeReport({
      directory: join(directory, 'large'),
      alignment: { ...alignment, training: seeds.flatMap((seed) => trainingOf(seed, Object.keys(shares))) },
      success: seeds.map((seed) => successOf(seed)),
      losses: seeds.map((seed) => ({ seed, shuffled: false, rows: lossesOf(seed) })),
      curves: seeds.map((seed) => ({ seed, shuffled: false, rows: curveOf(seed) })),
      neighbours: listsFor(alignment),
    });
  }, 120_000);

  test('are a page of less than 5 MB', () => {
    expect(statSync(report).size).toBeLessThan(5e6);
  });

  test.skipIf(!executable)(
    'answer to a click',
    async () => {
      const browser = await launched();
      const { page, troubles } = await opened(browser, report);
      await page.locator('.grid button').first().click();
      await page.locator('.panel .lists').waitFor();
      const ms = await page.evaluate<number>('performance.getEntriesByName("interactive")[0].startTime');
      const size = (statSync(report).size / 1e6).toFixed(1);
      console.info(`ten seeds by twelve spaces: ${size} MB, interactive ${Math.round(ms)} ms after it was opened`);
      expect(await page.locator('.grid tbody tr').count()).toBe(12);
      expect(troubles).toEqual([]);
      await browser.close();
    },
    60_000,
  );
});

describe.skipIf(!executable)('in a browser', { timeout: 120_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launched();
  });
  afterAll(() => browser?.close());

  const evil = '</script><script>alert(1)</script><img src=x onerror=alert(2)>&amp;"\'';

  test('names and sentences that are markup are shown as they are, and nothing of them runs', async () => {
    const alignment = alignmentOf({ alm: { [evil]: 0.4 }, untrained: { [evil]: 0.5 } });
    const report = await writeReport({
      ...{ directory: join(directory, 'evil'), alignment, success: [], losses: [] },
      neighbours: listsFor(alignment, (i) => `${evil} ${i}`),
    });
    const { page, troubles } = await opened(browser, report);
    await page.locator('.grid button', { hasText: evil }).first().click();
    await page.locator('.panel .lists').waitFor();
    expect(await page.locator('.panel').innerText()).toContain(`${evil} 0`);
    expect(await page.locator('.grid tbody th').allInnerTexts()).toContain(evil);
    expect(await page.locator('img').count()).toBe(0);
    expect(troubles).toEqual([]);
    await page.close();
  });

  test('of a run without lists the cells still open, and it is told why there are no sentences', async () => {
    const report = await writeReport({
      ...{ directory: join(directory, 'old'), alignment: alignmentOf(likely), success: [], losses: [] },
    });
    const { page, troubles } = await opened(browser, report);
    await page.locator('.grid button').first().click();
    expect(await page.locator('.panel').innerText()).toContain(
      'No sentences: this run was aligned before alva kept the neighbour lists',
    );
    expect(troubles).toEqual([]);
    await page.close();
  });

  test('where nothing was compared there is no heatmap and no error', async () => {
    const full = alignmentOf(likely);
    const report = await writeReport({
      ...{ directory: join(directory, 'none'), success: [], losses: [] },
      alignment: { ...full, pairs: [], families: [] },
    });
    const { page, troubles } = await opened(browser, report);
    expect(await page.locator('body').innerText()).toContain('no two spaces were compared');
    expect(troubles).toEqual([]);
    expect(readFileSync(report, 'utf8')).toContain('"pairs":[]');
    await page.close();
  });
});
