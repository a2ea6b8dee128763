// Spaces and sentences of one's own, through the real executable.
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { beforeAll, describe, expect, test } from 'vitest';
import { sentencesHash } from '../../src/base/files.ts';
import { readNpy, writeNpy } from '../../src/base/npy.ts';
import type { AlignmentRecord } from '../../src/base/records.ts';
import { readSpace, writeSpace } from '../../src/embed/space.ts';
import { alva } from './executable.ts';
import { hashes, settings } from './toy.ts';

const folder = mkdtempSync(join(tmpdir(), 'alva-sentences-'));
const LONG = 300_000;
const record = (run: string): AlignmentRecord => JSON.parse(readFileSync(join(run, 'alignment.json'), 'utf8'));

const animals = ['cat', 'dog', 'cow', 'hen'];
const rows = animals.flatMap((animal) =>
  ['eats', 'runs', 'sleeps', 'waits', 'hides'].map((action) => ({
    sentence: `the ${animal} ${action}`,
    animal,
    action,
  })),
);
const sentences = rows.map(({ sentence }) => sentence);
const list = join(folder, 'animals.csv');
/** Neighbours share the animal first, then the action: a space whose P@k with the animal is known. */
const numbers = rows.map(({ animal, action }, i) => [animals.indexOf(animal) * 10, action.length, i]);
const table = join(folder, 'some-model.csv');
const lines = rows.map(({ sentence, animal }, i) => [sentence, animal, ...numbers[i]].join(','));
const run = join(folder, 'own');

beforeAll(() => {
  const fields = ['sentence', 'animal', 'action'] as const;
  writeFileSync(list, [fields, ...rows.map((row) => fields.map((name) => row[name]))].map(String).join('\n'));
  writeFileSync(table, ['sentence,animal,x,y,z', ...lines.reverse(), 'a unicorn,unicorn,1,2,3'].join('\n'));
});

describe('sentences of one’s own', () => {
  test('go through the whole line; the ALM and the shipped spaces are left out, with the reason', () => {
    const { status, stderr, stdout } = alva('replicate', '--sentences', list, '--out', run, ...settings);
    expect(status).toBe(0);
    expect(stderr).toMatch(/demos: nothing to record, because the ALM is left out: 20 of 20 sentences .*"cat", "eats"/);
    expect(stderr).toContain('train: nothing to train');
    expect(stderr).toMatch(/smollm2-135m\.safetensors is left out: it was made of other sentences/);
    const spaces = readdirSync(join(run, 'embeddings')).filter((name) => name.endsWith('.safetensors'));
    expect(spaces.sort()).toEqual(
      ['action-only', 'animal-only', 'bag-of-words', 'random-00', 'random-01'].map((name) => `${name}.safetensors`),
    );
    expect(existsSync(join(run, 'demos.safetensors')) || existsSync(join(run, 'seeds'))).toBe(false);
    expect(record(run).sentences).toEqual({ count: 20, sha256: sentencesHash(sentences) });
    expect(stdout).toContain('report.html');
  });

  test(
    'leave nothing to be made: status and the plan know that no shipped space is of them',
    () => {
      const { status, stdout } = alva('status', '--out', run, '--json');
      expect(status).toBe(0);
      expect(JSON.parse(stdout).filter(({ state }: { state: string }) => state !== 'done')).toEqual([]);
      const planned = alva(
        'replicate',
        '--sentences',
        list,
        '--out',
        join(folder, 'planned'),
        '--dry-run',
        ...settings,
      );
      expect(planned.stdout).toMatch(/embed +made +5 spaces/);
    },
    LONG,
  );

  test('spaces are brought by --from and by dropping files in, compared by sentence and reported', () => {
    const brought = alva('embed', '--from', table, '--name', 'mine', '--out', run);
    expect(brought.stderr).toBe('');
    expect(brought.stdout).toMatch(
      /some-model\.csv: columns .* left out: "animal"\n.*1 sentence that .* left out: "a unicorn"\n.*mine\.safetensors: 20 x 3, /s,
    );
    const { metadata } = readSpace(join(run, 'embeddings/mine.safetensors'), sentences);
    expect(metadata).toMatchObject({ model: 'mine', command: 'alva embed --from some-model.csv --name mine' });
    const columnData = [
      { name: 'sentence', data: sentences, type: 'STRING' as const },
      ...[0, 1, 2].map((j) => ({ name: `d${j}`, data: numbers.map((row) => row[j]), type: 'DOUBLE' as const })),
    ];
    writeFileSync(join(run, 'embeddings/dropped.parquet'), Buffer.from(parquetWriteBuffer({ columnData })));
    writeNpy(join(run, 'embeddings/trusted.npy'), { shape: [20, 3], values: Float64Array.from(numbers.flat()) });

    const { status, stderr } = alva('align', '--out', run);
    expect(status).toBe(0);
    expect(stderr).toContain('trusted.npy: it does not tell its sentences: by its number of rows (20)');
    const { pairs, spaces } = record(run);
    const value = (a: string, b: string) => pairs.find((pair) => pair.a === a && pair.b === b)!.precisionAtK;
    for (const { value: p } of [...value('dropped', 'mine'), ...value('mine', 'trusted')]) expect(p).toBe(1);
    expect(Object.keys(value('animal-only', 'mine')[0].within)).toEqual(['animal', 'action']);
    expect(spaces.find(({ name }) => name === 'mine')!.source).toContain('rows matched by sentence');
    const csv = readFileSync(join(run, 'alignment.csv'), 'utf8');
    expect(csv.split('\n')[0]).toContain(',p_block_animal,p_block_action,');
    const reported = alva('report', '--out', run);
    expect(reported.status).toBe(0);
    expect(reported.stdout).toMatch(/^ {2}mine +dropped +1\.000/m);
    const page = readFileSync(join(run, 'report.html'), 'utf8');
    for (const text of ['within one animal', 'within one action', 'trusted.npy', '20 sentences'])
      expect(page).toContain(text);
    expect(page).not.toContain('Beside the paper’s Table 1');
  });

  test('the same bytes come again, also when the list is gone, and from another folder', () => {
    const again = join(folder, 'again');
    cpSync(run, again, { recursive: true });
    writeFileSync(join(again, 'config.json'), readFileSync(join(run, 'config.json'), 'utf8').replace(list, 'gone.csv'));
    expect(alva('embed', '--out', again).stderr).toMatch(/config\.json is not as alva wrote it/);
    expect(alva('status', '--accept', 'config.json', '--out', again).status).toBe(0);
    const before = hashes(again);
    for (const verb of ['embed', 'align']) expect(alva(verb, '--out', again).status).toBe(0);
    const changed = Object.entries(hashes(again)).filter(([name, hash]) => before[name] !== hash);
    expect(changed).toEqual([]);
  });

  test.each([
    ['a byte that is no letter', (bytes: Buffer) => bytes.fill(0xff, 20, 21)],
    ['a quote', (bytes: Buffer) => bytes.fill('"', 20, 21)],
    ['another letter', (bytes: Buffer) => bytes.fill('z', 20, 21)],
  ])(
    'the copy of the list, damaged by %s, is made again from the list',
    (what, damage) => {
      const damaged = join(folder, `damaged by ${what}`);
      cpSync(run, damaged, { recursive: true });
      const copy = join(damaged, 'sentences.csv');
      writeFileSync(copy, damage(readFileSync(copy)));
      expect(alva('status', '--out', damaged).stdout).toMatch(/sentences\.csv +damaged/);
      const { status, stderr } = alva('embed', '--out', damaged);
      expect(status, stderr).toBe(0);
      expect(readFileSync(copy).equals(readFileSync(join(run, 'sentences.csv')))).toBe(true);
    },
    LONG,
  );

  test('spaces of other sentences are refused, all at once, and nothing is written', () => {
    const mixed = join(folder, 'mixed');
    cpSync(run, mixed, { recursive: true });
    cpSync('data/reference/smollm2-135m.safetensors', join(mixed, 'embeddings/smollm2-135m.safetensors'));
    writeFileSync(join(mixed, 'embeddings/part.csv'), `sentence,x\n${sentences[0]},1\n`);
    const before = hashes(mixed);
    const { status, stderr } = alva('align', '--out', mixed);
    expect(status).toBe(1);
    expect(stderr).toMatch(/part\.csv lacks 19 of the 20 sentences of .*: "the cat runs", .* and 14 more\n/);
    expect(stderr).toMatch(/smollm2-135m\.safetensors has 108 rows, .*mixed has 20 sentences/);
    expect(hashes(mixed)).toEqual(before);
  });

  test.each([
    [
      ['replicate', '--preset', 'smoke', '--out', run],
      2,
      /was begun with other sentences or attributes; choose another --out/,
    ],
    [['replicate', '--resume', '--sentences', list, '--out', run], 2, /leave out .*--sentences/],
    [['replicate', '--sentences', 'nowhere.txt', '--out', join(folder, 'new')], 1, /cannot read nowhere\.txt/],
    [['embed', '--from', 'x.csv', '--model', 'smollm2-135m'], 2, /leave out one of them/],
    [['embed', '--from', 'x.xlsx', '--out', run], 2, /unknown ending of x\.xlsx/],
    [
      ['embed', '--from', table, '--sentence-column', 'text', '--out', run],
      2,
      /unknown sentence column .*: text; known: sentence, animal/,
    ],
    [
      ['embed', '--from', table, '--out', join(folder, 'x.safetensors')],
      1,
      /lacks 108 of the 108 sentences of the 108 instructions/,
    ],
  ])('alva %j is refused', (args, status, message) => {
    const result = alva(...args);
    expect(result.stderr).toMatch(message);
    expect(result.status).toBe(status);
    expect(existsSync(join(folder, 'new'))).toBe(false);
  });
});

test(
  'some of the instructions, in any order: the ALM is trained on all and compared on these',
  () => {
    const some = join(folder, 'some');
    const few = join(folder, 'few.txt');
    const chosen = [
      'avoid the red ball',
      'go to the red ball',
      'pick up the grey key',
      'go to the blue box',
      'avoid the grey key',
    ];
    writeFileSync(few, chosen.join('\n'));
    const one = ['--set', 'seeds=1', '--set', 'shuffledSeeds=0'];
    const { status, stdout } = alva('replicate', '--sentences', few, '--out', some, ...settings, ...one);
    expect(status).toBe(0);
    const alm = readSpace(join(some, 'embeddings/alm-00.safetensors'), chosen);
    expect([alm.space.rows, alm.space.columns]).toEqual([5, 128]);
    expect(alm.metadata).toMatchObject({ model: 'alm-00', pooling: 'E_L, equation 2', dtype: 'float32' });
    expect(alm.metadata.files).toMatch(/^weights\.safetensors sha256:[0-9a-f]{64}$/);
    expect(stdout).toMatch(/P@1 +P@4 +disparity/);
  },
  LONG,
);

describe('alva compare', () => {
  test('matches rows by sentence, in whatever order the files have them', () => {
    const other = join(folder, 'other.jsonl');
    const objects = rows.map(({ sentence }, i) => JSON.stringify({ sentence, embedding: numbers[i] }));
    writeFileSync(other, objects.join('\n'));
    const own = join(run, 'embeddings/mine.safetensors');
    const compared = (...paths: string[]): AlignmentRecord =>
      JSON.parse(alva('compare', ...paths, '--json', '--permutations', '99').stdout);
    for (const paths of [
      [other, table],
      [table, other],
      [own, other],
      [own, table, '--sentences', list],
    ]) {
      const { pairs, sentences: told } = compared(...paths);
      for (const { value } of pairs[0].precisionAtK) expect(value).toBe(1);
      expect(told).toEqual({ count: 20, sha256: sentencesHash(sentences) });
    }
  });

  test('refuses other sentences, naming the files', () => {
    const { status, stderr } = alva('compare', table, 'data/reference/smollm2-135m.safetensors');
    expect(status).toBe(1);
    expect(stderr).toMatch(/some-model\.csv lacks 108 of the 108 sentences of the 108 instructions/);
    const hashed = alva('compare', join(run, 'embeddings/mine.safetensors'), table);
    expect(hashed.stderr).toMatch(
      /mine\.safetensors tells only the hash .* not that of .*some-model\.csv; .*give the list with --sentences/,
    );
    expect(hashed.status).toBe(1);
    const [a, b] = ['a', 'b'].map((name) => {
      const path = join(folder, `${name}.safetensors`);
      const { shape, values } = readNpy(join(run, 'embeddings/trusted.npy'));
      const space = { rows: shape[0], columns: shape[1], values: values as Float64Array };
      writeSpace(path, { space, metadata: { sentences: sentencesHash([name]) } });
      return path;
    });
    expect(alva('compare', a, b).stderr).toMatch(/a\.safetensors and .*b\.safetensors embed different sentences/);
  });
});
