import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';

const script = (name: string) => import(pathToFileURL(join(process.cwd(), 'scripts', name)).href);
const { adviceOnBlas, candidates, findBlas, waysToBlas } = await script('blas.mjs');
const { cachedSource, checkCompiler, chosenBuilder, headersFolder } = await script('build-native.mjs');
const { endsOf, programPath, run, SetupError } = await script('commands.mjs');
const { lives, withLock } = await script('lock.mjs');
const { checkNode, dueSteps } = await script('setup.mjs');
const { filesBelow, hashOf, outOfStep, readStamp, writeStamp } = await script('stamps.mjs');
const { ctestCounts, vitestCounts } = await script('tally.mjs');

const folder = mkdtempSync(join(tmpdir(), 'alva-setup-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('what is due', () => {
  test.each([
    [{}, []],
    [{ modules: 'x', addon: 'x', dist: 'x' }, ['compiler', 'blas', 'modules', 'addon', 'dist']],
    [{ addon: 'x' }, ['compiler', 'blas', 'addon']],
    [{ modules: 'x' }, ['modules']],
    [{ dist: 'x' }, ['dist']],
  ])('%o asks for %o', (stale, steps) => {
    expect(dueSteps(stale)).toEqual(steps);
  });

  const lock = {
    packages: {
      '': { version: '0.1.0' },
      'node_modules/a': { version: '1.0.0' },
      'node_modules/a/node_modules/b': { version: '2.0.0' },
      'node_modules/c-win32': { version: '3.0.0', optional: true },
    },
  };
  const installed = {
    packages: { 'node_modules/a': { version: '1.0.0' }, 'node_modules/a/node_modules/b': { version: '2.0.0' } },
  };
  const there = () => true;

  test('node modules are in step where every needed package has its version', () => {
    expect(outOfStep(lock, installed, there)).toBeUndefined();
  });

  test.each([
    ['none', undefined, 'no node modules yet'],
    ['one missing', { packages: { 'node_modules/a': { version: '1.0.0' } } }, 'b is missing'],
    [
      'another version',
      { packages: { ...installed.packages, 'node_modules/a': { version: '0.9.0' } } },
      'a is 0.9.0, the lock file has 1.0.0',
    ],
  ])('%s is out of step', (_, record, reason) => {
    expect(outOfStep(lock, record, there)).toBe(reason);
  });

  test('a package whose folder is gone is out of step', () => {
    expect(outOfStep(lock, installed, (path: string) => !path.endsWith('/b'))).toBe('b was removed');
  });
});

describe('Node, compiler, builder', () => {
  test.each(['v20.17.0', 'v20.20.2', 'v22.0.0', 'v24.1.0'])('%s will do', (version) => {
    expect(() => checkNode(version, '>=20.17')).not.toThrow();
  });

  test.each(['v20.16.0', 'v18.20.0'])('%s is too old', (version) => {
    expect(() => checkNode(version, '>=20.17')).toThrow(`Node ${version} is too old: expected >=20.17`);
  });

  test.each([
    [{ make: '/usr/bin/make' }, 'missing a C++ compiler; install with "apt-get install build-essential"'],
    [{ compiler: '/usr/bin/c++' }, 'missing make; install with'],
    [{}, 'missing a C++ compiler and make; install with'],
  ])('with %o the sentence says what is missing', (has, sentence) => {
    expect(() => checkCompiler(has)).toThrow(sentence);
  });

  test.each([
    [[], {}, true, 'cmake-js'],
    [[], {}, false, 'node-gyp'],
    [['--with=node-gyp'], {}, true, 'node-gyp'],
    [[], { ALVA_NATIVE_BUILDER: 'node-gyp' }, true, 'node-gyp'],
    [['--with=cmake-js'], { ALVA_NATIVE_BUILDER: 'node-gyp' }, true, 'cmake-js'],
  ])('arguments %o, environment %o, cmake %s: %s', (args, env, hasCmake, builder) => {
    expect(chosenBuilder(args, env, hasCmake)).toBe(builder);
  });

  test('an unknown builder is refused', () => {
    expect(() => chosenBuilder(['--with=bazel'], {}, true)).toThrow(
      'unknown native builder: bazel; known: cmake-js, node-gyp',
    );
  });

  test('the headers are the ones beside the running Node, where they are whole', () => {
    expect(headersFolder('/opt/node/bin/node', () => true)).toBe('/opt/node');
    expect(headersFolder('/opt/node/bin/node', (path: string) => path.endsWith('node.h'))).toBeUndefined();
  });

  test('a cache of cmake tells whose sources it builds', () => {
    expect(cachedSource(join(folder, 'absent'))).toBeUndefined();
    const out = join(folder, 'cmake');
    mkdirSync(out);
    writeFileSync(join(out, 'CMakeCache.txt'), 'A:STRING=b\nCMAKE_HOME_DIRECTORY:INTERNAL=/home/a b/alva\nC:BOOL=ON\n');
    expect(cachedSource(out)).toBe('/home/a b/alva');
  });
});

describe('BLAS', () => {
  test.each([
    [{ platform: 'linux', isRoot: true, hasApt: true, hasDpkg: true }, ['install', 'unpack']],
    [{ platform: 'linux', isRoot: false, hasApt: true, hasDpkg: true }, ['unpack']],
    [{ platform: 'linux', isRoot: true, hasApt: false, hasDpkg: true }, []],
    [{ platform: 'darwin', isRoot: false, hasApt: true, hasDpkg: true }, []],
  ])('%o: %o', (machine, ways) => {
    expect(waysToBlas(machine)).toEqual(ways);
  });

  test('OpenBLAS is asked for first, Accelerate on macOS alone', () => {
    expect(candidates('linux').map(({ name }: { name: string }) => name)[0]).toBe('OpenBLAS');
    expect(candidates('darwin')).toEqual([expect.objectContaining({ name: 'Accelerate' })]);
  });

  test.skipIf(process.platform === 'darwin')('the first that links is taken; none is no BLAS', () => {
    expect(findBlas(folder, (flags: string[]) => flags.includes('-lblas'))).toMatchObject({ name: 'LAPACK and BLAS' });
    expect(findBlas(folder, () => false)).toBeUndefined();
  });

  test('what was unpacked goes before the system’s', () => {
    const root = join(folder, 'unpacked');
    mkdirSync(join(root, '.setup', 'blas', 'lib'), { recursive: true });
    writeFileSync(join(root, '.setup', 'blas', 'lib', 'libopenblas.so'), '');
    expect(findBlas(root, () => true)).toMatchObject({ openblas: true, flags: expect.arrayContaining(['-lopenblas']) });
  });

  test('the advice has a command for each kind of system', () => {
    expect(adviceOnBlas).toMatch(/apt-get install libopenblas-dev.*dnf install openblas-devel.*macOS/);
  });
});

describe('stamps', () => {
  test('the hash follows names, contents, absence and facts', () => {
    const root = join(folder, 'hash');
    mkdirSync(join(root, 'native/deep'), { recursive: true });
    writeFileSync(join(root, 'native/deep/b.cpp'), 'b');
    writeFileSync(join(root, 'native/a.hpp'), 'a');
    writeFileSync(join(root, 'native/notes.md'), 'n');
    const files = filesBelow(root, 'native', ['.cpp', '.hpp']);
    expect(files).toEqual(['native/a.hpp', 'native/deep/b.cpp']);
    const hashes = [hashOf(root, files), hashOf(root, files, ['arm64']), hashOf(root, [...files, 'gone'])];
    writeFileSync(join(root, 'native/a.hpp'), 'A');
    hashes.push(hashOf(root, files));
    expect(new Set(hashes).size).toBe(4);
    expect(filesBelow(root, 'absent', ['.cpp'])).toEqual([]);
  });

  test('a stamp goes there and back', () => {
    expect(readStamp(folder, 'native')).toBeUndefined();
    writeStamp(folder, 'native', 'abc');
    expect(readStamp(folder, 'native')).toBe('abc');
  });
});

describe('the lock', () => {
  const path = join(folder, 'lock');

  test('is held while the work is done and gone afterwards, also when it fails', () => {
    withLock(path, () => expect(lives(readFileSync(path, 'utf8'))).toBe(true));
    expect(existsSync(path)).toBe(false);
    expect(() =>
      withLock(path, () => {
        throw new Error('in vain');
      }),
    ).toThrow('in vain');
    expect(existsSync(path)).toBe(false);
  });

  test('of a process that is gone, or of another process with its number, is taken over', () => {
    for (const holder of [`${hostname()} 999999999 1`, `${hostname()} ${process.pid} started-earlier`]) {
      writeFileSync(path, holder);
      expect(lives(holder)).toBe(false);
      expect(withLock(path, () => 'done')).toBe('done');
    }
  });

  test('of another machine is taken to be held', () => {
    expect(lives('another-machine 1 1')).toBe(true);
  });

  test('lets eight processes in one after the other', async () => {
    const log = join(folder, 'log');
    const program = `
      import { appendFileSync } from 'node:fs';
      import { withLock } from ${JSON.stringify(pathToFileURL(join(process.cwd(), 'scripts/lock.mjs')).href)};
      withLock(${JSON.stringify(path)}, () => {
        appendFileSync(${JSON.stringify(log)}, 'in ');
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30);
        appendFileSync(${JSON.stringify(log)}, 'out ');
      });`;
    writeFileSync(path, `${hostname()} 999999999 1`); // a stale one, which all of them find
    const exits = Array.from({ length: 8 }, () => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' });
      return new Promise((resolve) => child.on('exit', resolve));
    });
    expect(await Promise.all(exits)).toEqual(Array(8).fill(0));
    expect(readFileSync(log, 'utf8')).toBe('in out '.repeat(8));
  });
});

describe('commands', () => {
  test('one that fails ends with the ends of its output and the path of the log', () => {
    const log = join(folder, 'logs', 'fails.log');
    const program = 'for (let i = 1; i <= 100; i++) console.log("line " + i); process.exit(3)';
    let error = new Error('it did not fail');
    try {
      run(process.execPath, ['-e', program], { log });
    } catch (thrown) {
      error = thrown as Error;
    }
    expect(error).toBeInstanceOf(SetupError);
    expect(error.message).toMatch(
      /exit code 3\nline 1\n[\s\S]*\nline 8\n\[\.\.\.\]\nline 76\n[\s\S]*line 100\nthe whole output: /,
    );
    expect(error.message).toContain(log);
  });

  test('one that is not there is named', () => {
    expect(() => run('no-such-program', [], { log: join(folder, 'logs', 'absent.log') })).toThrow('no-such-program');
    expect(programPath('no-such-program')).toBeUndefined();
    expect(programPath('node', join(process.execPath, '..'))).toBe(process.execPath);
  });

  test('a short text is left whole', () => {
    expect(endsOf('a\nb\n', 1, 1)).toBe('a\nb');
    expect(endsOf('a\nb\nc', 1, 1)).toBe('a\n[...]\nc');
  });
});

describe('the closing line', () => {
  test('a file that broke before its first test counts as a failure', () => {
    const report = {
      numPassedTests: 3,
      numFailedTests: 1,
      numPendingTests: 2,
      testResults: [
        { status: 'passed', assertionResults: [{ status: 'passed' }] },
        { status: 'failed', assertionResults: [{ status: 'failed' }] },
        { status: 'failed', assertionResults: [] },
      ],
    };
    expect(vitestCounts(report)).toEqual({ passed: 3, failed: 2, skipped: 2 });
  });

  test('CTest’s counts are read from its suite', () => {
    const xml =
      '<?xml version="1.0"?>\n<testsuite name="alva"\n\ttests="5"\n\tfailures="1"\n\tdisabled="0"\n\tskipped="1">';
    expect(ctestCounts(xml)).toEqual({ passed: 3, failed: 1, skipped: 1 });
  });
});
