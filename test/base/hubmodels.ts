// A hub with a few models, a fresh cache for each test, and what tests ask of them.
import { beforeAll, beforeEach, expect } from 'vitest';
import { hubAccess } from '../../src/base/hubaccess.ts';
import type { HubError } from '../../src/base/request.ts';
import { type HubRepository, type HubServer, hubServer } from './hubserver.ts';
import { scratch } from './scratch.ts';

export const large = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7 + (i >> 9)) % 251));
export const small = Buffer.from('{"hidden_size": 16}');
export const commit = 'c0ffee'.padEnd(40, '0');
const repositories: Record<string, HubRepository> = {
  'org/model': { commit, files: { 'config.json': small, 'onnx/model.onnx': large }, licence: 'mit' },
  'org/gated': { commit, files: { 'config.json': small, 'onnx/model.onnx': large }, gated: true },
  'org/oldname': { commit, files: {}, movedTo: 'org/model' },
  'org/evil': { commit, files: { '../../evil': small } },
};

export const want = (file = 'onnx/model.onnx', repository = 'org/model', revision = 'main') => ({
  repository,
  revision,
  file,
});

export const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable('it has to fail'),
    (error: HubError) => error,
  );

/** To be called once in a file of tests. */
export function hubOfModels() {
  const at = scratch();
  let count = 0;
  const here = { hub: {} as HubServer, cache: '', env: {} as Record<string, string> };
  beforeAll(async () => {
    here.hub = await hubServer(repositories);
  });
  beforeEach(() => {
    const { hub } = here;
    here.cache = at(`cache${count++}`);
    here.env = { ALVA_CACHE: here.cache, HF_HOME: at('no-home'), HF_ENDPOINT: hub.endpoint };
    hub.asked.length = 0;
    hub.mishaps.length = 0;
    hub.busy.length = 0;
  });
  const access = (more: Record<string, string | undefined> = {}, offline?: boolean) =>
    hubAccess({ ...here.env, ...more }, { firstWait: 1, offline });
  return { at, here, access };
}
