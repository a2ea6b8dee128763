// What comes from others: no package runs a program when it is installed, all come from one registry by hash, known flaws are heard of.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

interface Locked {
  readonly version: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
}

const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const manifest = json('package.json');
const packages = Object.entries(json('package-lock.json').packages as Record<string, Locked>);

/** Who would run a program when it is installed, and why it may not. */
const refused: Readonly<Record<string, string>> = {
  'onnxruntime-node': 'fetches CUDA libraries over the network; where CUDA is wanted the user installs them',
  protobufjs: 'warns of version ranges in the package.json of whoever installs it; nothing is made',
};

test('a package that wants to run a program is known, and refused', () => {
  const wanting = packages.filter(([path, { hasInstallScript }]) => path !== '' && hasInstallScript);
  const names = wanting.map(([path]) => path.replace(/^.*node_modules\//, ''));
  expect(names.sort()).toEqual(Object.keys(refused).sort());
  expect(manifest.allowScripts).toEqual(Object.fromEntries(names.map((name) => [name, false])));
  expect(readFileSync('.npmrc', 'utf8')).toContain('onnxruntime-node-install=skip');
  expect(readFileSync('scripts/setup.mjs', 'utf8')).toContain("'ci', '--ignore-scripts'");
});

test('every package is told by its hash, and none comes from elsewhere than the registry', () => {
  expect(packages.length).toBeGreaterThan(100);
  for (const [path, { resolved, integrity }] of packages.filter(([name]) => name !== '')) {
    if (resolved !== undefined) expect(resolved, path).toMatch(/^https:\/\/registry\.npmjs\.org\//);
    expect(integrity, path).toMatch(/^sha512-/);
  }
});

test('versions are exact', () => {
  for (const list of [manifest.dependencies, manifest.devDependencies, manifest.peerDependencies])
    for (const [name, version] of Object.entries(list)) expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
});

test('the bill of materials names every dependency', () => {
  const { stdout, status } = spawnSync('npm', ['run', '--silent', 'sbom'], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  expect(status).toBe(0);
  const { bomFormat, components } = JSON.parse(stdout);
  expect(bomFormat).toBe('CycloneDX');
  const names = components.map(({ purl }: { purl: string }) => decodeURIComponent(purl));
  for (const [name, version] of Object.entries(manifest.dependencies))
    expect(names).toContain(`pkg:npm/${name}@${version}`);
});

test('an audit with a grave flaw fails, one with none passes, and none at all says so', async () => {
  const script = new URL('../scripts/audit.mjs', import.meta.url).href;
  const { verdictOn } = (await import(script)) as { verdictOn(text: string): { isSafe: boolean; sentence: string } };
  const report = (severity: string) => {
    const counts = { info: 0, low: 0, moderate: 0, high: 0, critical: 0, total: 1, [severity]: 1 };
    const vulnerabilities = { ws: { name: 'ws', severity, range: '<8.0.0' } };
    return JSON.stringify({
      auditReportVersion: 2,
      vulnerabilities,
      metadata: { vulnerabilities: counts, dependencies: { total: 9 } },
    });
  };
  expect(verdictOn(report('high'))).toEqual({ isSafe: false, sentence: expect.stringContaining('ws <8.0.0 (high)') });
  expect(verdictOn(report('critical')).isSafe).toBe(false);
  expect(verdictOn(report('moderate'))).toEqual({
    isSafe: true,
    sentence: 'none high or critical among 9 packages; 1 lower',
  });
  for (const none of ['', '{"message":"405 Method Not Allowed"}', '<html>'])
    expect(verdictOn(none)).toEqual({ isSafe: true, sentence: expect.stringContaining('not checked') });
});

/** What the script says, and with what it leaves, where the registry answers audits with these advisories. */
async function audited(advisories: object): Promise<{ status: number | null; said: string; asked: string[] }> {
  let asked: string[] = [];
  const registry = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      const isBulk = request.method === 'POST' && request.url === '/-/npm/v1/security/advisories/bulk';
      if (isBulk) asked = Object.keys(JSON.parse(gunzipSync(Buffer.concat(parts)).toString()));
      response.writeHead(isBulk ? 200 : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify(isBulk ? advisories : {}));
    });
  });
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`;
  const child = spawn(process.execPath, ['scripts/audit.mjs'], {
    env: { ...process.env, npm_config_registry: address },
  });
  let said = '';
  child.stdout.on('data', (text) => (said += text));
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  registry.close();
  return { status, said, asked };
}

test('npm asks a registry of every package, and its answer decides', async () => {
  const clean = await audited({});
  expect(clean).toMatchObject({ status: 0, said: expect.stringContaining('none high or critical among') });
  expect(clean.asked).toEqual(expect.arrayContaining(Object.keys(manifest.dependencies)));
  const flaw = { id: 1, url: 'https://example.org/1', title: 'made up', severity: 'high', vulnerable_versions: '*' };
  const flawed = await audited({ 'node-addon-api': [flaw] });
  expect(flawed).toMatchObject({ status: 1, said: expect.stringContaining('node-addon-api') });
}, 60_000);
