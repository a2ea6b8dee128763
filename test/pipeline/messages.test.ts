// What goes wrong for a newcomer, provoked through the real executable: each message has the cause, the place, and what to do next.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { writeNpy } from '../../src/base/npy.ts';
import { executable } from './executable.ts';
import { canBeAnother, nobody } from './rights.ts';

const folder = mkdtempSync(join(tmpdir(), 'alva-messages-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, text: string) => writeFileSync(join(folder, name), text);
file('bad.npy', 'not an array');
file('bad.safetensors', 'hello');
file('bad.parquet', 'nonsense');
file('bad.npz', 'PK');
file('bad.jsonl', '{"sentence": "go", "embedding": [1]}\nnope\n');
file('words.csv', 'a,b\n1,x\n');
file('file', 'x');
file('spaces.xyz', 'x');
file('many.yaml', 'seeds: many\n');
file('episods.yaml', 'preset: smoke\nepisods: 3\n');
file('list.json', '[1]');
file('one.txt', 'one sentence\n');
file('broken.json', '{"seeds": ');
mkdirSync(join(folder, 'folder.npy'));
mkdirSync(join(folder, 'model'));
mkdirSync(join(folder, 'broken'));
file('broken/config.json', '{"seeds": ');
symlinkSync('loop.npy', join(folder, 'loop.npy'));
const values = Float64Array.from({ length: 12 }, (_, i) => Math.sin(i));
writeNpy(join(folder, 'a.npy'), { shape: [6, 2], values });
writeNpy(join(folder, 'b.npy'), { shape: [4, 3], values });
writeNpy(join(folder, 'nan.npy'), { shape: [6, 2], values: values.with(5, Number.NaN) });

function alvaIn(args: readonly string[], options: { uid?: number; gid?: number } = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve(executable), ...args], {
    ...{ encoding: 'utf8', cwd: folder, env: { ...process.env, HF_HOME: join(folder, 'cache') } },
    ...options,
  });
  return { status, stdout, stderr };
}

interface Provoked {
  readonly args: string;
  readonly status: 1 | 2;
  readonly cause: RegExp;
  readonly place: RegExp;
  readonly next: RegExp;
}

const provoked = (args: string, status: 1 | 2, cause: RegExp, place: RegExp, next: RegExp): Provoked => ({
  ...{ args, status, cause, place, next },
});

const BEGIN = /(begin a run with|run) "alva replicate --out none"/;
const HELP = /--help for the options/;

const table: readonly Provoked[] = [
  // What the system refuses.
  provoked('compare no.npy no.npy', 1, /no such file/, /cannot read no\.npy/, /check the name, and the folder/),
  provoked('compare a.npy no.safetensors', 1, /no such file/, /read no\.safetensors/, /check the name/),
  provoked('compare a.npy a.npy --blocks no.csv', 1, /no such file/, /read no\.csv/, /check the name/),
  provoked('compare folder.npy a.npy', 1, /EISDIR/, /folder\.npy/, /that is a folder: name a file/),
  provoked('compare file/a.npy a.npy', 1, /ENOTDIR/, /file\/a\.npy/, /a part of the path is a file/),
  provoked('compare loop.npy a.npy', 1, /ELOOP/, /loop\.npy/, /links lead in a circle/),
  provoked('replicate --sentences no.txt --out r', 1, /no such file/, /read no\.txt/, /check the name/),
  provoked('replicate --config no.yaml --out r', 1, /no such file/, /read no\.yaml/, /check the name/),
  provoked(
    'replicate --preset smoke --out file',
    1,
    /ENOTDIR/,
    /file\/run\.lock/,
    /a folder is wanted: choose another path/,
  ),
  provoked('replicate --preset smoke --out file/run', 1, /ENOTDIR/, /file\/run/, /choose another path/),
  provoked('show --out folder.npy/x.png/../../file/x.png', 1, /EEXIST|ENOTDIR/, /cannot write/, /choose another path/),
  // Files that are not what they should be.
  provoked(
    'compare bad.npy a.npy',
    1,
    /it is not a \.npy file/,
    /read bad\.npy/,
    /written by something else than numpy/,
  ),
  provoked('compare bad.safetensors a.npy', 1, /header length/, /read bad\.safetensors/, /damaged or not safetensors/),
  provoked('compare bad.parquet a.npy', 1, /does not begin and end/, /read bad\.parquet/, /damaged or not Parquet/),
  provoked('compare bad.npz a.npy', 1, /truncated/, /read bad\.npz/, /damaged or not a zip/),
  provoked(
    'compare bad.jsonl a.npy',
    1,
    /is not a JSON object/,
    /read bad\.jsonl: line 2/,
    /expected one in each line/,
  ),
  provoked('compare words.csv a.npy', 2, /unknown sentence column/, /words\.csv/, /--sentence-column.*known: a, b/),
  provoked('compare spaces.xyz a.npy', 2, /unknown ending/, /spaces\.xyz/, /known: \.safetensors, \.npy/),
  provoked('compare a.npy b.npy', 1, /6 rows and b\.npy has 4/, /a\.npy/, /compare spaces of the same sentences/),
  provoked('compare a.npy nan.npy', 1, /NaN/, /nan\.npy .*row 2, column 1/, /repair or leave out/),
  provoked('align --out broken', 1, /JSON/, /read broken\/config\.json/, /put it right, or delete it/),
  // Wrong usage.
  provoked('embed --pooling cls', 2, /--pooling goes with --model/, /--pooling/, /add it, or leave out/),
  provoked('replicate --port 8080', 2, /--port goes with --watch/, /--port/, /add it, or leave out/),
  provoked('compare a.npy', 2, /at least two files, got 1/, /spaces/, /alva compare mine\.npy/),
  provoked('compare a.npy a.npy --k 50', 2, /got 50/, /--k/, /from 1 to 5/),
  provoked('compare a.npy a.npy --k x', 2, /got "x"/, /--k/, HELP),
  provoked('compare a.npy a.npy --measures cka', 2, /unknown measure: cka/, /measure/, /known: precision_at_k/),
  provoked('replicate --config many.yaml --out r', 2, /got "many"/, /many\.yaml:1: invalid seeds/, /from 1 to 100/),
  provoked('replicate --config episods.yaml --out r', 2, /unknown/, /episods\.yaml:2/, /did you mean "episodes"/),
  provoked(
    'replicate --config list.json --out r',
    2,
    /a list/,
    /list\.json:1/,
    /expected fields, each as "name: value"/,
  ),
  provoked('replicate --config file --out r', 2, /ends with/, /^alva: file:/, /\.yaml, \.yml or \.json/),
  provoked('replicate --sentences one.txt --out r', 2, /got 1/, /sentences of one\.txt/, /at least 3/),
  provoked('replicate --set rate', 2, /got "rate"/, /--set/, /key=value/),
  provoked('replicate --set rate=-1', 2, /got -1/, /rate/, /above 0/),
  provoked('replicate --set bach=3', 2, /unknown/, /config field: bach/, /did you mean "batch"/),
  provoked('replicate --preset huge', 2, /unknown/, /preset: huge/, /known: smoke/),
  provoked('nonsense', 2, /unknown command/, /nonsense/, HELP),
  provoked('show --task GOTO --out x.png', 2, /unknown/, /task: GOTO/, /did you mean "GO-TO"/),
  provoked('show --out x.bmp', 2, /got "x\.bmp"/, /--out/, /\.png, \.gif, \.webp/),
  provoked('figure pie --run none', 2, /unknown/, /figure: pie/, /known: .*heatmap/),
  // Runs and models that are not there.
  ...['replicate --resume', 'align', 'train', 'report', 'status'].map((verb) =>
    provoked(`${verb} --out none`, 1, /missing/, /config\.json/, BEGIN),
  ),
  provoked('eval --run none --seed 0', 1, /missing/, /config\.json in none/, BEGIN),
  provoked('embed --model bert --model-path none', 1, /missing/, /none/, /give the folder/),
  provoked('embed --model bert --model-path model', 1, /missing config\.json/, /in model/, /a model folder holds/),
  provoked(
    'embed --model bert --offline',
    1,
    /not on this machine/,
    /looked in .*cache/,
    /leave that out, or name a folder/,
  ),
];

describe('cause, place, and what to do next', () => {
  test.each(table)(
    'alva $args',
    ({ args, status, cause, place, next }) => {
      const { status: left, stderr } = alvaIn(args.split(' '));
      for (const part of [cause, place, next]) expect(stderr).toMatch(part);
      expect(stderr).not.toMatch(/^ {4}at /m);
      expect(left).toBe(status);
    },
    120_000,
  );
});

test('a batch that the demonstrations cannot fill: what to lower or raise, and that the same config fails again', () => {
  const changes = ['episodes=5', 'batch=4096', 'seeds=1', 'shuffledSeeds=0'].flatMap((each) => ['--set', each]);
  const { status, stderr } = alvaIn(['replicate', '--preset', 'smoke', '--out', 'batch', ...changes]);
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^alva: seed 00 failed: invalid batch: expected at most the \d+ steps of the demonstrations \(lower it, or raise episodes\), got 4096; finished seeds are kept, but the same config fails again; change it with --set, into another --out$/m,
  );
}, 240_000);

test.skipIf(!canBeAnother)('files and folders of others (skipped where no other user can be taken)', () => {
  chmodSync(folder, 0o755);
  writeNpy(join(folder, 'secret.npy'), { shape: [6, 2], values });
  chmodSync(join(folder, 'secret.npy'), 0o600);
  const read = alvaIn(['compare', 'secret.npy', 'a.npy'], nobody);
  expect(read.stderr).toMatch(
    /cannot read secret\.npy: EACCES: permission denied.*; this user has no right to: change/,
  );
  const write = alvaIn(['replicate', '--preset', 'smoke', '--out', 'theirs'], nobody);
  expect(write.stderr).toMatch(/EACCES: permission denied, mkdir 'theirs'.*change the permissions, or/);
  expect([read.status, write.status]).toEqual([1, 1]);
});

test('a command to copy names a folder as a shell reads it', () => {
  expect(alvaIn(['status', '--out', "a run's folder"]).stderr).toContain(
    `begin a run with "alva replicate --out 'a run'\\''s folder'"`,
  );
});

test.skipIf(!existsSync('/dev/full'))('a device without room behind the standard output', () => {
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(process.execPath, [executable, 'config'], {
    ...{ encoding: 'utf8', stdio: ['ignore', full, 'pipe'] },
  });
  closeSync(full);
  expect([status, stderr]).toEqual([
    1,
    expect.stringMatching(/^alva: cannot write to the standard output: ENOSPC: .*; the disk is full: make room, and/),
  ]);
});

test('control characters of a file do not reach the terminal, neither in an error nor in a result', () => {
  file('steers.json', '{"a\\u001b[31mred": 3}');
  expect(alvaIn(['config', '--config', 'steers.json']).stderr).toContain(
    'unknown config field: a\\u001b[31mred; known: ',
  );
  file('steers.csv', 'sentence,verb\u001b[31m,x,y\ngo on,go,1,2\ngo in,go,2,1\nput in,put,3,5\nput on,put,2,2\n');
  const { stdout, stderr } = alvaIn(['compare', 'steers.csv', 'b.npy', '--blocks', 'verb\u001b[31m']);
  expect(stdout + stderr).toContain('verb\\u001b[31m');
  expect(stdout + stderr).not.toContain('\u001b');
});

test.each([{ flags: ['--json'] }, { flags: [] }])('and come back as they were (alva config $flags)', ({ flags }) => {
  const sentences = 'a\u009bb\u007fc\u001bd';
  const { stdout } = alvaIn(['config', ...flags, '--set', `sentences=${sentences}`]);
  expect(stdout).not.toMatch(/[^\P{Cc}\t\n]/u);
  expect(parse(stdout).sentences).toBe(sentences);
});
