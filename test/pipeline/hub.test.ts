import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { type HubServer, hubServer, TOKEN } from '../base/hubserver.ts';
import { scratch } from '../base/scratch.ts';
import { executable } from './executable.ts';

const golden = fileURLToPath(new URL('../golden/embed/tiny-bert', import.meta.url));
const names = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model.onnx'];
const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(golden, name))]));
const commit = 'abc'.padEnd(40, '7');
const at = scratch();
let hub: HubServer;
let env: Record<string, string>;

beforeAll(async () => {
  hub = await hubServer({ 'org/secret-bert': { commit, files, gated: true } });
  env = { ALVA_CACHE: at('cache'), HF_HOME: at('none'), HF_ENDPOINT: hub.endpoint, SOURCE_DATE_EPOCH: '86400' };
  writeFileSync(at('sentences.txt'), 'go to the red ball\navoid the box\npick up the key\n');
});

/** The executable beside the server, which lives in this process; `kill` ends it when the server has done so much. */
function alva(args: readonly string[], more: Record<string, string> = {}, kill?: () => boolean) {
  const child = spawn(process.execPath, [executable, ...args], { env: { PATH: process.env.PATH, ...env, ...more } });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
  const watch = kill && setInterval(() => kill() && child.kill('SIGKILL'), 20);
  return new Promise<{ status: number | null; text: string }>((done) =>
    child.on('close', (status) => {
      clearInterval(watch);
      done({ status, text });
    }),
  );
}

const embed = (out: string, ...more: string[]) => [
  ...['embed', '--model', 'org/secret-bert', '--pooling', 'cls', '--sentences', at('sentences.txt'), '--out', at(out)],
  ...more,
];
const everything = (folder: string) =>
  (existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true, encoding: 'utf8' }) : [])
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

test('a gated model says what to do; a fetch that is killed is gone on with; the token stays secret; then no network is needed', async () => {
  const refused = await alva(embed('a.safetensors'));
  expect([refused.status, refused.text]).toEqual([
    1,
    expect.stringContaining(`accept its licence at ${hub.endpoint}/org/secret-bert`),
  ]);

  // It may be renamed at any moment.
  const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const hasPart = () => everything(at('cache')).some((path) => path.endsWith('.part') && sizeOf(path) >= 5000);
  hub.mishaps.push(...names.slice(1).map(() => ({ none: true }) as const), { stallAfter: 5000 });
  const killed = await alva(embed('a.safetensors'), { HF_TOKEN: TOKEN }, hasPart);
  expect([killed.status, existsSync(at('a.safetensors'))]).toEqual([null, false]);

  hub.asked.length = 0;
  const done = await alva(embed('a.safetensors'), { HF_TOKEN: TOKEN });
  expect([done.status, done.text]).toEqual([0, expect.stringContaining('3 x 16, org/secret-bert')]);
  const ranges = hub.asked.filter(({ at: where }) => where === 'content').map(({ range }) => range);
  expect(ranges).toEqual(['bytes=5000-']);

  const offline = await alva(embed('b.safetensors', '--offline'), { HF_ENDPOINT: 'http://127.0.0.1:9' });
  expect(offline.status).toBe(0);
  const [a, b] = ['a', 'b'].map((name) => readFileSync(at(`${name}.safetensors`), 'latin1'));
  expect(a).toContain(`"revision":"${commit}"`);
  expect(a).toContain('"date":"1970-01-02"');
  const numbers = (content: string) => content.slice(-3 * 16 * 4);
  expect(numbers(b)).toBe(numbers(a));

  for (const text of [
    refused.text,
    killed.text,
    done.text,
    offline.text,
    a,
    b,
    ...everything(at('cache')).map((path) => readFileSync(path, 'latin1')),
  ])
    expect(text).not.toContain(TOKEN);
});

test('alva models: what is known, and what the hub says of it', async () => {
  const { status, text } = await alva(['models']);
  expect(status).toBe(0);
  expect(text).toMatch(/^llama-8b +node-llama-cpp +mean +Q4_K_M +4\.92 GB +QuantFactory/m);
  expect(text).toContain(`Fetched into ${join(at('cache'), 'hub')}`);
  const checked = await alva(['models', '--check', '--json', '--quiet'], { HF_HUB_OFFLINE: '1' });
  const { models } = JSON.parse(checked.text) as { models: { name: string; checked: string }[] };
  expect(models.find(({ name }) => name === 'clip')?.checked).toContain(
    'is not on this machine, and nothing is fetched',
  );
});

test('two that want the same model at the same time fetch it once', async () => {
  hub.asked.length = 0;
  const fresh = { ALVA_CACHE: at('both'), HF_TOKEN: TOKEN };
  const both = await Promise.all([alva(embed('c.safetensors'), fresh), alva(embed('d.safetensors'), fresh)]);
  expect(both.map(({ status, text }) => [status, text.includes('3 x 16')])).toEqual([
    [0, true],
    [0, true],
  ]);
  const fetched = hub.asked.filter(({ at: where, line }) => where === 'content' && line.includes('model.onnx'));
  expect(fetched).toHaveLength(1);
});
