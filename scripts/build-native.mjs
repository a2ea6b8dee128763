// Builds the addon into build/Release/alva.node: by cmake-js, or by node-gyp where cmake is missing or when asked to.
import { copyFileSync, existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { adviceOnBlas, compilerPath, findBlas } from './blas.mjs';
import { fail, programPath, run, SetupError, timed } from './commands.mjs';
import { withLock } from './lock.mjs';
import { filesBelow, hashOf, readStamp, writeStamp } from './stamps.mjs';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const addonPath = join(root, 'build', 'Release', 'alva.node');
export const builders = ['cmake-js', 'node-gyp'];

/** The builder asked for by `--with=NAME` or ALVA_NATIVE_BUILDER, else cmake-js where there is a cmake. */
export function chosenBuilder(args, env, hasCmake) {
  const flag = args.find((arg) => arg.startsWith('--with='))?.slice('--with='.length);
  const asked = flag ?? env.ALVA_NATIVE_BUILDER;
  if (!asked) return hasCmake ? 'cmake-js' : 'node-gyp';
  if (!builders.includes(asked))
    throw new SetupError(`unknown native builder: ${asked}; known: ${builders.join(', ')}`);
  return asked;
}

/** The folder whose include/node holds the headers of the running Node; undefined where they are not installed. */
export function headersFolder(executable = process.execPath, isThere = existsSync) {
  const folder = dirname(dirname(executable));
  return ['node.h', 'common.gypi'].every((file) => isThere(join(folder, 'include', 'node', file))) ? folder : undefined;
}

export function nativeHash() {
  const sources = ['core', 'binding'].flatMap((folder) => filesBelow(root, `native/${folder}`, ['.cpp', '.hpp']));
  return hashOf(root, [...sources, 'CMakeLists.txt', 'binding.gyp'], [process.platform, process.arch]);
}

/** Why the addon has to be built, or undefined where the one that is there is of these sources and loads. */
export function staleAddon() {
  if (!existsSync(addonPath)) return 'no addon yet';
  if (readStamp(root, 'native') !== nativeHash()) return 'its sources have changed';
  try {
    createRequire(import.meta.url)(addonPath);
  } catch {
    return 'the one there does not load';
  }
  return undefined;
}

/** Checks what a build needs, and says in one sentence what is missing and how to get it. */
export function checkCompiler(has = { compiler: compilerPath(), make: programPath('make') ?? programPath('ninja') }) {
  const missing = [...(has.compiler ? [] : ['a C++ compiler']), ...(has.make ? [] : ['make'])].join(' and ');
  if (missing)
    throw new SetupError(
      `missing ${missing}; install with "apt-get install build-essential" (Debian, Ubuntu), "dnf install gcc-c++ make" (Fedora) or "xcode-select --install" (macOS)`,
    );
}

export function buildNative(builder) {
  checkCompiler();
  if (!findBlas(root)) throw new SetupError(adviceOnBlas);
  const hash = nativeHash();
  if (builder === 'cmake-js') buildWithCmake();
  else buildWithGyp();
  writeStamp(root, 'native', hash);
}

function buildWithCmake() {
  const out = join(root, 'build', 'cmake');
  // In a folder that was copied or moved cmake would build the sources of the one where it was.
  if (cachedSource(out) !== undefined && cachedSource(out) !== realpathSync(root)) rmSync(out, { recursive: true });
  const program = createRequire(import.meta.url).resolve('cmake-js/bin/cmake-js');
  const args = ['compile', '--out', out, '--parallel', String(availableParallelism())];
  run(process.execPath, [program, ...args], { log: join(root, '.setup', 'logs', 'cmake-js.log'), cwd: root });
  // Renamed into place: a process that has the old one open keeps it.
  mkdirSync(dirname(addonPath), { recursive: true });
  copyFileSync(join(out, 'Release', 'alva.node'), `${addonPath}.new`);
  renameSync(`${addonPath}.new`, addonPath);
}

/** The folder of the sources that cmake's cache in `out` is for; undefined without one. */
export function cachedSource(out) {
  const cache = join(out, 'CMakeCache.txt');
  if (!existsSync(cache)) return undefined;
  return /^CMAKE_HOME_DIRECTORY:INTERNAL=(.*)$/m.exec(readFileSync(cache, 'utf8'))?.[1] ?? '';
}

function buildWithGyp() {
  if (!programPath('python3') && !programPath('python'))
    throw new SetupError('missing cmake, and node-gyp in its place needs python3; install one of the two');
  // Both builders may have written build/Makefile; without its cache cmake starts afresh and does not run gyp's.
  rmSync(join(root, 'build', 'CMakeCache.txt'), { force: true });
  const headers = headersFolder();
  const args = ['configure', 'build', ...(headers ? [`--nodedir=${headers}`] : []), `--jobs=${availableParallelism()}`];
  const log = join(root, '.setup', 'logs', 'node-gyp.log');
  run(process.execPath, [gypPath(), ...args], { log, cwd: root });
}

/** node-gyp among our packages, or the one npm carries and names to install scripts. */
function gypPath() {
  try {
    return createRequire(import.meta.url).resolve('node-gyp/bin/node-gyp.js');
  } catch {
    if (process.env.npm_config_node_gyp) return process.env.npm_config_node_gyp;
    throw new SetupError('missing cmake and node-gyp; install cmake');
  }
}

function main(args) {
  const builder = chosenBuilder(args, process.env, programPath('cmake') !== undefined);
  const forced = args.includes('--force') || args.some((arg) => arg.startsWith('--with='));
  const build = () => {
    if (forced || staleAddon()) timed(`native addon by ${builder}`, () => buildNative(builder));
  };
  if (process.env.ALVA_SETUP_LOCKED)
    build(); // npm runs this script inside a set-up that holds the lock
  else withLock(join(root, '.setup', 'lock'), build, (line) => process.stderr.write(`set-up: ${line}\n`));
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  try {
    main(process.argv.slice(2));
  } catch (error) {
    fail(error);
  }
}
