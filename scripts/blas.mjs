// Finds a BLAS with LAPACK to link with, and obtains one where the machine has none.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programPath, run, SetupError } from './commands.mjs';

/** Where a BLAS is unpacked that could not be installed; CMakeLists.txt looks here first, as `findBlas` does. */
export const unpackedFolder = (root) => join(root, '.setup', 'blas', 'lib');

export const adviceOnBlas =
  'no BLAS/LAPACK found; install one: "apt-get install libopenblas-dev" (Debian, Ubuntu), "dnf install openblas-devel" (Fedora), nothing is needed on macOS';

/** What to link with: { name, openblas, flags }; undefined where nothing links. */
export function findBlas(root, links = linksWith) {
  const folder = unpackedFolder(root);
  if (existsSync(join(folder, 'libopenblas.so')))
    return { name: `OpenBLAS in ${folder}`, openblas: true, flags: [`-L${folder}`, '-lopenblas', ...rpaths] };
  return candidates(process.platform).find(({ flags }) => links(flags));
}

export function candidates(platform) {
  if (platform === 'darwin') return [{ name: 'Accelerate', openblas: false, flags: ['-framework', 'Accelerate'] }];
  return [
    { name: 'OpenBLAS', openblas: true, flags: ['-lopenblas'] },
    { name: 'FlexiBLAS', openblas: false, flags: ['-lflexiblas'] },
    { name: 'LAPACK and BLAS', openblas: false, flags: ['-llapack', '-lblas'] },
  ];
}

// Relative to build/Release, so that the folder can be moved; DT_RPATH, so that OpenBLAS finds its own libgfortran.
const rpaths = ['-Wl,-rpath,$ORIGIN/../../.setup/blas/lib', '-Wl,--disable-new-dtags'];

/** The C++ compiler: what CXX names, else c++, g++ or clang++. */
export function compilerPath(env = process.env) {
  return [env.CXX, 'c++', 'g++', 'clang++']
    .filter(Boolean)
    .map((name) => programPath(name))
    .find(Boolean);
}

/** Whether a program that calls one routine of BLAS and one of LAPACK links with `flags`. */
function linksWith(flags) {
  const folder = mkdtempSync(join(tmpdir(), 'alva-blas-'));
  const program = 'extern "C" { void dgemm_(); void dgesdd_(); }\nint main() { dgemm_(); dgesdd_(); }\n';
  try {
    const args = ['-x', 'c++', '-', '-o', join(folder, 'probe'), ...flags];
    return spawnSync(compilerPath(), args, { input: program, stdio: ['pipe', 'ignore', 'ignore'] }).status === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The way to a BLAS on a machine without one: 'install', 'unpack', or 'none' where only the user can. */
export function waysToBlas({ platform, isRoot, hasApt, hasDpkg }) {
  if (platform !== 'linux' || !hasApt) return [];
  return [...(isRoot ? ['install'] : []), ...(hasDpkg ? ['unpack'] : [])];
}

/** Installs or unpacks OpenBLAS. Answers what was done; throws the advice where nothing can be. */
export function obtainBlas(root) {
  const ways = waysToBlas({
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
    hasApt: programPath('apt-get') !== undefined,
    hasDpkg: programPath('dpkg') !== undefined,
  });
  const failures = [];
  for (const way of ways) {
    try {
      if (way === 'install') installBlas(root);
      else unpackBlas(root);
      return way === 'install' ? 'installed libopenblas-dev' : `unpacked OpenBLAS into ${unpackedFolder(root)}`;
    } catch (error) {
      failures.push(error.message);
    }
  }
  throw new SetupError([...failures, adviceOnBlas].join('\n'));
}

const log = (root, name) => join(root, '.setup', 'logs', `${name}.log`);

function installBlas(root) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () =>
    run('apt-get', ['install', '-y', '--no-install-recommends', 'libopenblas-dev'], { log: log(root, 'apt'), env });
  try {
    install();
  } catch {
    // The package lists may be missing or old.
    run('apt-get', ['update'], { log: log(root, 'apt'), env });
    install();
  }
}

/** Fetches the packages without root and copies their libraries into one folder, whole or not at all. */
function unpackBlas(root) {
  const work = join(root, '.setup', `blas-${process.pid}`);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(join(work, 'lib'), { recursive: true });
  try {
    download(root, work);
    for (const file of readdirSync(work).filter((name) => name.endsWith('.deb')))
      run('dpkg', ['-x', file, 'files'], { log: log(root, 'dpkg'), cwd: work });
    copyLibraries(join(work, 'files'), join(work, 'lib'));
    rmSync(join(root, '.setup', 'blas'), { recursive: true, force: true });
    mkdirSync(join(root, '.setup', 'blas'));
    renameSync(join(work, 'lib'), unpackedFolder(root));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function download(root, work) {
  try {
    run('apt-get', ['download', ...packages([])], { log: log(root, 'apt'), cwd: work });
  } catch {
    // The system's package lists are missing or old, and only root may renew them: take our own.
    const own = ['-o', `Dir::State=${work}/state`, '-o', `Dir::Cache=${work}/cache`];
    for (const folder of ['state/lists/partial', 'cache/archives/partial'])
      mkdirSync(join(work, folder), { recursive: true });
    run('apt-get', [...own, 'update'], { log: log(root, 'apt'), cwd: work });
    run('apt-get', [...own, 'download', ...packages(own)], { log: log(root, 'apt'), cwd: work });
  }
}

/** OpenBLAS and the run-time libraries it needs beside the C library: on some architectures one fewer. */
function packages(options) {
  const depends = execFileSync('apt-cache', [...options, 'depends', 'libgfortran5'], {
    encoding: 'utf8',
    stdio: 'pipe',
  });
  return ['libopenblas0-pthread', 'libgfortran5', ...(depends.includes('libquadmath0') ? ['libquadmath0'] : [])];
}

function copyLibraries(from, to) {
  const wanted = /^(libopenblas|libgfortran|libquadmath)\.so\.\d+$/;
  const folders = readdirSync(from, { recursive: true, withFileTypes: true });
  for (const entry of folders.filter(({ name }) => wanted.test(name)))
    copyFileSync(join(entry.parentPath ?? entry.path, entry.name), join(to, entry.name));
  symlinkSync('libopenblas.so.0', join(to, 'libopenblas.so'));
  if (!existsSync(join(to, 'libopenblas.so'))) throw new SetupError('the packages hold no libopenblas.so.0');
}
