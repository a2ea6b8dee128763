import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AlvaError } from '../../src/base/errors.ts';
import { randomFrom } from '../../src/base/random.ts';
import { type Patience, patienceFor, readParquet } from '../../src/embed/parquet.ts';
import { readTable } from '../../src/embed/tabular.ts';

const golden = fileURLToPath(new URL('../golden/spaces/', import.meta.url));
const built = new URL('../../dist/embed/parquet.js', import.meta.url).href;
const goldenFiles = readdirSync(golden).filter((name) => name.endsWith('.parquet'));

let folder: string;
let nFiles = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'alva-parquet-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function written(bytes: Uint8Array): string {
  const path = join(folder, `${nFiles++}.parquet`);
  writeFileSync(path, bytes);
  return path;
}

async function refusal(bytes: Uint8Array, patience?: Patience): Promise<string> {
  const path = written(bytes);
  const error = await readParquet(path, patience).then(
    () => new Error('nothing was refused'),
    (why: Error) => why,
  );
  expect(error, error.message).toBeInstanceOf(AlvaError);
  expect(error.message).toContain(`cannot read ${path}: `);
  return error.message;
}

const sentences = Array.from({ length: 100 }, (_, i) => (i % 3 ? 'go to the red ball' : 'avoid the key'));
const x = sentences.map((_, i) => (i % 2 ? i : null));

/** Uncompressed: a dictionary of sentences, numbers some of which are missing, and lists. */
const whole = Buffer.from(
  parquetWriteBuffer({
    codec: 'UNCOMPRESSED',
    columnData: [
      { name: 'sentence', data: sentences, type: 'STRING', nullable: true },
      { name: 'x', data: x, type: 'DOUBLE', nullable: true },
      { name: 'e', data: sentences.map((_, i) => [i, 1, 1]) },
    ],
  }),
);

function changed(at: number, ...values: number[]): Buffer {
  const bytes = Buffer.from(whole);
  bytes.set(values, at);
  return bytes;
}

/** The page of sentences: a run of 100 ones (none is missing), then the width of an index, 1 bit, and the indices. */
const levels = whole.indexOf(Buffer.of(0xc8, 0x01, 0x01, 0x01));
const width = levels + 3;

test('a whole file is read, missing numbers and lists too', async () => {
  const { columns, rows } = await readTable(written(whole));
  expect(columns).toEqual(['sentence', 'x', 'e']);
  expect(rows).toEqual(sentences.map((sentence, i) => [sentence, x[i], [i, 1, 1]]));
});

test('a file of a name that reads as an option', async () => {
  const before = process.cwd();
  process.chdir(folder);
  try {
    writeFileSync('--print.parquet', whole);
    expect((await readParquet('--print.parquet')).rows).toHaveLength(100);
  } finally {
    process.chdir(before);
  }
});

describe('refused with the reason:', () => {
  const short = { seconds: 0.7, mebibytes: 512 };
  const runs = {
    'a run of a thousand million values': changed(levels, 0xfe, 0xff, 0xff, 0xff, 0x07),
    'a packed run of less than no values, of no bits each': changed(width, 0x00, 0xff, 0xff, 0xff, 0xff, 0x0f),
  };

  test.each(Object.entries(runs))('%s', async (_, bytes) => {
    expect(levels).toBeGreaterThan(0);
    expect(await refusal(bytes, short)).toMatch(/takes more than .*damaged, or too large/);
  });

  test('more memory than it may take', async () => {
    expect(await refusal(whole, { seconds: 30, mebibytes: 1 })).toMatch(/more than 1 MiB; the file is damaged, or too/);
  });

  test('an error in a column after others have begun, which fail too', async () => {
    const heard: unknown[] = [];
    const hear = (error: unknown) => heard.push(error);
    process.on('unhandledRejection', hear);
    const bytes = changed(levels, 0xff, 0xff, 0xff, 0xff, 0x0f);
    bytes.write('y', bytes.lastIndexOf('\x19\x18\x01x', undefined, 'latin1') + 3);
    expect(await refusal(bytes)).toMatch(/schema element not found.*damaged or not Parquet/);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', hear);
    expect(heard).toEqual([]);
  });

  test('more rows than bytes, no Parquet at all, no file', async () => {
    const nRows = whole.lastIndexOf(Buffer.of(0x16, 0xc8, 0x01)); // of the one group of rows
    expect(await refusal(changed(nRows + 1, 0xfe, 0x7f))).toMatch(/it claims 8191 rows; the file is damaged/);
    const other = Buffer.from('PAR2 and then nothing');
    expect(await refusal(other)).toMatch(/damaged or not Parquet/);
    expect(await refusal(Buffer.from('PAR1PAR1'))).toMatch(/damaged or not Parquet/);
    await expect(readParquet(join(folder, 'absent.parquet'))).rejects.toThrow(/cannot read .*absent/);
  });
});

test('whatever bytes are changed, it is a table or an AlvaError, and soon', async () => {
  const random = randomFrom(7, 'mutations');
  const patience = { seconds: 3, mebibytes: 256 };
  for (const name of [...goldenFiles, ...goldenFiles]) {
    const bytes = readFileSync(join(golden, name));
    for (let n = random.below(4); n >= 0; n--) bytes[4 + random.below(bytes.length - 8)] = random.below(256);
    const path = written(bytes);
    const result = await readParquet(path, patience).catch((error: unknown) => error);
    if (result instanceof AlvaError) expect(result.message).toContain(`cannot read ${path}: `);
    else expect(result).toMatchObject({ columns: expect.any(Array), rows: expect.any(Array) });
  }
});

test.skipIf(process.platform !== 'linux')('a process that is killed leaves none behind that decodes', async () => {
  const path = written(changed(levels, 0xfe, 0xff, 0xff, 0xff, 0x07));
  const program = `(await import(${JSON.stringify(built)})).readParquet(process.argv[1])`;
  const reader = spawn(process.execPath, ['--input-type=module', '--eval', program, path]);
  const children = () => readFileSync(`/proc/${reader.pid}/task/${reader.pid}/children`, 'utf8').trim();
  while (!children()) await setTimeout(50);
  const child = Number(children());
  const cpuTime = () => Number(readFileSync(`/proc/${child}/stat`, 'utf8').split(' ')[13]);
  while (cpuTime() < 50) await setTimeout(50); // half a second: it is in its endless run
  reader.kill('SIGKILL');
  const isDecoding = () =>
    existsSync(`/proc/${child}`) && !/^\S+ \(.*\) Z/.test(readFileSync(`/proc/${child}/stat`, 'utf8'));
  while (isDecoding()) await setTimeout(50);
  expect(isDecoding()).toBe(false);
});

test('the patience grows with the file', () => {
  expect(patienceFor(0)).toEqual({ seconds: 30, mebibytes: 1024 });
  expect(patienceFor(10e6)).toEqual({ seconds: 50, mebibytes: 1664 });
});
