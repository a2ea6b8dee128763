import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AlvaError, UsageError } from '../../src/base/errors.ts';
import { configOf } from '../../src/study/config.ts';
import { readConfigFile } from '../../src/study/configfile.ts';
import { configYaml, fieldText } from '../../src/study/configtext.ts';
import { fields } from '../../src/study/fields.ts';
import { presets } from '../../src/study/presets.ts';
import { configs } from './configs.ts';

const folder = mkdtempSync(join(tmpdir(), 'alva-config-'));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const configIn = (name: string, content: string | Uint8Array, changes: string[] = []) =>
  configOf(readConfigFile(file(name, content)), changes, 1);

describe('a config file', () => {
  test('is its preset, then its fields, then --set', () => {
    const config = configIn('layers.yaml', 'preset: smoke\nepisodes: 50\nrate: 2e-3\nmirror: true\n', ['rate=0.1']);
    expect(config).toEqual({ ...presets.smoke, episodes: 50, mirror: true, rate: 0.1, threads: 1 });
  });

  test('builds on the default preset where it names none, or on the one that the caller names', () => {
    const path = file('base.yaml', 'episodes: 50\n');
    expect(configOf(readConfigFile(path), [], 1)).toEqual({ ...presets.quick, episodes: 50, threads: 1 });
    const onStrong = configOf({ ...readConfigFile(path), preset: 'strong' }, [], 1);
    expect(onStrong).toEqual({ ...presets.strong, episodes: 50, threads: 1 });
  });

  test('may be JSON, with tabs, and name its schema', () => {
    const text = '{\n\t"$schema": "./config.schema.json",\n\t"preset": "smoke",\n\t"stayAway": "stay away from"\n}';
    expect(configIn('a.json', text)).toEqual({ ...presets.smoke, stayAway: 'stay away from', threads: 1 });
  });

  test('may be empty, begin with a byte order mark, end lines as Windows does, and have tags that say nothing new', () => {
    expect(configIn('empty.yaml', '# nothing yet\n')).toEqual({ ...presets.quick, threads: 1 });
    expect(configIn('windows.yml', '\ufeffseeds: !!int 4\r\nbatch: 64\r\n')).toMatchObject({ seeds: 4, batch: 64 });
  });

  test('says every mistake with its line, in the order of the file', () => {
    const text =
      'preset: smoke\nepisods: 3\nrate: fast\n\ndevice: cdua\nbatch: [1, 2]\nseeds:\nmirror: yes\nupdates: 1.5';
    const path = file('wrong.yaml', text);
    expect(() => configOf(readConfigFile(path))).toThrow(UsageError);
    const [first, ...lines] = messageOf(() => configOf(readConfigFile(path))).split('\n');
    expect(first).toMatch(/wrong\.yaml:2: unknown config field: episods \(did you mean "episodes"\?\); known: seeds, /);
    expect(lines).toEqual([
      `${path}:3: invalid rate: expected a number above 0, got "fast"`,
      `${path}:5: invalid device: expected "auto", "cpu" or "cuda", got "cdua" (did you mean "cuda"?)`,
      `${path}:6: invalid batch: expected a whole number from 1 to 65536, got a list`,
      `${path}:7: invalid seeds: expected a whole number from 1 to 100, got nothing`,
      `${path}:8: invalid mirror: expected true or false, got "yes"`,
      `${path}:9: invalid updates: expected a whole number from 1, got 1.5`,
    ]);
  });

  test.each([
    ['q.yaml', 'warmup: 5000', /q\.yaml:1: invalid warmup: expected at most the 3000 updates, got 5000$/],
    ['q.yaml', 'updates: 10', /q\.yaml: invalid warmup: expected at most the 10 updates, got 200$/],
    ['q.yaml', '\npreset: qick', /q\.yaml:2: unknown preset: qick \(did you mean "quick"\?\); known: smoke, /],
    ['q.yaml', 'preset: [full]', /q\.yaml:1: invalid preset: expected the name of one, got a list$/],
    ['q.yaml', '__proto__: 3', /q\.yaml:1: unknown config field: __proto__/],
    ['q.yaml', 'toString: 3', /q\.yaml:1: unknown config field: toString/],
    ['q.yaml', 'rate: .inf', /q\.yaml:1: invalid rate: .*got Infinity$/],
    ['q.yaml', 'just words', /q\.yaml:1: expected fields, each as "name: value"/],
    ['q.yaml', '- seeds', /q\.yaml:1: expected fields/],
    ['q.yaml', '[a, b]: 3', /q\.yaml:1: expected the name of a field/],
    ['q.yaml', '4: 3', /q\.yaml:1: expected the name of a field/],
    ['q.yaml', 'seeds: 3\n  batch: 4', /q\.yaml:1: a field stands within another/],
    ['q.yaml', "words: 'identity", /q\.yaml:1: Missing closing 'quote/],
    ['q.json', '{\n"seeds": 3,\n}', /q\.json:3: no JSON: /],
    ['q.json', '{"seeds": 3', /q\.json:1: no JSON: /],
    ['q.toml', 'seeds = 3', /q\.toml: expected a config in a file that ends with \.yaml, \.yml or \.json$/],
    ['q.yaml', new Uint8Array([0x61, 0x3a, 0xff, 0xfe]), /q\.yaml: expected text in UTF-8$/],
  ])('%s: %j is refused', (name, content, message) => {
    expect(() => configIn(name, content)).toThrow(message);
    expect(() => configIn(name, content)).toThrow(UsageError);
  });

  test('that is not there is a failure, not wrong usage', () => {
    const reading = () => readConfigFile(join(folder, 'none.yaml'));
    expect(reading).toThrow(/cannot read .*none\.yaml: ENOENT/);
    expect(reading).toThrow(AlvaError);
    expect(reading).not.toThrow(UsageError);
  });
});

describe('what a config never needs is refused before anything is built from it', () => {
  const laughs = [
    'a: &a [ha, ha, ha]',
    ...'bcdefghi'.split('').map((name, i) => `${name}: &${name} [*${'abcdefgh'[i]}, *${'abcdefgh'[i]}]`),
  ];
  test.each([
    ['a billion laughs', laughs.join('\n'), /:1: no anchors/],
    ['an anchor before all', '&a\nseeds: 3', /no anchors/],
    ['an anchor of a key', '&a seeds: 3', /no anchors/],
    ['an alias', 'seeds: *a', /:1: no aliases/],
    ['an alias as key', '*a : 3', /:1: no aliases/],
    ['60,000 open lists', '['.repeat(60_000), /:1: nested more than 8 deep/],
    ['60,000 open mappings', '{'.repeat(60_000), /:1: nested more than 8 deep/],
    ['30,000 lists in a line', '- '.repeat(30_000), /:1: nested more than 8 deep/],
    ['30,000 keys of keys', '? '.repeat(30_000), /:1: nested more than 8 deep/],
    ['nested in JSON', `{"a": ${'['.repeat(10)}${']'.repeat(10)}}`, /:1: nested more than 8 deep/],
    ['10 MB', 'x'.repeat(1e7), /expected a config of at most 65536 bytes, got 10000000 bytes$/],
    ['one byte too many', 'x'.repeat(65_537), /at most 65536 bytes/],
    ['thousands of keys', Array.from({ length: 6000 }, (_, i) => `k${i}: 1`).join('\n'), /more than 2000 keys/],
    ['a field twice', 'seeds: 3\nseeds: 4', /:2: this field stands twice$/],
    ['a program', 'seeds: !!js/function "function () {}"', /:1: Unresolved tag: tag:yaml\.org,2002:js\/function$/],
    ['a tag of its own', 'seeds: !three 3', /:1: Unresolved tag: !three$/],
    ['two documents', 'seeds: 3\n---\nseeds: 4', /more than one document/],
    ['another YAML', '%YAML 1.1\n---\nmirror: yes', /:1: no directives/],
  ])('%s', (name, content, message) => {
    const path = file(name === 'nested in JSON' ? 'hostile.json' : 'hostile.yaml', content);
    expect(() => readConfigFile(path)).toThrow(message);
    expect(() => readConfigFile(path)).toThrow(UsageError);
  });

  test('whatever the file holds, the answer is a config or a sentence', () => {
    const pieces = fc.constantFrom(
      'a',
      'seeds',
      ':',
      ' ',
      '\n',
      '-',
      '[',
      ']',
      '{',
      '}',
      ',',
      '&a',
      '*a',
      '!t',
      '"',
      "'",
      '|',
      '>',
      '?',
      '#',
      '%',
      '\t',
      '3',
      '---',
      '<<',
      '\u0000',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        const path = file('random.yaml', parts.join(''));
        try {
          configOf(readConfigFile(path));
        } catch (error) {
          expect(error).toBeInstanceOf(AlvaError);
          expect((error as Error).message).toContain('random.yaml');
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('what alva config prints', () => {
  test.each(['yaml', 'json'])('is read again as the same config, from .%s', (ending) => {
    const print = ending === 'yaml' ? configYaml : (config: object) => JSON.stringify(config, null, 2);
    fc.assert(
      fc.property(configs, (config) => {
        const path = file(`printed.${ending}`, print(config));
        expect(configOf(readConfigFile(path))).toEqual(config);
      }),
      { numRuns: 150, examples: [[{ ...configOf('quick'), sentences: '\n' }]] },
    );
  });

  test('has every field with its sentence, what the paper says, why alva decides, and the default', () => {
    const printed = configYaml(configOf('paper')).replaceAll(/\n# +/g, ' ');
    for (const [name, { help, paper, decides }] of Object.entries(fields)) {
      expect(printed).toMatch(new RegExp(`^${name}: `, 'm'));
      expect(printed).toContain(help);
      if (paper) expect(printed).toContain(`Paper, section ${paper}`);
      if (decides) expect(printed).toContain(`alva: ${decides}`);
      expect(printed).toContain(`Default: ${JSON.stringify(presets.quick[name as keyof typeof fields])}; `);
    }
    for (const line of configYaml(configOf('quick')).split('\n')) expect(line.length).toBeLessThanOrEqual(102);
  });

  test('explains one field', () => {
    const text = fieldText('updates', configOf('paper'));
    expect(text.split('\n')).toEqual([
      'updates: Updates of the network.',
      '  Expected: a whole number from 1',
      '  Value:    20000',
      '  Presets:  smoke 40, quick 3000, full 4000, paper 20000, strong 10000',
      '  Paper:    section 3: 20,000 epochs',
      '  alva:     "epochs" cannot be passes over the data; alva counts updates',
    ]);
  });
});

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}
