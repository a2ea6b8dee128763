import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { AlignmentRecord } from '../../src/base/records.ts';
import { escaped, html, trusted } from '../../src/report/markup.ts';
import { paperTable } from '../../src/report/papertable.ts';
import { type ReportOptions, writeReport } from '../../src/report/report.ts';
import { withControls } from '../../src/report/success.ts';
import { alignmentOf, curveOf, likely, lossesOf, shuffledSuccessOf, successOf, trainingOf } from './fixture.ts';

const directory = mkdtempSync(join(tmpdir(), 'alva-report-'));
const other = mkdtempSync(join(tmpdir(), 'alva-report-'));
let page: string;
beforeAll(async () => {
  page = await written(whole());
});
afterEach(() => rmSync(other, { recursive: true, force: true }));
afterAll(() => rmSync(directory, { recursive: true }));

const seeds = [0, 1, 2];
const whole = (to = directory): ReportOptions => ({
  directory: to,
  alignment: { ...alignmentOf(likely), training: seeds.flatMap((seed) => trainingOf(seed)) },
  success: withControls([...seeds.map((seed) => successOf(seed)), shuffledSuccessOf(0)]),
  losses: seeds.map((seed) => ({ seed, shuffled: false, rows: lossesOf(seed, 40) })),
  curves: seeds.map((seed) => ({ seed, shuffled: false, rows: curveOf(seed) })),
  config: [{ field: 'wording', value: 'stay away', help: 'how the phrase is worded', paper: 'read literally' }],
  provenance: [{ name: 'config', value: `sha256 ${'b'.repeat(64)}` }],
});
const written = async (options: ReportOptions) => readFileSync(await writeReport(options), 'utf8');
/** What a pattern finds outside the style sheet and the script's data, whose font and numbers are letters of any kind. */
const found = (text: string, pattern: RegExp) =>
  text
    .replace(/<style>.*?<\/style>/s, '')
    .replaceAll(/(<script[^>]*>).*?<\/script>/gs, '$1')
    .match(pattern) ?? [];
const broken = /NaN|undefined|Infinity/g;
const bare = (alignment: AlignmentRecord): ReportOptions => ({ directory: other, alignment, success: [], losses: [] });

describe('a whole run', () => {
  test('is one page, with nothing beside it', () => {
    expect(readdirSync(directory)).toEqual(['report.html']);
  });

  test('written twice, it has the same bytes', async () => {
    await writeReport(whole(other));
    expect(readFileSync(join(other, 'report.html')).equals(readFileSync(join(directory, 'report.html')))).toBe(true);
  });

  test('tells its parts in order', () => {
    const parts = [
      '<h1>',
      'class="answer"',
      '<nav',
      'Table 1</h2>',
      'Figure 3',
      'Against chance, and',
      'Figure 4',
      'over k</h2>',
      'What is left',
      'Figure 5',
    ];
    parts.push(
      'Success on fresh levels',
      'against grounding',
      'Loss and accuracy',
      'Success over training',
      'over training, beside PICK-UP',
      'Where alva decides</h2>',
      'Where the numbers come from</h2>',
    );
    const at = parts.map((part) => page.indexOf(part));
    expect(at.every((place, i) => place > (i === 0 ? 0 : at[i - 1]))).toBe(true);
  });

  test('carries what a number can be traced by', () => {
    for (const trace of ['a'.repeat(64), 'b'.repeat(64), 'c'.repeat(64), '0, 1, 2', '20.17.0', 'stay away'])
      expect(page).toContain(trace);
  });
});

describe('the page needs nothing but itself', () => {
  test('no import, and no address that a browser would fetch', () => {
    expect(found(page, /<(link|iframe|img|object|embed|base)\b/gi)).toEqual([]);
    expect(found(page, /\s((src|xlink:href|srcset|action)\s*=|href=(?!"#))/gi)).toEqual([]);
    expect(page.match(/@import|\burl\(\s*["']?(?!data:|#)/g)).toBeNull();
    expect(page).toContain("default-src 'none'");
  });

  test('one script, which alone the page lets run, and its data', () => {
    const scripts = [...page.matchAll(/<script([^>]*)>(.*?)<\/script>/gs)];
    expect(scripts.map(([, attributes]) => attributes.trim())).toEqual([
      'type="application/json" id="payload"',
      'type="module"',
    ]);
    const hash = createHash('sha256').update(scripts[1][2]).digest('base64');
    expect(page).toContain(`script-src 'sha256-${hash}'`);
    expect(scripts[1][2]).not.toMatch(/^(import|export)\b|fetch\(|XMLHttpRequest|innerHTML/m);
  });

  test('every link leads to a part that is there', () => {
    const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(targets.length).toBeGreaterThan(10);
    for (const id of targets) expect(page).toContain(`id="${id}"`);
  });

  test('no address at all but the name of a namespace', () => {
    const addresses = page.match(/https?:[^"'\s<)]*/g) ?? [];
    for (const address of addresses) expect(address).toMatch(/^http:\/\/www\.w3\.org\/(2000\/svg|1999\/xlink)$/);
  });

  test('is dressed for the dark and for paper, and fits a small screen', () => {
    expect(page).toContain('prefers-color-scheme:dark');
    expect(page).toContain('@media print');
    expect(page).toContain('name="viewport"');
  });
});

describe('what comes from files is escaped', () => {
  const evil = `<script>alert('&"')</script>`;

  test('names, sources, warnings, definitions, versions, config, provenance and conditions', async () => {
    const alignment = alignmentOf({ alm: { [evil]: 0.4 }, untrained: { [evil]: 0.5 } });
    const text = await written({
      directory: other,
      alignment: {
        ...alignment,
        warnings: [evil],
        definitions: { [evil]: evil },
        versions: { [evil]: evil },
        sentences: { count: 108, sha256: evil },
        spaces: alignment.spaces.map((space) => ({ ...space, source: evil, sha256: evil })),
      },
      success: [{ ...successOf(0), conditions: [{ ...successOf(0).conditions[0], condition: evil }] }],
      losses: [],
      neighbours: {
        ...{ count: 108, sha256: evil, k: 15, absence: null, spaces: [] },
        sentences: [evil],
        attributes: { [evil]: [evil] },
      },
      config: [{ field: evil, value: evil, help: evil, paper: evil }],
      provenance: [{ name: evil, value: evil }],
    });
    expect(found(text, /<script(?! type="(module|application\/json)")/g)).toEqual([]);
    expect(text).toContain(escaped(evil));
    const data = /<script type="application\/json"[^>]*>(.*?)<\/script>/s.exec(text)![1];
    expect(JSON.parse(data).spaces.map(({ name }: { name: string }) => name)).toContain(evil);
    expect(JSON.parse(data).sentences[0]).toBe(evil);
  });

  test('the template escapes strings and lets through only what it made', () => {
    expect(html`<p title="${'"'}">${'<b>'}${1}${[html`<i>${'&'}</i>`, '>']}</p>`.text).toBe(
      '<p title="&quot;">&lt;b&gt;1<i>&amp;</i>&gt;</p>',
    );
    expect(html`${trusted('<b>')}`.text).toBe('<b>');
  });
});

describe('beside the paper', () => {
  const rowOf = (name: string) =>
    new RegExp(`<th scope="row">${name}</th>(.*?)</tr>`, 's').exec(paperTable(alignmentOf(likely)).text)![1];
  const cellsOf = (name: string) => [...rowOf(name).matchAll(/<td>(.*?)<\/td>/gs)].map((match) => match[1]);

  test.each(['CLIP', 'BERT', 'BLIP', 'Qwen', 'Llama', 'DeepSeek'])('our side of %s is empty', (name) => {
    const cells = cellsOf(name);
    expect(cells.slice(0, 4).every((cell) => cell.startsWith('0.'))).toBe(true);
    expect(cells.slice(4)).toEqual(Array(8).fill(''));
  });

  test('our models stand under their own names with the paper’s side empty', () => {
    const cells = cellsOf('smollm2-135m');
    expect(cells.slice(0, 4)).toEqual(['', '', '', '']);
    expect(cells.slice(4, 8).every((cell) => cell.startsWith('0.'))).toBe(true);
    expect(cells.slice(8)).toEqual(['', '', '', '']);
    expect(cellsOf('smollm2-135m, untrained')[7]).toMatch(/^0\.6/);
  });

  test('random is on both sides, and the paper’s digits are as printed', () => {
    const cells = cellsOf('random');
    expect(cells.slice(0, 8).every((cell) => cell.startsWith('0.'))).toBe(true);
    for (const cell of cells.slice(8)) expect(cell).toMatch(/^[+\u2212]?0\.\d{3} <span class="sd">(within|beyond) sd/);
    expect(cellsOf('DeepSeek')[3]).toBe('0.7022 <span class="sd">(0.0281)</span>');
  });
});

describe('a model of the paper that was run', () => {
  const table = (value: number, sd: number) =>
    paperTable(alignmentOf({ alm: { 'bert-base-uncased': value }, untrained: { 'bert-base-uncased': 0.5 }, sd })).text;
  const at15 = (text: string) => /BERT; ours bert-base-uncased.*?<\/tr>/s.exec(text)![0].split('<td>').at(-1)!;

  test('is told with its difference, within the larger sd or beyond it', () => {
    expect(at15(table(0.9, 0))).toMatch(/^\+0\.546 <span class="sd">beyond sd/);
    expect(at15(table(0.36, 0))).toMatch(/^\+0\.006 <span class="sd">within sd/);
  });

  test('is no other model whose name begins alike', () => {
    const other = { alm: { berta: 0.4, 'distilbert-base': 0.4 }, untrained: {} };
    expect(paperTable(alignmentOf(other)).text).not.toContain('ours');
  });
});

describe('runs that lack something', () => {
  test('embeddings brought by hand: no success, no loss, no config', async () => {
    const text = await written(bare(alignmentOf(likely)));
    expect(text).toContain('Not drawn: no success rates are in this run.');
    expect(text).toContain('Not drawn: no loss was recorded in this run.');
    expect(text).toContain('Not drawn: success was not counted during training (curveEvery).');
    expect(text).not.toContain('Where alva decides');
    expect(text.match(/<svg /g)).toHaveLength(5);
  });

  test('two foreign spaces: the heatmap alone', async () => {
    const full = alignmentOf(likely);
    const kept = ['smollm2-135m', 'bge-small-en-v1.5'];
    const text = await written(
      bare({
        ...full,
        spaces: full.spaces.filter(({ name }) => kept.includes(name)),
        pairs: full.pairs.filter(({ a, b }) => kept.includes(a) && kept.includes(b)),
        families: full.families.filter(({ a, b }) => kept.includes(a) && kept.includes(b)),
      }),
    );
    expect(text).toContain('No ALM is among these spaces');
    // P@k beside the untrained network, over k, within groups, Procrustes, over training, and success over training.
    expect(text.match(/Not drawn: no ALM is among the spaces\./g)).toHaveLength(6);
    expect(text.match(/<svg /g)).toHaveLength(1);
  });

  test('one seed, few sentences, no untrained network', async () => {
    const full = alignmentOf({ ...likely, seeds: 1, count: 8 });
    const without = (name: string) => !name.startsWith('untrained');
    const text = await written(
      bare({
        ...full,
        spaces: full.spaces.filter(({ name }) => without(name)),
        pairs: full.pairs.filter(({ a, b }) => without(a) && without(b)),
        families: full.families.filter(({ a, b }) => without(a) && without(b)),
      }),
    );
    expect(text).toContain('P@7');
    expect(text).toContain('what training moved cannot be told');
    expect(found(text, broken)).toEqual([]);
  });

  test('a run that misses nothing has no broken number either', () => {
    expect(found(page, broken)).toEqual([]);
  });
});
