// A model hub on the loopback, with a second address for the content of large files, and with the mishaps that a network has.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const gitSha1 = (bytes: Uint8Array) => createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');

export interface HubRepository {
  /** The commit of `main`. */
  commit: string;
  /** Files up to this many bytes lie in Git, the others at the second address. */
  readonly inGit?: number;
  readonly files: Record<string, Buffer>;
  readonly gated?: boolean;
  readonly licence?: string;
  /** The name that the repository has now. */
  readonly movedTo?: string;
}

/** What happens to the next answers that carry content; one entry an answer. */
export type Mishap =
  | { readonly cutAfter: number }
  | { readonly endAfter: number }
  | { readonly stallAfter: number }
  | { readonly none: true }
  | { readonly status: number; readonly retryAfter?: string }
  | { readonly bytes: Buffer }
  | { readonly ignoreRange: true }
  | { readonly wrongRange: true };

export interface Asked {
  readonly at: 'hub' | 'content';
  readonly line: string;
  readonly range?: string;
  readonly authorization?: string;
}

export interface HubServer {
  readonly endpoint: string;
  readonly asked: Asked[];
  readonly mishaps: Mishap[];
  /** Mishaps of the hub's own answers: statuses, one an answer. */
  readonly busy: { readonly status: number; readonly retryAfter?: string }[];
}

export const TOKEN = 'hf_secretOfTheTest';

/** Serves the repositories by name until the tests of the file are done. */
export async function hubServer(repositories: Record<string, HubRepository>): Promise<HubServer> {
  const asked: Asked[] = [];
  const mishaps: Mishap[] = [];
  const busy: HubServer['busy'] = [];
  const note = (at: Asked['at'], { method, url, headers }: IncomingMessage) =>
    asked.push({ at, line: `${method} ${url}`, range: headers.range, authorization: headers.authorization });

  const content = await listening((request, response) => {
    note('content', request);
    const [, repository, file] = /^\/([^/]+\/[^/]+)\/([^?]*)/.exec(request.url ?? '') ?? [];
    send(request, response, repositories[repository].files[decodeURIComponent(file)], mishaps.shift());
  });

  const hub = await listening((request, response) => {
    note('hub', request);
    const trouble = busy.shift();
    if (trouble) return refuse(response, trouble.status, undefined, trouble.retryAfter);
    const url = decodeURIComponent(request.url ?? '');
    const [, name, revision, file] =
      /^(?:\/api\/resolve-cache)?\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.*)$/.exec(url) ??
      /^\/api\/models\/([^/]+\/[^/]+)\/revision\/([^?]+)/.exec(url) ??
      [];
    const repository = repositories[name];
    if (!repository) return refuse(response, request.headers.authorization ? 404 : 401, 'RepoNotFound');
    if (repository.movedTo) return redirect(response, 307, url.replace(name, repository.movedTo));
    if (revision !== 'main' && revision !== repository.commit) return refuse(response, 404, 'RevisionNotFound');
    if (file === undefined) return text(response, JSON.stringify(listing(repository)));
    if (repository.gated && request.headers.authorization !== `Bearer ${TOKEN}`)
      return refuse(response, request.headers.authorization ? 403 : 401, 'GatedRepo');
    const bytes = repository.files[file];
    if (!bytes) return refuse(response, 404, 'EntryNotFound');
    // As the hub does with small files: one is sent on to another of its own addresses, and only that tells the commit.
    if (bytes.length <= (repository.inGit ?? 100) && !url.startsWith('/api/resolve-cache'))
      return redirect(response, 307, `/api/resolve-cache${request.url}`);
    response.setHeader('x-repo-commit', repository.commit);
    if (bytes.length <= (repository.inGit ?? 100)) {
      response.setHeader('etag', `"${gitSha1(bytes)}"`);
      return send(request, response, bytes, undefined);
    }
    response.setHeader('x-linked-etag', `"${sha256(bytes)}"`);
    response.setHeader('x-linked-size', bytes.length);
    redirect(response, 302, `${address(content)}/${name}/${encodeURIComponent(file)}?signature=secret`);
  });
  return { endpoint: address(hub), asked, mishaps, busy };
}

function redirect(response: ServerResponse, status: number, location: string): void {
  response.writeHead(status, { location }).end();
}

function text(response: ServerResponse, content: string): void {
  response.end(content);
}

function listing({ commit, files, licence }: HubRepository) {
  const siblings = Object.entries(files).map(([rfilename, bytes]) => ({ rfilename, size: bytes.length }));
  return { sha: commit, siblings, cardData: { license: licence } };
}

function refuse(response: ServerResponse, status: number, code?: string, retryAfter?: string): void {
  if (code) response.setHeader('x-error-code', code);
  if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
  response.writeHead(status).end();
}

function send(request: IncomingMessage, response: ServerResponse, whole: Buffer, mishap: Mishap | undefined) {
  if (mishap && 'status' in mishap) return refuse(response, mishap.status, undefined, mishap.retryAfter);
  const bytes = mishap && 'bytes' in mishap ? mishap.bytes : whole;
  const range = mishap && 'ignoreRange' in mishap ? undefined : request.headers.range;
  const from = Number(/bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0) - (mishap && 'wrongRange' in mishap ? 1 : 0);
  if (from >= bytes.length && bytes.length > 0) return refuse(response, 416);
  const rest = bytes.subarray(from);
  if (range) response.setHeader('content-range', `bytes ${from}-${bytes.length - 1}/${bytes.length}`);
  if (!(mishap && 'endAfter' in mishap)) response.setHeader('content-length', rest.length);
  response.statusCode = range ? 206 : 200;
  if (request.method === 'HEAD') response.end();
  else if (mishap && 'cutAfter' in mishap) response.write(rest.subarray(0, mishap.cutAfter), () => response.destroy());
  else if (mishap && 'stallAfter' in mishap) response.write(rest.subarray(0, mishap.stallAfter));
  else if (mishap && 'endAfter' in mishap) response.end(rest.subarray(0, mishap.endAfter));
  else response.end(rest);
}

const address = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function listening(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((ready) => server.once('listening', ready));
  afterAll(() => void server.close());
  return server;
}
