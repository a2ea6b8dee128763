import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { writeSafetensors } from '../../src/base/tensors.ts';
import {
  addonFindings,
  cacheFinding,
  diskFinding,
  findings,
  memoryFinding,
  nodeFinding,
  referenceFinding,
  runtimeFindings,
} from '../../src/study/doctor.ts';

const folder = mkdtempSync(join(tmpdir(), 'alva-doctor-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('on a machine where the tests run, everything is found and well', async () => {
  const all = await findings();
  expect(all.map(({ name }) => name)).toEqual([
    'Node',
    'cores',
    'memory',
    'disk',
    'native addon',
    'BLAS and LAPACK',
    'ONNX Runtime',
    'GPU provider',
    'cache of models',
    'reference spaces',
  ]);
  const machine = ['memory', 'disk'];
  expect(all.filter(({ name, ok }) => !ok && !machine.includes(name))).toEqual([]);
  expect(all.find(({ name }) => name === 'native addon')?.value).toMatch(/^built by (cmake-js|node-gyp) with /);
  expect(all.find(({ name }) => name === 'ONNX Runtime')?.value).toMatch(/^\d+\.\d+\.\d+, providers .*cpu/);
  expect(all.find(({ name }) => name === 'reference spaces')?.value).toMatch(/ 108 x \d+/);
});

test.each([
  ['20.17.0', true],
  ['20.16.9', false],
  ['18.20.0', false],
  ['22.0.0', true],
])('Node %s is new enough: %s', (version, ok) => {
  const finding = nodeFinding(version, '>=20.17');
  expect(finding.ok).toBe(ok);
  expect(finding.advice).toBe(ok ? undefined : 'install Node >=20.17');
});

test('too little memory comes with advice', () => {
  expect(memoryFinding(2 ** 30, 8 * 2 ** 30)).toEqual({
    name: 'memory',
    value: '1.0 GiB available of 8.0 GiB',
    ok: false,
    advice: 'a run wants 2.0 GiB: close other programs',
  });
  expect(memoryFinding(4 * 2 ** 30, 8 * 2 ** 30)).toMatchObject({ ok: true });
});

test('a folder that is not there has no disk', () => {
  expect(diskFinding(join(folder, 'absent'))).toMatchObject({ name: 'disk', ok: false });
  expect(diskFinding(folder).value).toMatch(/GiB free in /);
});

test('an addon or a runtime that does not load is told, not thrown', async () => {
  const broken = () => Promise.reject(new Error('cannot load it\nat some line'));
  expect(await addonFindings(broken)).toEqual([
    { name: 'native addon', value: 'cannot load it', ok: false, advice: 'run "npm run setup" to build it' },
  ]);
  expect(await runtimeFindings(broken)).toMatchObject([{ name: 'ONNX Runtime', ok: false }]);
});

test('the GPU provider is the one whose library is here; where it could be fetched for a GPU, the command is told', async () => {
  const runtime = (providers: string[], installCuda: string | undefined, hasNvidiaGpu: boolean) =>
    runtimeFindings(() =>
      Promise.resolve({ onnxRuntime: () => ({ version: '1.0.0', providers, installCuda, hasNvidiaGpu }) }),
    );
  expect(await runtime(['cpu', 'cuda'], 'fetch it', true)).toMatchObject([{ ok: true }, { value: 'cuda', ok: true }]);
  const none = { name: 'GPU provider', value: 'none: alva runs on the CPU', ok: true };
  expect((await runtime(['cpu', 'webgpu'], 'fetch it', false))[1]).toEqual(none);
  expect((await runtime(['cpu', 'webgpu'], undefined, true))[1]).toEqual(none);
  expect((await runtime(['cpu', 'webgpu'], 'fetch it', true))[1]).toEqual({
    ...none,
    advice: 'with CUDA 12 and cuDNN 9 installed, "fetch it" fetches it',
  });
});

test('the cache of models is in ALVA_CACHE, else where the tools of the hub have theirs, which is read too', () => {
  expect(cacheFinding({ ALVA_CACHE: folder, HF_HOME: '/nowhere' }).value).toBe(
    `${join(folder, 'hub')} (nothing there yet)`,
  );
  expect(cacheFinding({ HF_HUB_CACHE: folder }).value).toBe(folder);
  expect(cacheFinding({ ALVA_CACHE: '/nowhere', HF_HUB_CACHE: folder }).value).toContain(`; also read: ${folder}`);
  expect(cacheFinding({}).value).toContain(join('huggingface', 'hub'));
});

describe('reference spaces', () => {
  test('none is a finding', () => {
    expect(referenceFinding(join(folder, 'absent'))).toMatchObject({
      ok: false,
      value: `none in ${join(folder, 'absent')}`,
    });
  });

  test('a good one is shown with its shape, a damaged one with the reason', () => {
    const tensor = { shape: [2, 3], values: new Float32Array(6) };
    writeSafetensors(join(folder, 'bert.safetensors'), { embeddings: tensor });
    expect(referenceFinding(folder)).toEqual({ name: 'reference spaces', value: 'bert 2 x 3', ok: true });
    writeSafetensors(join(folder, 'clip.safetensors'), { other: tensor });
    expect(referenceFinding(folder)).toMatchObject({
      ok: false,
      value: expect.stringContaining('no tensor "embeddings"'),
    });
    writeFileSync(join(folder, 'clip.safetensors'), 'short');
    expect(referenceFinding(folder)).toMatchObject({ ok: false, value: expect.stringContaining('is damaged or not') });
  });
});
