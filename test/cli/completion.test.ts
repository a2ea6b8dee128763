// The completion scripts of the real executable, sourced by the shells themselves.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { quoted } from '../../src/base/shell.ts';
import { alva } from '../pipeline/executable.ts';

const folder = mkdtempSync(join(tmpdir(), 'alva-completion-'));
for (const run of ['runs/full', 'runs/quick']) {
  mkdirSync(join(folder, run), { recursive: true });
  writeFileSync(join(folder, run, 'config.json'), '{}');
}
mkdirSync(join(folder, 'empty'));
writeFileSync(join(folder, 'mine.npy'), '');

const scriptFor = (shell: string) => {
  const path = join(folder, `alva.${shell}`);
  writeFileSync(path, alva('completion', shell).stdout);
  return path;
};

/** What stands before the cursor, and what has to be offered there; nothing else, where the list is whole. */
const cases: readonly (readonly [words: readonly string[], offered: readonly string[], isWhole: boolean])[] = [
  [['rep'], ['replicate', 'report'], true],
  [['replicate', '--pre'], ['--preset'], true],
  [['replicate', '--preset', ''], ['smoke', 'quick', 'full', 'paper', 'strong'], true],
  [['replicate', '--set', 'epis'], ['episodes='], true],
  [['report', '--out', 'runs/'], ['runs/full', 'runs/quick'], true],
  [['compare', '--measures', 'cka_lin'], ['cka_linear'], false],
  [['compare', 'mi'], ['mine.npy'], true],
  [['embed', '--model', 'smol'], ['smollm2-135m'], true],
  [['config', 'demonstrator'], ['demonstrator'], true],
  [['figure', 'heat'], ['heatmap'], true],
  [['completion', ''], ['bash', 'fish', 'zsh'], true],
];

const sorted = (words: readonly string[]) => [...words].sort();

function offers(found: readonly string[], [, offered, isWhole]: (typeof cases)[number]): void {
  if (isWhole) expect(sorted(found)).toEqual(sorted(offered));
  else expect(found).toEqual(expect.arrayContaining([...offered]));
}

function versionOf(shell: string): string | undefined {
  const { status, error } = spawnSync(shell, ['--version'], { encoding: 'utf8' });
  if (status === 0 && !error) return shell;
  console.log(`skipped: ${shell} is not installed`);
  return undefined;
}

/** Runs a script of a shell in the folder with the runs, and answers its lines. */
function linesOf(shell: string, script: string, args: readonly string[] = []): string[] {
  const { stdout, stderr, status } = spawnSync(shell, [...args, '-c', script], { encoding: 'utf8', cwd: folder });
  expect(status, stderr).toBe(0);
  return stdout.split('\n').filter((line) => line !== '');
}

describe.skipIf(!versionOf('bash'))('bash', () => {
  const script = scriptFor('bash');
  test.each(cases)('alva %j', (words, offered, isWhole) => {
    // compopt knows only the completion under way, and there is none here.
    const lines = linesOf(
      'bash',
      `compopt() { :; }; source ${quoted(script)}; COMP_WORDS=(alva ${words.map((word) => quoted(word) || "''").join(' ')});
      COMP_CWORD=${words.length}; _alva; printf '%s\\n' "\${COMPREPLY[@]}"`,
      ['--norc'],
    );
    offers(lines, [words, offered, isWhole]);
  });

  test('lists by commas keep what stands before, sentences are quoted', () => {
    const complete = (...words: string[]) =>
      linesOf(
        'bash',
        `compopt() { :; }; source ${quoted(script)}; COMP_WORDS=(alva ${words.map(quoted).join(' ')});
        COMP_CWORD=${words.length}; _alva; printf '%s\\n' "\${COMPREPLY[@]}"`,
      );
    expect(complete('compare', '--measures', 'cka_linear,rsa_p')).toEqual(['cka_linear,rsa_pearson']);
    expect(complete('play', '--instruction', 'pick up the red b')).toEqual([
      'pick\\ up\\ the\\ red\\ ball',
      'pick\\ up\\ the\\ red\\ box',
    ]);
  });
});

describe.skipIf(!versionOf('fish'))('fish', () => {
  const script = scriptFor('fish');
  test.each(cases)('alva %j', (words, offered, isWhole) => {
    const line = ['alva', ...words].join(' ');
    const lines = linesOf('fish', `source ${quoted(script)}; complete -C ${quoted(line)}`, ['--no-config']);
    offers(
      lines.map((each) => each.split('\t')[0]),
      [words, offered, isWhole],
    );
  });
});

describe.skipIf(!versionOf('zsh'))('zsh', () => {
  const script = scriptFor('zsh');
  test('the script loads, and completes alva', () => {
    const lines = linesOf(
      'zsh',
      `autoload -Uz compinit; compinit -u -D; source ${quoted(script)}; print -- $_comps[alva]`,
      ['-f'],
    );
    expect(lines).toEqual(['_alva']);
  });
});
