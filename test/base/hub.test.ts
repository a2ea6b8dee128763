import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hubFile, hubListing } from '../../src/base/hub.ts';
import { cachedFile, hubCaches } from '../../src/base/hubcache.ts';
import { commit, failure, hubOfModels, large, small, want } from './hubmodels.ts';
import { sha256 } from './hubserver.ts';

const { at, here, access } = hubOfModels();
const contentAsked = () => here.hub.asked.filter(({ at: where }) => where === 'content').map(({ range }) => range);

describe('one file', () => {
  test('comes through a redirection to another address into the layout of the hub, and is not asked for again', async () => {
    const { path, commit: told } = await hubFile(want(), access());
    expect(told).toBe(commit);
    expect(path).toBe(join(here.cache, 'hub', 'models--org--model', 'snapshots', commit, 'onnx', 'model.onnx'));
    expect(readFileSync(path).equals(large)).toBe(true);
    expect(readlinkSync(path)).toBe(join('..', '..', '..', 'blobs', sha256(large)));
    expect(readFileSync(join(here.cache, 'hub', 'models--org--model', 'refs', 'main'), 'utf8')).toBe(commit);
    expect(readdirSync(join(here.cache, 'hub', 'models--org--model', 'blobs'))).toEqual([sha256(large)]);

    here.hub.asked.length = 0;
    await hubFile(want(), access());
    expect(here.hub.asked.map(({ line }) => line)).toEqual(['HEAD /org/model/resolve/main/onnx/model.onnx']);
    await hubFile(want(undefined, undefined, commit), access());
    expect(here.hub.asked).toHaveLength(1); // a commit never changes
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
    const theirs = at('theirs');
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
    expect(here.hub.asked).toEqual([]);
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
    here.hub.mishaps.push({ endAfter: 100_000 }, { cutAfter: 50_000 }, { endAfter: 20_000 });
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
    here.hub.mishaps.push(...Array.from({ length: 20 }, (_, i) => ({ endAfter: i === 0 ? 70_000 : 0 })));
    const error = await failure(hubFile(want(), access()));
    expect(error.message).toContain('it breaks off after 70000 of 300000 bytes');
    here.hub.mishaps.length = 0;
    here.hub.asked.length = 0;
    expect(readFileSync((await hubFile(want(), access())).path).equals(large)).toBe(true);
    expect(contentAsked()).toEqual(['bytes=70000-']);
  });

  test.each([{ ignoreRange: true }, { wrongRange: true }] as const)(
    'a server that is bad at ranges (%o)',
    async (how) => {
      here.hub.mishaps.push({ endAfter: 70_000 }, how);
      expect(readFileSync((await hubFile(want(), access())).path).equals(large)).toBe(true);
    },
  );

  test('other bytes than the hub tells of are refused and deleted, also where their number is right', async () => {
    here.hub.mishaps.push({ bytes: Buffer.alloc(large.length) });
    const error = await failure(hubFile(want(), access()));
    expect(error.message).toContain(
      `their hash is ${sha256(Buffer.alloc(large.length))}, the hub says ${sha256(large)}`,
    );
    expect(readdirSync(join(here.cache, 'hub', 'models--org--model', 'blobs'))).toEqual([]);
    here.hub.mishaps.push({ bytes: Buffer.concat([large, large]) });
    expect((await failure(hubFile(want(), access()))).message).toContain('600000, not 300000');
    expect(existsSync(join(here.cache, 'hub', 'models--org--model', 'snapshots'))).toBe(false);
  });

  test('a busy server is asked again, as late as it wants', async () => {
    here.hub.busy.push(
      { status: 503 },
      { status: 429, retryAfter: '0' },
      { status: 502, retryAfter: new Date().toUTCString() },
    );
    here.hub.mishaps.push({ status: 500 });
    expect((await hubFile(want(), access())).commit).toBe(commit);
    expect(here.hub.asked.filter(({ line }) => line.startsWith('HEAD'))).toHaveLength(4);
  });

  test('one that stays busy, or wants too long a wait, is given up', async () => {
    here.hub.busy.push(...Array.from({ length: 5 }, () => ({ status: 503 })));
    expect((await failure(hubFile(want(), access()))).message).toContain('the server answers 503 (5 times)');
    here.hub.busy.push({ status: 429, retryAfter: '3600' });
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
      const blobs = join(here.cache, 'hub', 'models--org--model', 'blobs');
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
    expect(error.message).toContain(`without a token (401); accept its licence at ${here.hub.endpoint}/org/gated`);
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
    expect(here.hub.asked).toEqual([]);
    expect(existsSync(join(here.cache, 'hub', 'models--org--evil', 'evil'))).toBe(false);
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
        expect.stringContaining(`looked in ${join(here.cache, 'hub')}`),
      ]);
    }
    expect(here.hub.asked).toEqual([]);
    await hubFile(want('config.json'), access());
    here.hub.asked.length = 0;
    expect((await hubListing(want(), access({}, true))).files).toEqual([{ path: 'config.json', size: small.length }]);
    expect((await hubFile(want('config.json'), access({}, true))).commit).toBe(commit);
    expect(here.hub.asked).toEqual([]);
  });
});
