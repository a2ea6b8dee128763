// Parquet files, decoded in a process of their own, that one which is damaged or hostile cannot take this one with it.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { deserialize } from 'node:v8';
import { AlvaError, causeOf } from '../base/errors.ts';

const resolve = createRequire(import.meta.url).resolve;
const packages = ['hyparquet', 'hyparquet-compressors'].map((name) => pathToFileURL(resolve(name)).href);

// Text, since it must run as it stands, wherever this module came from. An error that nobody awaits ends it as any other does:
// of a damaged file hyparquet may throw when it has begun some columns, which then fail with nobody to hear.
// While it decodes it hears nothing, so a thread of its own sees to it that it does not outlive the process that asked.
const program = `
import { readFileSync } from 'node:fs';
import { serialize } from 'node:v8';
import { Worker } from 'node:worker_threads';
const watch = 'setInterval(() => process.ppid === ' + process.ppid + ' || process.kill(process.pid, "SIGKILL"), 500)';
new Worker(watch, { eval: true }).unref();
const refuse = (error) => process.stdout.write(serialize({ refusal: error.message }), () => process.exit());
process.on('uncaughtException', refuse);
try {
  const [path, hyparquet, hyparquetCompressors] = process.argv.slice(1);
  const { parquetMetadata, parquetReadObjects, parquetSchema } = await import(hyparquet);
  const { buffer, byteOffset, byteLength } = readFileSync(path);
  const file = buffer.slice(byteOffset, byteOffset + byteLength);
  const metadata = parquetMetadata(file);
  for (const { num_rows } of [metadata, ...metadata.row_groups])
    if (Number(num_rows) > byteLength) throw new Error('it claims ' + num_rows + ' rows');
  const columns = parquetSchema(metadata).children.map(({ element }) => element.name);
  const { compressors } = await import(hyparquetCompressors);
  const objects = await parquetReadObjects({ file, metadata, compressors });
  process.stdout.write(serialize({ columns, rows: objects.map((object) => columns.map((name) => object[name])) }));
} catch (error) {
  refuse(error);
}`;

export interface ParquetRows {
  /** Names of the columns at the top of the schema. */
  readonly columns: readonly string[];
  /** One list a row, a cell for each column. */
  readonly rows: readonly (readonly unknown[])[];
}

export interface Patience {
  readonly seconds: number;
  /** Of heap. */
  readonly mebibytes: number;
}

/** Some tens of times what a file of so many bytes takes, on a machine that is busy with other things too. */
export function patienceFor(nBytes: number): Patience {
  const megabytes = Math.ceil(nBytes / 1e6);
  return { seconds: 30 + 2 * megabytes, mebibytes: 1024 + 64 * megabytes };
}

/**
 * The rows of a Parquet file. Throws an AlvaError where it is damaged, or takes more than `patience`: run lengths and
 * counts in it are believed while it is decoded, so that a few wrong bytes can ask for hours, or for more memory than there is.
 */
export async function readParquet(path: string, patience?: Patience): Promise<ParquetRows> {
  try {
    const bytes = readFileSync(path);
    const { seconds, mebibytes } = patience ?? patienceFor(bytes.length);
    refuseOther(bytes);
    const result = await decoded(path, seconds, mebibytes);
    if ('refusal' in result) throw new Error(`${result.refusal}; the file is damaged or not Parquet`);
    return result;
  } catch (error) {
    throw new AlvaError(`cannot read ${path}: ${causeOf(error)}`);
  }
}

/** Most damaged files are cut ones, and those need no process to be known. */
function refuseOther(bytes: Buffer): void {
  const [head, tail] = [bytes.subarray(0, 4), bytes.subarray(-4)].map((magic) => magic.toString('latin1'));
  if (bytes.length < 12 || head !== 'PAR1' || tail !== 'PAR1')
    throw new Error('it does not begin and end as Parquet does; the file is damaged or not Parquet');
}

async function decoded(path: string, seconds: number, mebibytes: number): Promise<ParquetRows | { refusal: string }> {
  const flags = [`--max-old-space-size=${mebibytes}`, '--input-type=module', '--eval', program];
  const limits = { timeout: 1000 * seconds, maxBuffer: mebibytes * 2 ** 20, killSignal: 'SIGKILL' as const };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, '--', path, ...packages], {
      ...limits,
      encoding: 'buffer',
      windowsHide: true,
    });
    return deserialize(stdout);
  } catch (error) {
    const { killed, signal, code } = error as { killed?: boolean; signal?: string; code?: unknown };
    const cause = killed
      ? `it takes more than ${seconds} seconds or ${mebibytes} MiB`
      : `the process that decoded it was ended by ${signal ?? code}, as when it takes more than ${mebibytes} MiB`;
    throw new Error(`${cause}; the file is damaged, or too large: write it as .npz or .safetensors`);
  }
}
