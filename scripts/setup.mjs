// Puts everything in place that a command of this project needs; does nothing where it is. Node's own modules only.
import { chmodSync, existsSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findBlas, obtainBlas } from './blas.mjs';
import { buildNative, checkCompiler, chosenBuilder, root, staleAddon } from './build-native.mjs';
import { fail, programPath, run, SetupError, timed } from './commands.mjs';
import { withLock } from './lock.mjs';
import { filesBelow, hashOf, outOfStep, readStamp, writeStamp } from './stamps.mjs';

/** Throws where `version` (of Node) is below `range`, which reads ">=20.17". */
export function checkNode(version, range) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  const [wantedMajor, wantedMinor] = range.replace('>=', '').split('.').map(Number);
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  throw new SetupError(
    `Node ${version} is too old: expected ${range}; install a newer one from your system or nodejs.org`,
  );
}

const readJson = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));

function staleModules() {
  const record = 'node_modules/.package-lock.json';
  const installed = existsSync(join(root, record)) ? readJson(record) : undefined;
  return outOfStep(readJson('package-lock.json'), installed, (path) => existsSync(join(root, path, 'package.json')));
}

/** What runs on Node, and the script of the report page, which runs in a browser. */
const projects = ['tsconfig.build.json', 'tsconfig.client.json'];

const distFile = (source) => source.replace(/^src/, 'dist').replace(/\.ts$/, '.js');

function distHash(sources) {
  return hashOf(root, [...sources, 'tsconfig.json', ...projects]);
}

function staleDist(sources) {
  if (!sources.every((source) => existsSync(join(root, distFile(source))))) return 'not all of it is there';
  return readStamp(root, 'dist') === distHash(sources) ? undefined : 'its sources have changed';
}

function installModules() {
  // npm names its own program to the scripts it runs: the same npm, even where another comes first on the path.
  const npm =
    basename(process.env.npm_execpath ?? '') === 'npm-cli.js' ? [process.execPath, process.env.npm_execpath] : ['npm'];
  // No package runs a program here, whatever npm's release makes of `allowScripts`; the addon is the next step.
  const args = ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  run(npm[0], [...npm.slice(1), ...args], { log: join(root, '.setup', 'logs', 'npm-ci.log'), cwd: root });
}

function buildDist(sources) {
  const hash = distHash(sources);
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  for (const [i, project] of projects.entries())
    run(process.execPath, [compiler, '-p', project], { log: join(root, '.setup', 'logs', `tsc-${i}.log`), cwd: root });
  const wanted = new Set(sources.map((source) => distFile(source).replace(/\.js$/, '')));
  for (const file of filesBelow(root, 'dist', ['.js', '.js.map', '.d.ts']))
    if (!wanted.has(file.replace(/(\.js|\.js\.map|\.d\.ts)$/, ''))) rmSync(join(root, file));
  for (const program of Object.values(readJson('package.json').bin))
    if (existsSync(join(root, program))) chmodSync(join(root, program), 0o755);
  writeStamp(root, 'dist', hash);
}

/** The steps that are due, in their order. */
export function dueSteps({ modules, addon, dist }) {
  const steps = [];
  if (addon) steps.push('compiler', 'blas');
  if (modules) steps.push('modules');
  if (addon) steps.push('addon');
  if (dist) steps.push('dist');
  return steps;
}

function due() {
  return dueSteps({
    modules: staleModules(),
    addon: staleAddon(),
    dist: staleDist(filesBelow(root, 'src', ['.ts'])),
  });
}

const steps = {
  compiler: () => checkCompiler(),
  blas() {
    if (!findBlas(root)) timed('BLAS and LAPACK', () => obtainBlas(root));
  },
  modules: () => timed('node modules (npm ci)', installModules),
  addon() {
    const builder = chosenBuilder([], process.env, programPath('cmake') !== undefined);
    timed(`native addon by ${builder}`, () => buildNative(builder));
  },
  dist: () => timed('TypeScript to dist', () => buildDist(filesBelow(root, 'src', ['.ts']))),
};

function runDue() {
  for (const step of due()) steps[step]();
}

function main() {
  checkNode(process.version, readJson('package.json').engines.node);
  if (due().length === 0) return;
  const say = (line) => process.stderr.write(`set-up: ${line}\n`);
  // Asked again under the lock: whoever held it may have done the work.
  withLock(join(root, '.setup', 'lock'), runDue, say);
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  try {
    main();
  } catch (error) {
    fail(error);
  }
}
