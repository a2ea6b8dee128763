// The report of a run made by the real stages, opened from disk in a browser with the network blocked: what it shows stands in the run's files.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Browser, Download, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AlignmentRecord, NeighboursRecord, PairRecord } from '../../src/base/records.ts';
import { mean } from '../../src/base/spread.ts';
import { decimal, shownP, shownZ } from '../../src/report/wording.ts';
import { alva } from '../pipeline/executable.ts';
import { settings } from '../pipeline/toy.ts';
import { executable, launched, opened, violations } from './chromium.ts';

const run = mkdtempSync(join(tmpdir(), 'alva-browser-'));
const report = join(run, 'report.html');
const LONG = 240_000;
let browser: Browser;
let alignment: AlignmentRecord;
let neighbours: NeighboursRecord;

describe.skipIf(!executable)('the report in a browser', { timeout: LONG }, () => {
  beforeAll(async () => {
    const { status, stderr } = alva('replicate', '--out', run, ...settings);
    expect(stderr).not.toContain('alva:');
    expect(status).toBe(0);
    alignment = JSON.parse(readFileSync(join(run, 'alignment.json'), 'utf8'));
    neighbours = JSON.parse(readFileSync(join(run, 'neighbours.json'), 'utf8'));
    browser = await launched();
  }, LONG);
  afterAll(async () => {
    await browser?.close();
    rmSync(run, { recursive: true });
  });

  test('opens without an error, and asks for nothing', async () => {
    const { page, troubles } = await opened(browser, report);
    await cell(page, 'ALM', 'smollm2-135m').waitFor();
    await page.evaluate('document.fonts.ready.then(() => 0)');
    expect(troubles).toEqual([]);
    await page.close();
  });

  test('a cell says on focus, and when it is opened, what alignment.json and neighbours.json hold', async () => {
    const { page, troubles } = await opened(browser, report);
    const pairs = pairsOf('alm', 'smollm2-135m');
    const at15 = pairs.map(({ precisionAtK }) => precisionAtK[14]);
    const value = mean(at15.map((entry) => entry.value));
    await cell(page, 'ALM', 'smollm2-135m').focus();
    const exact = await page.locator('.readout').innerText();
    expect(exact).toContain(`ALM with smollm2-135m: P@15 ${decimal(value, 4)} (sd `);
    expect(exact).toContain('2 seeds, 2 pairs');
    expect(exact).toContain(`all sentences: ${testOf(at15)}`);
    for (const partition of ['verb', 'object', 'colour', 'task'])
      expect(exact).toContain(`within one ${partition}: ${testOf(at15.map(({ within }) => within[partition]))}`);

    await cell(page, 'ALM', 'smollm2-135m').click();
    const panel = page.locator('.panel');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('ALM with smollm2-135m, k = 15');
    expect(await panel.innerText()).toContain(`P@15 of this pair is ${decimal(at15[0].value, 4)}`);
    await checkSentences(page, 'alm-00', 'smollm2-135m');
    await panel.getByLabel('Pair', { exact: true }).selectOption({ label: 'alm-01 with smollm2-135m' });
    expect(await panel.innerText()).toContain(`P@15 of this pair is ${decimal(at15[1].value, 4)}`);
    await checkSentences(page, 'alm-01', 'smollm2-135m');
    expect(troubles).toEqual([]);
    await page.close();
  });

  test('what agreeing neighbours share is counted from the lists', async () => {
    const { page } = await opened(browser, report);
    await cell(page, 'bge-small-en-v1.5', 'bag of words').click();
    const shares = page.locator('.sharing tbody tr');
    expect(await shares.count()).toBe(4);
    const [a, b] = ['bge-small-en-v1.5', 'bag-of-words'].map(listsOf);
    for (const [i, name] of ['verb', 'object', 'colour', 'task'].entries()) {
      const values = neighbours.attributes[name];
      const same = a.flatMap((list, s) => list.filter((j) => b[s].includes(j)).map((j) => values[j] === values[s]));
      const percent = `${decimal((100 * same.filter(Boolean).length) / same.length, 1)} %`;
      expect(await shares.nth(i).locator('td').first().innerText()).toBe(percent);
    }
    await page.close();
  });

  test('the switch of the null changes the cells and the table', async () => {
    const { page } = await opened(browser, report);
    const at15 = pairsOf('untrained', 'verb-only').map(({ precisionAtK }) => precisionAtK[14]);
    const shown = cell(page, 'untrained ALM', 'verb only');
    expect(await shown.innerText()).toContain(`z ${shownZ(mean(at15.map(({ z }) => z!)))}`);
    await page.getByLabel('Chance: relabel').selectOption({ label: 'within one verb' });
    const within = at15.map((entry) => entry.within.verb);
    expect(await shown.textContent()).toMatch(
      new RegExp(`, chance ${decimal(mean(within.map(({ nullMean }) => nullMean)), 3)}$`),
    );
    expect(await shown.innerText()).toContain(
      Math.max(...within.map(({ p }) => p)) <= 0.05
        ? `z ${shownZ(mean(within.map(({ z }) => z!)))}`
        : `p ${shownP(Math.max(...within.map(({ p }) => p)))}`,
    );
    await page.locator('summary', { hasText: 'The same as a table' }).click();
    const row = page.locator('.cells tbody tr', { hasText: 'verb only' }).filter({ hasText: 'untrained ALM' });
    expect(await row.locator('td').allInnerTexts()).toContain(decimal(mean(within.map(({ nullMean }) => nullMean)), 3));
    expect(await page.locator('.cells thead').innerText()).toContain('share');
    await page.close();
  });

  test('another k and one seed show their own numbers', async () => {
    const { page } = await opened(browser, report);
    await page.getByLabel('k', { exact: true }).selectOption('3');
    await page.getByLabel('Seeds', { exact: true }).selectOption({ label: 'seed 1' });
    const [pair] = pairsOf('alm', 'bag-of-words').filter(({ seed }) => seed === 1);
    await cell(page, 'ALM', 'bag of words').focus();
    const exact = await page.locator('.readout').innerText();
    expect(exact).toContain(`P@3 ${decimal(pair.precisionAtK[2].value, 4)}, 1 seed, 1 pair`);
    expect(exact).toContain(`all sentences: ${testOf([pair.precisionAtK[2]])}`);
    expect(await cell(page, 'ALM', 'ALM').count()).toBe(0);
    await page.close();
  });

  test('spaces and rows are filtered, and tables sorted', async () => {
    const { page } = await opened(browser, report);
    await page.getByLabel('Spaces', { exact: true }).fill('alm, bag');
    expect(await page.locator('.grid tbody th').allInnerTexts()).toEqual([
      'ALM',
      'bag of words',
      'untrained ALM',
      'shuffled ALM',
    ]);
    await page.getByLabel('Spaces', { exact: true }).fill('no such space');
    expect(await page.locator('#explorer').innerText()).toContain('No space has such a name.');

    const table = page.locator('#chance table');
    await page.locator('#chance').getByLabel('Show rows with').fill('verb only');
    const rows = table.locator('tbody tr:visible');
    expect(await rows.count()).toBe(3);
    expect(new Set(await rows.locator('th').allInnerTexts())).toEqual(new Set(['verb only']));
    await page.locator('#chance').getByLabel('Show rows with').fill('');
    await table.getByRole('button', { name: 'value' }).first().click();
    const values = async () => (await table.locator('tbody tr td:nth-child(3)').allInnerTexts()).map(Number.parseFloat);
    const rising = await values();
    expect(rising).toEqual([...rising].sort((x, y) => x - y));
    await table.getByRole('button', { name: 'value' }).first().click();
    expect(await values()).toEqual([...rising].sort((x, y) => y - x));
    await page.close();
  });

  test('by the keyboard alone: arrows move, Enter opens, and closing goes back', async () => {
    const { page } = await opened(browser, report);
    await page.getByLabel('Spaces', { exact: true }).focus();
    await page.keyboard.press('Tab');
    const focused = () => page.evaluate<string>('document.activeElement.textContent');
    expect(await focused()).toMatch(/^ALM with ALM: /);
    await page.keyboard.press('ArrowRight');
    const here = await focused();
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('panel-title');
    await page.locator('.panel .close').focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('.panel').count()).toBe(0);
    expect(await focused()).toBe(here);
    await page.close();
  });

  test('every figure is exported as SVG, PNG and CSV, with its font and its data', async () => {
    const { page, troubles } = await opened(browser, report);
    const names = await page
      .locator('figure[data-figure]')
      .evaluateAll((all) => all.map((figure) => figure.getAttribute('data-figure')!));
    expect(names).toEqual(expect.arrayContaining(['heatmap', 'precision', 'curves', 'procrustes', 'success', 'loss']));
    for (const name of names) {
      const svg = await exported(page, name, 'SVG');
      expect(svg.toString('utf8')).toMatch(/^<svg .*@font-face.*<\/svg>$/s);
      const png = await exported(page, name, 'PNG');
      expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
      expect(png.readUInt32BE(16)).toBeGreaterThan(600);
      expect(parse(await exported(page, name, 'CSV'), { columns: true, bom: true }).length).toBeGreaterThan(0);
    }
    const cells: Record<string, string>[] = parse(await exported(page, 'heatmap', 'CSV'), { columns: true });
    const stored = alignment.families.find(({ a, b }) => a === 'bag-of-words' && b === 'smollm2-135m')!;
    const drawn = cells.find(({ row, column }) => row === 'smollm2-135m' && column === 'bag of words')!;
    expect(Number(drawn.value)).toBe(stored.precisionAtK[14].mean);
    expect(troubles).toEqual([]);
    await page.close();
  });

  test.each(['light', 'dark'] as const)('axe finds nothing serious in the %s, with a cell opened', async (scheme) => {
    const { page } = await opened(browser, report, { colorScheme: scheme });
    await cell(page, 'ALM', 'smollm2-135m').click();
    expect(await violations(page)).toEqual([]);
    await page.close();
  });

  test('a phone shows it without scrolling sideways, and paper without cutting', async () => {
    const { page } = await opened(browser, report, { viewport: { width: 380, height: 800 } });
    await cell(page, 'ALM', 'smollm2-135m').click();
    const width = () => page.evaluate<number>('document.documentElement.scrollWidth');
    expect(await width()).toBe(380);
    expect(await violations(page)).toEqual([]);
    const printed = Math.floor(((210 - 24) / 25.4) * 96);
    await page.setViewportSize({ width: printed, height: 1000 });
    await page.emulateMedia({ media: 'print' });
    expect(await width()).toBeLessThanOrEqual(printed);
    await page.close();
  });

  test('without its script it still has every table and drawing', async () => {
    const { page } = await opened(browser, report, { javaScriptEnabled: false });
    expect(await page.locator('figure[data-figure=heatmap] svg').isVisible()).toBe(true);
    expect(await page.locator('#chance table tbody tr').count()).toBeGreaterThan(10);
    await page.close();
  });
});

const cell = (page: Page, row: string, column: string) =>
  page.locator('.grid').getByRole('button', { name: new RegExp(`^${row} with ${column}: `) });

/** As the page words a test over some pairs: means, and the largest p. */
function testOf(tests: readonly { nullMean: number; z: number | null; p: number }[]): string {
  const chance = decimal(mean(tests.map(({ nullMean }) => nullMean)), 3);
  const z = shownZ(mean(tests.map((each) => each.z!)));
  return `chance ${chance}, z ${z}, p ${shownP(Math.max(...tests.map(({ p }) => p)))}`;
}

function pairsOf(first: string, second: string): PairRecord[] {
  const family = new Map(alignment.spaces.map(({ name, family: of }) => [name, of]));
  return alignment.pairs.filter(
    ({ a, b }) => [family.get(a), family.get(b)].sort().join() === [first, second].sort().join(),
  );
}

const listsOf = (name: string): number[][] => {
  const { neighbours: flat } = neighbours.spaces.find((space) => space.name === name)!;
  return neighbours.sentences.map((_, i) => flat.slice(i * neighbours.k, (i + 1) * neighbours.k));
};

/** The sentence that stands first: how many neighbours agree, which, and both lists. */
async function checkSentences(page: Page, a: string, b: string): Promise<void> {
  const first = page.locator('.sentences details').first();
  const i = Number(await first.getAttribute('data-sentence'));
  const [x, y] = [listsOf(a)[i], listsOf(b)[i]];
  const agreed = x.filter((j) => y.includes(j));
  expect(await first.locator('summary').innerText()).toBe(`${neighbours.sentences[i]} ${agreed.length} of 15`);
  const lists = first.locator('.lists > div');
  for (const [side, list] of [x, y].entries()) {
    const items = await lists.nth(side).locator('li').allInnerTexts();
    expect(items).toHaveLength(15);
    for (const [p, text] of items.entries()) {
      expect(text).toContain(neighbours.sentences[list[p]]);
      expect(text.startsWith('✓')).toBe(agreed.includes(list[p]));
    }
  }
}

async function exported(page: Page, name: string, kind: string): Promise<Buffer> {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: `${name} as ${kind}`, exact: true }).click(),
  ]);
  expect(file.suggestedFilename()).toBe(`${name}.${kind.toLowerCase()}`);
  return contentOf(file);
}

async function contentOf(file: Download): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of await file.createReadStream()) chunks.push(chunk);
  return Buffer.concat(chunks);
}
