// Files read in a child process that may take so much memory and time, and no more.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What came of the files of a folder; some are read in several ways. */
export interface Told {
  readonly read: number;
  readonly refused: number;
  /** Milliseconds, and of which file. */
  readonly slowest: number;
  readonly slowestFile: string;
  /** The refusals of each file that was refused, one a line. */
  readonly messages: Readonly<Record<string, string>>;
  /** Most resident memory, Node's own 60 included. */
  readonly mebibytes: number;
}

/** Of heap. Buffers are beside it; their size is told by `mebibytes`. */
const HEAP_MEBIBYTES = 256;
const program = fileURLToPath(new URL('reader.mjs', import.meta.url));
const dist = process.env.ALVA_DIST ?? fileURLToPath(new URL('../../dist', import.meta.url));

/** Throws where the child did not end well, with the file that it read last. */
export function readAll(folder: string, seconds: number): Told {
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    [`--max-old-space-size=${HEAP_MEBIBYTES}`, program, dist, folder],
    { encoding: 'utf8', timeout: 1000 * seconds, killSignal: 'SIGKILL', maxBuffer: 2 ** 30 },
  );
  if (status === 0) return JSON.parse(stdout);
  const lines = stderr.split('\n');
  const last = lines.findLast((line) => /^[\w-]+\.\w+$/.test(line));
  const rest = lines.slice(lines.lastIndexOf(last ?? '') + 1).join('\n');
  throw new Error(`${last} ended the process (${signal ?? `exit code ${status}`}): ${rest.slice(0, 2000)}`);
}
