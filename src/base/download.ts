// Files of a model hub: fetched once, resumed where a fetch broke off, checked by their SHA-256.

import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AlvaError } from './errors.ts';

/** Where the model hub is: HF_ENDPOINT, as its own tools have it, else huggingface.co. */
export function hubEndpoint(env: NodeJS.ProcessEnv = process.env): string {
  return (env.HF_ENDPOINT ?? 'https://huggingface.co').replace(/\/+$/, '');
}

/** The folder for what is fetched once for all runs: ALVA_CACHE, else the system's place for caches. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env.ALVA_CACHE ?? join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'alva');
}

/** The address of a file of the newest revision of a repository. */
export const hubUrl = (repository: string, file: string, endpoint = hubEndpoint()): string =>
  `${endpoint}/${repository}/resolve/main/${file}`;

/**
 * Fetches `url` to `path`, whole or not at all; what a broken fetch left in `path`.part is gone on with. Where the server
 * tells the file's SHA-256 (X-Linked-Etag, as the model hub does), another one is refused.
 */
export async function download(
  url: string,
  path: string,
  progress?: (done: number, total: number) => void,
): Promise<void> {
  const part = `${path}.part`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    const expected = await toldHash(url);
    const have = existsSync(part) ? statSync(part).size : 0;
    let response = await fetch(url, have > 0 ? { headers: { Range: `bytes=${have}-` } } : {});
    // 416: nothing follows what is there, which may be the whole file; its hash will tell.
    const isWhole = response.status === 416 && expected !== undefined && (await fileHash(part)) === expected;
    if (response.status === 416 && !isWhole) {
      rmSync(part);
      response = await fetch(url);
    }
    if (!isWhole) await store(response, part, response.status === 206 ? have : 0, progress);
    const actual = await fileHash(part);
    if (expected !== undefined && actual !== expected) {
      rmSync(part);
      throw new Error(`its SHA-256 is ${actual}, the server says ${expected}; what came is deleted`);
    }
    renameSync(part, path);
  } catch (error) {
    const cause = (error as Error).cause as Error | undefined;
    throw new AlvaError(`cannot fetch ${url}: ${cause?.message ?? (error as Error).message}`);
  }
}

/** What the hub says before it sends one on to where the file lies. */
async function toldHash(url: string): Promise<string | undefined> {
  const { headers } = await fetch(url, { method: 'HEAD', redirect: 'manual' });
  const tag = headers.get('x-linked-etag')?.replaceAll('"', '');
  return tag && /^[0-9a-f]{64}$/.test(tag) ? tag : undefined;
}

async function store(
  response: Response,
  part: string,
  from: number,
  progress: ((done: number, total: number) => void) | undefined,
): Promise<void> {
  if (!response.ok || !response.body) throw new Error(`the server answers ${response.status} ${response.statusText}`);
  let done = from;
  const total = from + Number(response.headers.get('content-length') ?? 0);
  const counted = async function* (chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      done += chunk.length;
      progress?.(done, total);
      yield chunk;
    }
  };
  const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
  await pipeline(body, counted, createWriteStream(part, { flags: from > 0 ? 'a' : 'w' }));
}

async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}
