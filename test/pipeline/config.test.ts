// Configs in files, through the real executable: alva config prints them, --config reads them.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { presets } from '../../src/study/presets.ts';
import { configSchema } from '../../src/study/schema.ts';
import { alva } from './executable.ts';

const folder = mkdtempSync(join(tmpdir(), 'alva-config-'));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const printed = (...args: string[]) => {
  const { status, stdout, stderr } = alva('config', ...args);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout;
};

describe('alva config', () => {
  test('prints YAML with comments that --config reads as the same, with --set on top', () => {
    const yaml = printed('--preset', 'paper', '--set', 'episodes=2000');
    expect(yaml).toMatch(/^# Demonstrations\.\n# Paper, section 2\.3: 10,000\n# Default: 10000; .*\nepisodes: 2000$/m);
    const again = printed('--config', file('paper.yaml', yaml), '--json');
    expect(JSON.parse(again)).toMatchObject({ ...presets.paper, episodes: 2000 });
    expect(printed('--config', file('again.json', again))).toBe(yaml);
    expect(JSON.parse(printed('--config', file('part.yaml', 'batch: 5'), '--preset', 'smoke', '--json'))).toMatchObject(
      {
        updates: presets.smoke.updates,
        batch: 5,
      },
    );
  });

  test('explains a field, and prints the schema', () => {
    expect(printed('words')).toMatch(
      /^words: How the word embeddings start.*\n {2}Expected: "identity" or "identical"\n/,
    );
    expect(JSON.parse(printed('words', '--json'))).toEqual({ words: 'identity' });
    expect(JSON.parse(printed('--schema'))).toEqual(configSchema());
  });

  test('a config file makes a run, which tells its config', () => {
    const mine = file('mine.yaml', 'preset: smoke\nsentences: docs/animals.csv\npermutations: 9\n');
    const out = join(folder, 'run');
    const { status, stderr } = alva('replicate', '--config', mine, '--set', 'maxK=3', '--out', out);
    expect(stderr).toContain('the ALM is left out');
    expect(status).toBe(0);
    const stored = JSON.parse(readFileSync(join(out, 'config.json'), 'utf8'));
    expect(stored).toMatchObject({ permutations: 9, maxK: 3, updates: presets.smoke.updates });
    expect(JSON.parse(printed('--run', out, '--json'))).toEqual(stored);
    expect(JSON.parse(printed('--run', out, '--set', 'seeds=4', '--json'))).toEqual({ ...stored, seeds: 4 });
  }, 60_000);

  test.each([
    [['config', 'episods'], 2, /unknown config field: episods \(did you mean "episodes"\?\)/],
    [['config', '--run', 'nowhere'], 1, /missing config\.json in nowhere/],
    [['config', '--run', 'nowhere', '--preset', 'full'], 2, /--run has a config of its own/],
    [
      ['config', '--config', file('full.yaml', '\npreset: full'), '--preset', 'full'],
      2,
      /full\.yaml:2: the file names a preset/,
    ],
    [
      ['replicate', '--config', file('wrong.yaml', 'seeds: 2\nepisods: 3')],
      2,
      /wrong\.yaml:2: unknown config field: episods/,
    ],
    [['replicate', '--config', join(folder, 'none.yaml')], 1, /cannot read .*none\.yaml/],
    [['replicate', '--config', file('laughs.yaml', 'a: &a [1]\nb: [*a, *a]')], 2, /laughs\.yaml:1: no anchors/],
    [['replicate', '--resume', '--config', 'x.yaml'], 2, /leave out --preset, --config/],
  ])('alva %j is refused', (args, status, message) => {
    const result = alva(...args);
    expect(result.stderr).toMatch(message);
    expect(result.status).toBe(status);
    expect(result.stderr).not.toContain('    at ');
  });
});
