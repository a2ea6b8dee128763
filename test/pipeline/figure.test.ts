import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeJson } from '../../src/base/files.ts';
import { writeFigures } from '../../src/report/prints.ts';
import { alignmentOf, likely } from '../report/fixture.ts';
import { alva } from './executable.ts';

const directory = mkdtempSync(join(tmpdir(), 'alva-figure-'));
const run = join(directory, 'run');
const out = (name: string) => join(directory, name);
const figure = (...args: string[]) => alva('figure', ...args, '--run', run);
const alignment = alignmentOf(likely);

beforeAll(() => {
  const { stdout } = alva('config', '--json');
  writeJson(join(run, 'alignment.json'), alignment);
  writeFileSync(join(run, 'config.json'), stdout);
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('alva figure', () => {
  test('without a name lists what there is, and why some of it cannot be drawn', () => {
    const { status, stdout } = figure();
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ {2}heatmap +P@15 of every two spaces \(Figure 3\)$/m);
    expect(stdout).toMatch(/^ {2}map .*\(not drawn: .*"alva align" writes them\)$/m);
  });

  test('lists as JSON, and tells what it wrote', () => {
    const listed = JSON.parse(figure('--json').stdout) as { name: string; absence: string | null }[];
    expect(listed.find(({ name }) => name === 'curves')).toMatchObject({ absence: null });
    expect(listed.find(({ name }) => name === 'loss')).toMatchObject({ absence: 'no loss was recorded in this run' });
    const path = out('told.svg');
    const told = JSON.parse(figure('procrustes', '--out', path, '--height', '5cm', '--json').stdout);
    expect(told).toMatchObject({ name: 'procrustes', path, format: 'svg', width: 85, height: 50 });
  });

  test.each(['svg', 'png', 'pdf'])('writes %s by the ending of --out', (format) => {
    const path = out(`one.${format}`);
    const { status, stdout } = figure('heatmap', '--out', path, '--width', '60mm', '--dpi', '150');
    expect([status, stdout.trim()]).toEqual([0, path]);
    const start = { svg: '<svg', png: '\u0089PNG', pdf: '%PDF' }[format]!;
    expect(readFileSync(path, 'latin1').startsWith(start)).toBe(true);
  });

  test('takes lengths in other units, and the spaces that are asked for', () => {
    const path = out('some.svg');
    const asked = ['--out', path, '--width', '4in', '--spaces', 'smollm2-135m, bag-of-words', '--theme', 'dark'];
    expect(figure('curves', ...asked).status).toBe(0);
    const svg = readFileSync(path, 'utf8');
    expect(svg).toContain('width="101.6mm"');
    expect(svg).toContain('>smollm2-135m<');
    expect(svg).not.toContain('bge-small');
  });

  const refused: [string[], number, RegExp][] = [
    [['heatmp'], 2, /^alva: unknown figure: heatmp \(did you mean "heatmap"\?\); known: trajectory, heatmap,/],
    [['map'], 1, /^alva: cannot draw map of .*: its coordinates are not in this run/],
    [['success'], 1, /^alva: cannot draw success of .*: no success rates are in this run/],
    [['heatmap', '--width', 'wide'], 2, /^alva: invalid --width: expected a length as 85mm,.* got "wide"/],
    [['heatmap', '--width', '2mm'], 2, /^alva: invalid --width: expected 50 to 500 millimetres, got 2/],
    [['heatmap', '--format', 'gif'], 2, /^alva: unknown format: gif/],
    [['heatmap', '--theme', 'drak'], 2, /^alva: unknown theme: drak \(did you mean "dark"\?\)/],
    [['heatmap', '--format', 'png', '--out', 'a.svg'], 2, /^alva: invalid --out: expected a name that ends in .png/],
    [['heatmap', '--spaces', 'smollm'], 2, /^alva: unknown space: smollm/],
  ];
  test.each(refused)('refuses %j', (args, status, message) => {
    const told = figure(...args);
    expect(told.status).toBe(status);
    expect(told.stderr).toMatch(message);
    expect(told.stdout).toBe('');
  });

  test('refuses a directory that is no run', () => {
    const { status, stderr } = alva('figure', 'heatmap', '--run', out('nowhere'));
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^alva: missing config.json in /)]);
  });
});

test('the report stage writes every figure that can be drawn, of two widths and in three formats', async () => {
  await writeFigures(out('all'), { alignment, success: [], losses: [] });
  const names = readdirSync(join(out('all'), 'figures'), { recursive: true, encoding: 'utf8' });
  const drawn = ['curves', 'heatmap', 'precision', 'procrustes', 'within'];
  const files = drawn.flatMap((name) => ['pdf', 'png', 'svg'].map((format) => `${name}.${format}`));
  expect(names.filter((name) => name.includes('.')).sort()).toEqual(
    [...files, ...files.map((name) => join('column', name))].sort(),
  );
  const heatmap = (folder: string) => readFileSync(join(out('all'), 'figures', folder, 'heatmap.svg'), 'utf8');
  expect(heatmap('')).toContain('width="174mm"');
  expect(heatmap('column')).toContain('width="85mm"');
}, 120_000);
