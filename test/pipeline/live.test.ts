// The live view through the real executable and its real server: who is answered, what is told, and that the run does not notice.
import type { ChildProcess } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { executable as chromiumPath } from '../report/chromium.ts';
import { alva } from './executable.ts';
import { asked, ended, folder, heardUntil, leftovers, served } from './served.ts';
import { hashes, settings as toy } from './toy.ts';

const whole = join(folder, 'whole');
const LONG = 300_000;
// The view looks once a second: the toy's own twelve updates may be over in between.
const settings = [...toy, '--set', 'updates=60'];

beforeAll(() => {
  expect(alva('replicate', '--out', whole, ...settings).status).toBe(0);
}, LONG);

describe('alva replicate --watch', () => {
  test(
    'tells what the run does until it ends, and leaves the same bytes as without',
    async () => {
      const out = join(folder, 'watched');
      const { child, url, said } = await served('replicate', '--watch', '--jobs', '1', '--out', out, ...settings);
      expect(url.hostname).toBe('127.0.0.1');
      const { status, body } = await asked(url, '/');
      expect(status).toBe(200);
      expect(body).toContain(`<h1>${out}</h1>`);
      const updates = await heardUntil(url, ({ end }) => end !== null);
      expect(updates.at(-1)).toMatchObject({ end: 'done', note: 'Of all 3 networks: the whole report.' });
      expect(updates.at(-1)!.state).toContain('3 of 3 networks are done');
      expect(updates.some(({ state }) => /<b>train<\/b> at work/.test(state))).toBe(true);
      expect(updates.some(({ state }) => /\d+\/60 updates, loss \d/.test(state))).toBe(true);
      expect(await ended(child)).toContain(0);
      expect(said()).toContain(`watch: ${url} shows the run as it goes, until it ends`);
      expect(hashes(out)).toEqual(hashes(whole));
      expect(leftovers()).toEqual([]);
      await expect(asked(url, '/')).rejects.toThrow(/ECONNREFUSED/);
    },
    LONG,
  );

  test('is stopped with the run by Ctrl-C, and leaves nothing behind', async () => {
    const { child } = await served('replicate', '--watch', '--out', join(folder, 'stopped'), ...settings);
    child.kill('SIGINT');
    await ended(child);
    expect(child.exitCode).not.toBe(0);
    expect(leftovers()).toEqual([]);
  }, 60_000);
});

describe('alva live', () => {
  const part = join(folder, 'part');
  let child: ChildProcess;
  let url: URL;

  beforeAll(async () => {
    cpSync(whole, part, { recursive: true });
    rmSync(join(part, 'seeds/01/success.json'));
    for (const name of ['alignment.json', 'report.html', 'embeddings/random-01.safetensors']) rmSync(join(part, name));
    ({ child, url } = await served('live', '--run', part));
  }, 60_000);

  test(
    'makes a report from the networks that are done, and changes nothing in the run',
    async () => {
      const before = hashes(part);
      const updates = await heardUntil(url, ({ report }) => report > 0);
      expect(updates.at(-1)!.note).toBe('Of the 2 of 3 networks that are done, with fewer relabellings.');
      expect(updates.at(-1)!.state).toContain('2 of 3 networks are done');
      const { status, body } = await asked(url, '/report');
      expect(status).toBe(200);
      expect(body).toContain('1 seed of the action-language model (ALM)');
      expect(body).toContain('99 relabellings');
      expect(hashes(part)).toEqual(before);
      expect(existsSync(join(part, 'report.html'))).toBe(false);
    },
    LONG,
  );

  test.each([
    ['another name that resolves here', { Host: 'attacker.example' }],
    ['another name with the port', { Host: 'attacker.example:PORT' }],
    ['the right name without the port', { Host: '127.0.0.1' }],
    ['the right name with another port', { Host: '127.0.0.1:1' }],
    ['the name of any address', { Host: '0.0.0.0:PORT' }],
    ['a name that only begins so', { Host: '127.0.0.1:PORT.attacker.example' }],
  ])('refuses a request to %s', async (_, { Host }) => {
    for (const path of ['/', '/report', '/events', '/nothing']) {
      const { status, body } = await asked(url, path, { Host: Host.replace('PORT', url.port) });
      expect(status).toBe(403);
      expect(body).not.toContain(part);
    }
  });

  test('refuses a request without a name, answers to localhost', async () => {
    const socket = connect(Number(url.port), url.hostname);
    socket.end('GET / HTTP/1.0\r\n\r\n');
    let text = '';
    for await (const chunk of socket) text += chunk;
    expect(text).toMatch(/^HTTP\/1\.1 403 /);
    expect((await asked(url, '/', { Host: `localhost:${url.port}` })).status).toBe(200);
  });

  test.each([
    '/config.json',
    '/report.html',
    '/seeds/00/loss.csv',
    '/../config.json',
    '/%2e%2e/config.json',
    '/report/../config.json',
    '/report/..%2fconfig.json',
    '/..\\config.json',
    '//etc/passwd',
    '/etc/passwd',
    'file:///etc/passwd',
    'http://127.0.0.1/etc/passwd',
    '/constructor',
    '/__proto__',
    '/report%00',
    '/events/',
    '',
  ])('has nothing at %j', async (path) => {
    const { status, body } = await asked(url, path);
    expect(path === '' ? 200 : 404).toBe(status);
    if (status === 404) expect(body).toBe('there is nothing else here\n');
  });

  test('answers to GET and HEAD alone', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      const { status, headers } = await asked(url, '/', {}, method);
      expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
    }
    for (const path of ['/', '/report', '/events'])
      expect(await asked(url, path, {}, 'HEAD')).toMatchObject({ status: 200, body: '' });
  });

  test('listens on the loopback address alone', async () => {
    const others = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    for (const { address } of others)
      await expect(asked(new URL(`http://${address}:${url.port}/`), '/')).rejects.toThrow(/ECONNREFUSED/);
    if (!existsSync('/proc/net/tcp')) return;
    const port = Number(url.port).toString(16).toUpperCase().padStart(4, '0');
    const listening = (file: string) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        .filter(([, local, , state]) => state === '0A' && local.endsWith(`:${port}`))
        .map(([, local]) => local);
    const tables = ['/proc/net/tcp', '/proc/net/tcp6'].filter((file) => existsSync(file));
    expect(tables.flatMap(listening)).toEqual([`0100007F:${port}`]);
  });

  test('allows its page no other source, and the page names none', async () => {
    const { headers, body } = await asked(url, '/');
    const policy = headers['content-security-policy'] as string;
    expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[\w+/]+=*'; /);
    expect(policy).not.toContain('http');
    expect(body.match(/(src|href)="[^"]*"/g)!.filter((link) => !/="\/(report(\?\d+)?)?"/.test(link))).toEqual([]);
    expect(body).not.toMatch(/https?:\/\//);
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  });

  test.skipIf(!chromiumPath)(
    'shows the run in a browser: no error, no request to elsewhere, the report in its frame',
    async () => {
      await heardUntil(url, ({ report }) => report > 0);
      const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
      try {
        const page = await browser.newPage();
        const [troubles, requests]: [string[], string[]] = [[], []];
        page.on('console', (message) => troubles.push(message.text()));
        page.on('pageerror', ({ message }) => troubles.push(message));
        page.on('request', (each) => requests.push(each.url()));
        await page.goto(url.href);
        await page.frameLocator('#report').locator('h1').first().waitFor();
        expect(await page.locator('tbody th').allTextContents()).toEqual(['00', '01', 'shuffled-00']);
        expect(await page.locator('#state').textContent()).toContain('2 of 3 networks are done');
        // The run goes on: the page hears of it without being loaded again.
        cpSync(join(whole, 'seeds/01/success.json'), join(part, 'seeds/01/success.json'));
        await page.getByText('3 of 3 networks are done').waitFor();
        await page.getByText('Of the 3 of 3 networks').waitFor({ timeout: 200_000 });
        await page.frameLocator('#report').getByText('2 seeds of the action-language model').waitFor();
        expect(troubles).toEqual([]);
        expect(new Set(requests.map((each) => new URL(each).origin).filter((origin) => origin !== 'null'))).toEqual(
          new Set([url.origin]),
        );
      } finally {
        await browser.close();
      }
    },
    LONG,
  );

  test('refuses a port that is taken, and one that is none', () => {
    const taken = alva('live', '--run', part, '--port', url.port);
    expect(taken.stderr).toContain(`cannot serve on 127.0.0.1, port ${url.port}: listen EADDRINUSE`);
    expect(taken.status).toBe(1);
    expect(alva('live', '--run', part, '--port', '70000')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('invalid --port: expected a whole number from 1 to 65535, got 70000'),
    });
    expect(alva('live', '--run', 'nowhere').stderr).toContain('missing config.json in nowhere');
  }, 60_000);

  test('ends by Ctrl-C, and takes away what it made', async () => {
    child.kill('SIGINT');
    expect(await ended(child)).toContain(0);
    expect(leftovers()).toEqual([]);
  }, 60_000);

  test('shows the whole report of a run that is done, byte for byte', async () => {
    const done = await served('live', '--run', whole);
    const { body } = await asked(done.url, '/report');
    expect(body).toBe(readFileSync(join(whole, 'report.html'), 'utf8'));
    done.child.kill('SIGINT');
    expect(await ended(done.child)).toContain(0);
  }, 60_000);
});
