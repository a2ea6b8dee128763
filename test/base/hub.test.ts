import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hubFile, hubListing } from '../../src/base/hub.ts';
import { hubAccess, proxyFor } from '../../src/base/hubaccess.ts';
import { cachedFile, hubCaches } from '../../src/base/hubcache.ts';
import type { HubError } from '../../src/base/request.ts';
import { type HubRepository, type HubServer, hubServer, sha256, TOKEN } from './hubserver.ts';
import { scratch } from './scratch.ts';

const large = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7 + (i >> 9)) % 251));
const small = Buffer.from('{"hidden_size": 16}');
const commit = 'c0ffee'.padEnd(40, '0');
const repositories: Record<string, HubRepository> = {
  'org/model': { commit, files: { 'config.json': small, 'onnx/model.onnx': large }, licence: 'mit' },
  'org/gated': { commit, files: { 'config.json': small, 'onnx/model.onnx': large }, gated: true },
  'org/oldname': { commit, files: {}, movedTo: 'org/model' },
  'org/evil': { commit, files: { '../../evil': small } },
};

const at = scratch();
let hub: HubServer;
let count = 0;
let cache: string;
let env: Record<string, string>;
const access = (more: Record<string, string | undefined> = {}, offline?: boolean) =>
  hubAccess({ ...env, ...more }, { firstWait: 1, offline });
const want = (file = 'onnx/model.onnx', repository = 'org/model', revision = 'main') => ({
  repository,
  revision,
  file,
});

beforeAll(async () => {
  hub = await hubServer(repositories);
});
beforeEach(() => {
  cache = at(`cache${count++}`);
  env = { ALVA_CACHE: cache, HF_HOME: at('no-home'), HF_ENDPOINT: hub.endpoint };
  hub.asked.length = 0;
  hub.mishaps.length = 0;
  hub.busy.length = 0;
});
const contentAsked = () => hub.asked.filter(({ at: where }) => where === 'content').map(({ range }) => range);
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable('it has to fail'),
    (error: HubError) => error,
  );

describe('one file', () => {
  test('comes through a redirection to another address into the layout of the hub, and is not asked for again', async () => {
    const { path, commit: told } = await hubFile(want(), access());
    expect(told).toBe(commit);
    expect(path).toBe(join(cache, 'hub', 'models--org--model', 'snapshots', commit, 'onnx', 'model.onnx'));
    expect(readFileSync(path).equals(large)).toBe(true);
    expect(readlinkSync(path)).toBe(join('..', '..', '..', 'blobs', sha256(large)));
    expect(readFileSync(join(cache, 'hub', 'models--org--model', 'refs', 'main'), 'utf8')).toBe(commit);
    expect(readdirSync(join(cache, 'hub', 'models--org--model', 'blobs'))).toEqual([sha256(large)]);

    hub.asked.length = 0;
    await hubFile(want(), access());
    expect(hub.asked.map(({ line }) => line)).toEqual(['HEAD /org/model/resolve/main/onnx/model.onnx']);
    await hubFile(want(undefined, undefined, commit), access());
    expect(hub.asked).toHaveLength(1); // a commit never changes
  });

  test('a small file, which lies in Git, is checked by the hash that Git gives it', async () => {
    const { path } = await hubFile(want('config.json'), access());
    expect(readFileSync(path).equals(small)).toBe(true);
    expect(contentAsked()).toEqual([]);
  });

  test('a repository that has another name by now is followed', async () => {
    expect(readFileSync((await hubFile(want(undefined, 'org/oldname'), access())).path).equals(large)).toBe(true);
  });

  test('models that the tools of the hub fetched are found where those put them', async () => {
    const theirs = at(`theirs${count++}`);
    const snapshot = join(theirs, 'hub', 'models--org--model', 'snapshots', commit);
    mkdirSync(join(theirs, 'hub', 'models--org--model', 'refs'), { recursive: true });
    mkdirSync(snapshot, { recursive: true });
    writeFileSync(join(theirs, 'hub', 'models--org--model', 'refs', 'main'), commit);
    writeFileSync(join(snapshot, 'config.json'), small);
    const file = join(snapshot, 'config.json');
    for (const place of [
      { HF_HOME: theirs },
      { HF_HUB_CACHE: join(theirs, 'hub') },
      { HUGGINGFACE_HUB_CACHE: join(theirs, 'hub') },
    ])
      expect((await hubFile(want('config.json'), access(place, true))).path).toBe(file);
    expect(cachedFile('org/model', 'main', 'config.json', { XDG_CACHE_HOME: at('x') })).toBeUndefined();
    expect(hub.asked).toEqual([]);
  });

  test('where it is written: ALVA_CACHE, else the folder of the hub', () => {
    expect(hubCaches({ ALVA_CACHE: '/a', HF_HOME: '/h' })).toEqual([join('/a', 'hub'), join('/h', 'hub')]);
    expect(hubCaches({ HF_HUB_CACHE: '/c', HF_HOME: '/h' })).toEqual(['/c']);
    expect(hubCaches({ XDG_CACHE_HOME: '/x' })).toEqual([join('/x', 'huggingface', 'hub')]);
  });

  test('two that want the same file at once fetch it once', async () => {
    const both = await Promise.all([hubFile(want(), access()), hubFile(want(), access())]);
    expect(both[0]).toEqual(both[1]);
    expect(contentAsked()).toHaveLength(1);
  });
});

describe('a fetch that goes wrong', () => {
  test('a connection that breaks again and again is gone on with, from the byte where it broke', async () => {
    // A connection that is cut may lose what it had sent, one that ends has delivered it.
    hub.mishaps.push({ endAfter: 100_000 }, { cutAfter: 50_000 }, { endAfter: 20_000 });
    const told: number[] = [];
    const { path } = await hubFile({ ...want(), progress: (done) => told.push(done) }, access());
    expect(readFileSync(path).equals(large)).toBe(true);
    const [first, ...later] = contentAsked();
    expect(first).toBeUndefined();
    expect(later[0]).toBe('bytes=100000-');
    expect(later.every((range) => /^bytes=[1-9]\d*-$/.test(range ?? ''))).toBe(true);
    expect(told.at(-1)).toBe(large.length);
    expect(told.every((done, i) => i === 0 || done >= told[i - 1])).toBe(true);
  });

  test('what an earlier call left is gone on with', async () => {
    hub.mishaps.push(...Array.from({ length: 20 }, (_, i) => ({ endAfter: i === 0 ? 70_000 : 0 })));
    const error = await failure(hubFile(want(), access()));
    expect(error.message).toContain('it breaks off after 70000 of 300000 bytes');
    hub.mishaps.length = 0;
    hub.asked.length = 0;
    expect(readFileSync((await hubFile(want(), access())).path).equals(large)).toBe(true);
    expect(contentAsked()).toEqual(['bytes=70000-']);
  });

  test.each([{ ignoreRange: true }, { wrongRange: true }] as const)(
    'a server that is bad at ranges (%o)',
    async (how) => {
      hub.mishaps.push({ endAfter: 70_000 }, how);
      expect(readFileSync((await hubFile(want(), access())).path).equals(large)).toBe(true);
    },
  );

  test('other bytes than the hub tells of are refused and deleted, also where their number is right', async () => {
    hub.mishaps.push({ bytes: Buffer.alloc(large.length) });
    const error = await failure(hubFile(want(), access()));
    expect(error.message).toContain(
      `their hash is ${sha256(Buffer.alloc(large.length))}, the hub says ${sha256(large)}`,
    );
    expect(readdirSync(join(cache, 'hub', 'models--org--model', 'blobs'))).toEqual([]);
    hub.mishaps.push({ bytes: Buffer.concat([large, large]) });
    expect((await failure(hubFile(want(), access()))).message).toContain('600000, not 300000');
    expect(existsSync(join(cache, 'hub', 'models--org--model', 'snapshots'))).toBe(false);
  });

  test('a busy server is asked again, as late as it wants', async () => {
    hub.busy.push(
      { status: 503 },
      { status: 429, retryAfter: '0' },
      { status: 502, retryAfter: new Date().toUTCString() },
    );
    hub.mishaps.push({ status: 500 });
    expect((await hubFile(want(), access())).commit).toBe(commit);
    expect(hub.asked.filter(({ line }) => line.startsWith('HEAD'))).toHaveLength(4);
  });

  test('one that stays busy, or wants too long a wait, is given up', async () => {
    hub.busy.push(...Array.from({ length: 5 }, () => ({ status: 503 })));
    expect((await failure(hubFile(want(), access()))).message).toContain('the server answers 503 (5 times)');
    hub.busy.push({ status: 429, retryAfter: '3600' });
    expect((await failure(hubFile(want(), access()))).message).toContain('answers 429; it asks to wait 3600 s');
  });

  test('a hub that does not answer: what was fetched before serves, else its address is told', async () => {
    const away = { HF_ENDPOINT: 'http://127.0.0.1:9' };
    const error = await failure(hubFile(want(), access(away)));
    expect([error.reason, error.message]).toEqual([
      'unreachable',
      expect.stringContaining('cannot fetch http://127.0.0.1:9/org/model/resolve/main/onnx/model.onnx: '),
    ]);
    const { path } = await hubFile(want(), access());
    expect((await hubFile(want(), access(away))).path).toBe(path);
    expect(await hubListing(want(), access(away))).toMatchObject({ commit, isCached: true });
  });

  test.skipIf(!existsSync('/dev/full'))(
    'a full disk: what to do is said, and nothing half stands under the name',
    async () => {
      const blobs = join(cache, 'hub', 'models--org--model', 'blobs');
      mkdirSync(blobs, { recursive: true });
      symlinkSync('/dev/full', join(blobs, `${sha256(large)}.part`));
      const error = await failure(hubFile(want(), access()));
      expect(error.message).toMatch(/^no room in .*blobs: .* make room or set ALVA_CACHE/);
      expect(existsSync(join(blobs, sha256(large)))).toBe(false);
    },
  );

  test('a file that cannot fit is not begun', async () => {
    const server = createServer((_, response) => {
      const told = {
        'x-repo-commit': commit,
        'x-linked-etag': `"${sha256(large)}"`,
        'x-linked-size': '4000000000000000',
      };
      response.writeHead(200, told).end();
    }).listen(0, '127.0.0.1');
    await new Promise((ready) => server.once('listening', ready));
    const HF_ENDPOINT = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const error = await failure(hubFile(want(), access({ HF_ENDPOINT })));
    server.close();
    expect(error.message).toContain('4000000000.0 MB are to come');
  });
});

describe('what the hub refuses', () => {
  test('a gated model: where the licence is, and what to do with a token', async () => {
    const error = await failure(hubFile(want(undefined, 'org/gated'), access()));
    expect(error.reason).toBe('permission');
    expect(error.message).toContain(`without a token (401); accept its licence at ${hub.endpoint}/org/gated`);
    expect(error.message).toContain('set HF_TOKEN');
    const other = await failure(hubFile(want(undefined, 'org/gated'), access({ HF_TOKEN: 'hf_other' })));
    expect(other.message).toContain('with your token (403)');
    expect(other.message).not.toContain('hf_other');
  });

  test('what is not there: model, revision, file', async () => {
    const nobody = await failure(hubFile(want('config.json', 'org/nobody'), access()));
    expect([nobody.reason, nobody.message]).toEqual(['repository', expect.stringContaining('no model org/nobody at')]);
    const revision = await failure(hubFile(want('config.json', 'org/model', 'v9'), access()));
    expect([revision.reason, revision.message]).toEqual(['revision', expect.stringContaining('has no revision v9')]);
    const file = await failure(hubFile(want('absent.json'), access()));
    expect([file.reason, file.message]).toEqual(['file', expect.stringContaining('has no file absent.json at')]);
    await expect(hubListing(want('', 'org/nobody'), access())).rejects.toThrow('no model org/nobody');
  });

  test.each(['../up', 'a/../b', 'a/b/c', '', '.'])('%j is no model', async (repository) => {
    await expect(hubFile(want('config.json', repository), access())).rejects.toThrow('invalid model');
  });

  test('a file that leads out of its folder', async () => {
    await expect(hubFile(want('../../evil', 'org/evil'), access())).rejects.toThrow('leads out of its folder');
    expect(hub.asked).toEqual([]);
    expect(existsSync(join(cache, 'hub', 'models--org--evil', 'evil'))).toBe(false);
  });

  test('a server that is no hub', async () => {
    const server = createServer((_, response) => response.end('{}')).listen(0, '127.0.0.1');
    await new Promise((ready) => server.once('listening', ready));
    const HF_ENDPOINT = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(hubFile(want(), access({ HF_ENDPOINT }))).rejects.toThrow('is not answered as by a model hub');
    await expect(hubListing(want(), access({ HF_ENDPOINT }))).rejects.toThrow('no model hub');
    server.close();
  });

  test('offline nothing is asked', async () => {
    for (const offline of [access({ HF_HUB_OFFLINE: '1' }), access({}, true)]) {
      const error = await failure(hubFile(want(), offline));
      expect([error.reason, error.message]).toEqual([
        'offline',
        expect.stringContaining(`looked in ${join(cache, 'hub')}`),
      ]);
    }
    expect(hub.asked).toEqual([]);
    await hubFile(want('config.json'), access());
    hub.asked.length = 0;
    expect((await hubListing(want(), access({}, true))).files).toEqual([{ path: 'config.json', size: small.length }]);
    expect((await hubFile(want('config.json'), access({}, true))).commit).toBe(commit);
    expect(hub.asked).toEqual([]);
  });
});

describe('the token', () => {
  test('goes to the hub alone, not to where that sends one on', async () => {
    await hubFile(want(undefined, 'org/gated'), access({ HF_TOKEN: TOKEN }));
    expect(hub.asked.map((asked) => [asked.at, asked.authorization])).toEqual([
      ['hub', `Bearer ${TOKEN}`],
      ['hub', `Bearer ${TOKEN}`],
      ['content', undefined],
    ]);
  });

  test('is read from the file that the tools of the hub write', async () => {
    mkdirSync(at('home'), { recursive: true });
    writeFileSync(at('home/token'), `${TOKEN}\n`);
    await hubFile(want('config.json', 'org/gated'), access({ HF_HOME: at('home') }));
    rmSync(at('home'), { recursive: true });
  });

  test('is in no error, in no print of the access, and in no file of the cache', async () => {
    const mine = access({ HF_TOKEN: TOKEN });
    const { env: _, ...shown } = mine;
    expect(JSON.stringify(shown) + String(Object.keys(mine))).not.toContain('oken');
    hub.mishaps.push({ bytes: Buffer.alloc(large.length) });
    const errors = [await failure(hubFile(want(undefined, 'org/gated'), mine))];
    hub.busy.push(...Array.from({ length: 5 }, () => ({ status: 503 })));
    errors.push(await failure(hubFile(want(undefined, 'org/gated'), mine)));
    errors.push(
      await failure(hubFile(want('x', 'org/gated'), mine)),
      await failure(hubFile(want('x', 'org/none'), mine)),
    );
    for (const error of errors) {
      expect(`${error.message} ${error.stack} ${JSON.stringify(error)}`).not.toContain(TOKEN);
      expect(error.message).not.toContain('signature'); // nor the signed address
    }
    await hubFile(want(undefined, 'org/gated'), mine);
    for (const name of readdirSync(cache, { recursive: true, encoding: 'utf8' })) expect(name).not.toContain(TOKEN);
  });

  test('a damaged one is refused without being shown', () => {
    expect(() => access({ HF_TOKEN: 'hf_se\ncret' })).toThrow(/^the token of the model hub \(HF_TOKEN\) has a space/);
    expect(() => access({ HF_ENDPOINT: 'https://me:secret@mirror' })).toThrow(/^HF_ENDPOINT has to be/);
  });
});

describe('nothing comes over a line that others can write to', () => {
  test.each([
    'http://mirror',
    'http://huggingface.co',
    'http://127.0.0.1.evil.org',
    'http://localhost.evil.org',
    'http://10.0.0.1:80',
  ])('%s is refused as HF_ENDPOINT', (HF_ENDPOINT) => {
    expect(() => access({ HF_ENDPOINT })).toThrow(/^HF_ENDPOINT leads to http:.*expected https/);
  });

  test.each(['https://mirror', 'http://localhost:8080', 'http://127.0.0.1:1', 'http://[::1]:1'])(
    '%s is taken',
    (HF_ENDPOINT) => {
      expect(access({ HF_ENDPOINT }).endpoint).toBe(HF_ENDPOINT);
    },
  );

  test('a redirection to http elsewhere is not followed', async () => {
    let asked = 0;
    const server = createServer((_, response) => {
      asked++;
      response.writeHead(302, { location: 'http://elsewhere.example/file' }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const HF_ENDPOINT = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(hubListing(want(), access({ HF_ENDPOINT }))).rejects.toThrow(
      /^a redirection by http:\/\/127.0.0.1:\d+ leads to http:\/\/elsewhere.example: expected https/,
    );
    expect(asked).toBe(1);
    server.close();
  });
});

describe('a proxy', () => {
  async function proxied(noProxy: string) {
    const tunnels: string[] = [];
    const proxy = createServer().listen(0, '127.0.0.1');
    proxy.on('connect', ({ url }, client) => {
      tunnels.push(url ?? '');
      const target = connect(Number(new URL(`http://${url}`).port), '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        target.pipe(client).pipe(target);
      });
      for (const end of [client, target]) end.on('error', () => target.destroy());
    });
    await new Promise((ready) => proxy.once('listening', ready));
    const HTTP_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    await hubFile(want('config.json'), access({ HTTP_PROXY, NO_PROXY: noProxy }));
    proxy.close();
    return tunnels;
  }

  test('is used', async () => {
    expect((await proxied('')).every((tunnel) => tunnel === new URL(hub.endpoint).host)).toBe(true);
    expect(await proxied('example.org')).not.toEqual([]);
  });

  test('is left out for the addresses of NO_PROXY', async () => {
    expect(await proxied('127.0.0.1')).toEqual([]);
  });

  test.each([
    ['https://huggingface.co/x', {}, undefined],
    ['https://huggingface.co/x', { HTTPS_PROXY: 'http://p:1' }, 'http://p:1'],
    ['https://huggingface.co/x', { HTTP_PROXY: 'http://p:1' }, undefined],
    ['http://mirror/x', { HTTP_PROXY: 'http://p:1' }, 'http://p:1'],
    ['https://huggingface.co/x', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'huggingface.co' }, undefined],
    ['https://cdn.hf.co/x', { https_proxy: 'http://p:1', no_proxy: 'localhost, .hf.co' }, undefined],
    ['https://nothf.co/x', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'hf.co' }, 'http://p:1'],
    ['https://hf.co/x', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'hf.co:8443' }, 'http://p:1'],
    ['https://hf.co/x', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'hf.co:443' }, undefined],
    ['https://hf.co/x', { HTTPS_PROXY: 'http://p:1', NO_PROXY: '*' }, undefined],
  ])('%s with %j goes through %s', (url, variables: Record<string, string>, proxy) => {
    expect(proxyFor(new URL(url), variables)).toBe(proxy);
  });

  test('that is no address is refused without being shown', async () => {
    const error = await failure(hubFile(want(), access({ HTTP_PROXY: 'me:secret@:::' })));
    expect(error.message).toMatch(/^HTTPS_PROXY or HTTP_PROXY is no address/);
  });
});
