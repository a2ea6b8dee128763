import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { hubFile, hubListing } from '../../src/base/hub.ts';
import { proxyFor } from '../../src/base/hubaccess.ts';
import { failure, hubOfModels, large, want } from './hubmodels.ts';
import { TOKEN } from './hubserver.ts';

const { at, here, access } = hubOfModels();

describe('the token', () => {
  test('goes to the hub alone, not to where that sends one on', async () => {
    await hubFile(want(undefined, 'org/gated'), access({ HF_TOKEN: TOKEN }));
    expect(here.hub.asked.map((asked) => [asked.at, asked.authorization])).toEqual([
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
    here.hub.mishaps.push({ bytes: Buffer.alloc(large.length) });
    const errors = [await failure(hubFile(want(undefined, 'org/gated'), mine))];
    here.hub.busy.push(...Array.from({ length: 5 }, () => ({ status: 503 })));
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
    for (const name of readdirSync(here.cache, { recursive: true, encoding: 'utf8' }))
      expect(name).not.toContain(TOKEN);
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
    expect((await proxied('')).every((tunnel) => tunnel === new URL(here.hub.endpoint).host)).toBe(true);
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
