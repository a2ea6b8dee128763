import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { FEATURES } from '../../src/alm/features.ts';
import { writeResnet } from '../../src/alm/resnetweights.ts';
import { readDemos } from '../../src/demos/file.ts';
import { configOf } from '../../src/study/config.ts';
import { makeDemos } from '../../src/study/recording.ts';
import { runAt } from '../../src/study/run.ts';
import { frontKey, preparedFront, prepareFront } from '../../src/study/vision.ts';
import { drawnResnet } from '../alm/drawn.ts';
import { hubServer } from '../base/hubserver.ts';
import { scratch } from '../base/scratch.ts';

const at = scratch();
const [first, second] = [drawnResnet(1), drawnResnet(2)];
writeResnet(at('first.safetensors'), first);
writeResnet(at('second.safetensors'), second);
const silent = () => {};

async function runWith(name: string, ...changes: string[]) {
  const run = runAt(at(name), configOf('smoke', ['vision=resnet18', 'episodes=3', 'threads=1', ...changes]));
  mkdirSync(run.directory, { recursive: true });
  await makeDemos(run, silent);
  return run;
}

afterEach(() => vi.unstubAllEnvs());

test('the front is put into the run once, and its features are those of the demonstrated frames', async () => {
  const run = await runWith('run', `visionWeights=${at('first.safetensors')}`);
  await prepareFront(run, silent);
  const { resnet, features } = preparedFront(run);
  expect(resnet!.hash).toBe(first.hash);
  const { views } = readDemos(run.demos);
  features!.fill(views, new Uint16Array((views.length / 147) * FEATURES));
  const { mtimeMs } = statSync(run.features);
  await prepareFront(run, silent);
  expect(statSync(run.features).mtimeMs).toBe(mtimeMs);
});

test('keys change with the weights, not with where they are; without them those in the run count', async () => {
  const run = await runWith('keys', `visionWeights=${at('second.safetensors')}`);
  expect(frontKey(run)).toEqual(['channels', second.hash]);
  await prepareFront(run, silent);
  const moved = runAt(run.directory, { ...run.config, visionWeights: at('moved.safetensors') });
  expect(frontKey(moved)).toEqual(['channels', second.hash]);
  const other = runAt(run.directory, { ...run.config, visionWeights: at('first.safetensors') });
  expect(frontKey(other)).toEqual(['channels', first.hash]);
  expect(frontKey(runAt(run.directory, { ...run.config, vision: 'patches' }))).toEqual([]);
  expect(preparedFront(runAt(run.directory, { ...run.config, vision: 'patches' }))).toEqual({});
  rmSync(run.features);
  expect(() => preparedFront(run)).toThrow('cannot read');
});

test('where no weights are named they are fetched from the model hub, and kept', async () => {
  const { endpoint } = await hubServer({
    'microsoft/resnet-18': {
      commit: 'a'.repeat(40),
      files: { 'model.safetensors': readFileSync(at('first.safetensors')) },
    },
  });
  vi.stubEnv('HF_ENDPOINT', endpoint);
  vi.stubEnv('ALVA_CACHE', at('cache'));
  await prepareFront(await runWith('fetched'), silent);
  vi.stubEnv('HF_ENDPOINT', 'http://127.0.0.1:9');
  const again = await runWith('again');
  expect(frontKey(again)).toEqual(['channels', first.hash]);
  await prepareFront(again, silent);
  expect(preparedFront(again).resnet!.hash).toBe(first.hash);
});

test('weights that are not there are told with what to do', async () => {
  const nowhere = await runWith('nowhere', `visionWeights=${at('nowhere.npy')}`);
  await expect(prepareFront(nowhere, silent)).rejects.toThrow('nowhere.npy; set visionWeights to a folder');
  vi.stubEnv('HF_ENDPOINT', 'http://127.0.0.1:9');
  vi.stubEnv('ALVA_CACHE', at('none'));
  vi.stubEnv('HF_HOME', at('none'));
  await expect(prepareFront(await runWith('offline'), silent)).rejects.toThrow(
    /cannot fetch http:\/\/127.0.0.1:9\/microsoft.*; without a network, set visionWeights/,
  );
});
