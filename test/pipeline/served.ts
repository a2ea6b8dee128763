// The real executable with its live view, and what it answers.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { executable } from './executable.ts';

export const folder = mkdtempSync(join(tmpdir(), 'alva-live-test-'));
const scratch = join(folder, 'scratch');
mkdirSync(scratch);
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** Starts the program with a temporary folder of its own, and waits until it names a URL. */
export async function served(...args: string[]): Promise<{ child: ChildProcess; url: URL; said: () => string }> {
  const child = spawn(process.execPath, [executable, ...args], { env: { ...process.env, TMPDIR: scratch } });
  children.push(child);
  let said = '';
  const url = await new Promise<URL>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream!.on('data', (text) => {
        said += text;
        const found = /http:\/\/\S+\//.exec(said);
        if (found) resolve(new URL(found[0]));
      });
    child.on('exit', () => reject(new Error(said)));
  });
  return { child, url, said: () => said };
}

/** Of the live view: libraries leave files of their own in the temporary folder. */
export const leftovers = () => readdirSync(scratch).filter((name) => name.startsWith('alva-live-'));

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A request with exactly this target and these headers: `fetch` would put both in order. */
export function asked(url: URL, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request({ host: url.hostname, port: url.port, path, method, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }));
    });
    asking.on('error', reject);
    asking.end();
  });
}

interface Update {
  readonly state: string;
  readonly note: string;
  readonly report: number;
  readonly end: string | null;
}

/** Hears events until one is as wanted; answers all. */
export function heardUntil(url: URL, isWanted: (update: Update) => boolean): Promise<Update[]> {
  return new Promise((resolve, reject) => {
    const updates: Update[] = [];
    let rest = '';
    const asking = request(new URL('/events', url), (response) => {
      expect(response.headers['content-type']).toBe('text/event-stream');
      response.setEncoding('utf8');
      response.on('data', (text) => {
        const parts = (rest + text).split('\n\n');
        rest = parts.pop()!;
        for (const part of parts) updates.push(JSON.parse(part.replace(/^data: /, '')));
        if (updates.some(isWanted)) {
          asking.destroy();
          resolve(updates);
        }
      });
      response.on('end', () => reject(new Error('the events ended')));
    });
    asking.on('error', reject);
    asking.end();
  });
}

export const ended = (child: ChildProcess) => (child.exitCode === null ? once(child, 'exit') : [child.exitCode]);
