import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { download, hubEndpoint, hubUrl } from '../../src/base/download.ts';
import { scratch } from './scratch.ts';

const content = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 7) % 251));
const hash = createHash('sha256').update(content).digest('hex');
const at = scratch();
const ranges: (string | undefined)[] = [];
let server: Server;
let endpoint: string;
let count = 0;

/** A hub: it tells the hash, sends one on to another address, and there answers ranges. */
beforeAll(async () => {
  server = createServer(({ url, method, headers }, response) => {
    if (url === '/a/b/resolve/main/gone') response.writeHead(404).end();
    else if (url?.startsWith('/a/b/')) {
      const told = url.endsWith('other') ? '0'.repeat(64) : hash;
      const tag = url.endsWith('untold') ? {} : { 'x-linked-etag': `"${told}"` };
      response.writeHead(302, { location: '/file', ...tag }).end();
    } else if (method === 'GET') {
      ranges.push(headers.range);
      const from = Number(/bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0);
      if (from >= content.length) response.writeHead(416).end();
      else response.writeHead(headers.range ? 206 : 200).end(content.subarray(from));
    }
  }).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const fetched = async (name: string, already?: Uint8Array) => {
  const path = at(join('models', String(count++), name));
  if (already) {
    await download(hubUrl('a/b', 'whole', endpoint), path); // makes the folder
    writeFileSync(`${path}.part`, already);
  }
  ranges.length = 0;
  await download(hubUrl('a/b', name, endpoint), path);
  expect(existsSync(`${path}.part`)).toBe(false);
  return readFileSync(path);
};

test('a file is fetched whole, through a redirection', async () => {
  expect((await fetched('whole')).equals(content)).toBe(true);
  expect(ranges).toEqual([undefined]);
});

test('a fetch that broke off is gone on with', async () => {
  expect((await fetched('whole', content.subarray(0, 70_000))).equals(content)).toBe(true);
  expect(ranges).toEqual(['bytes=70000-']);
});

test('one that broke off after the last byte is taken as it is', async () => {
  expect((await fetched('whole', content)).equals(content)).toBe(true);
  expect(ranges).toEqual([`bytes=${content.length}-`]);
});

test('a part that is longer than the file is thrown away', async () => {
  expect((await fetched('untold', Buffer.concat([content, content]))).equals(content)).toBe(true);
  expect(ranges).toEqual([`bytes=${2 * content.length}-`, undefined]);
});

test('other bytes than the server says are refused and deleted', async () => {
  const path = at('other');
  await expect(download(hubUrl('a/b', 'other', endpoint), path)).rejects.toThrow(
    `its SHA-256 is ${hash}, the server says 000`,
  );
  expect([existsSync(path), existsSync(`${path}.part`)]).toEqual([false, false]);
});

test('a server that has no such file, or is not there, is told by its address', async () => {
  const path = at('gone');
  await expect(download(hubUrl('a/b', 'gone', endpoint), path)).rejects.toThrow(
    `cannot fetch ${endpoint}/a/b/resolve/main/gone: the server answers 404`,
  );
  await expect(download('http://127.0.0.1:9/x', path)).rejects.toThrow('cannot fetch http://127.0.0.1:9/x: ');
});

test('the hub is where HF_ENDPOINT says', () => {
  expect(hubEndpoint({})).toBe('https://huggingface.co');
  expect(hubEndpoint({ HF_ENDPOINT: 'http://mirror/' })).toBe('http://mirror');
});
