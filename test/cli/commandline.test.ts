// The help of every command: grouped, with examples that can be typed.
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { commandLine } from '../../src/cli/commandline.ts';
import { alva, executable } from '../pipeline/executable.ts';

/** The help of a command as it is printed. */
function helpOf(name: string): string {
  const command = commandLine().commands.find((each) => each.name() === name)!;
  let text = '';
  command.configureOutput({
    writeOut: (piece) => {
      text += piece;
    },
  });
  command.outputHelp();
  return text;
}

/** The words of each line below "Examples:", without what stands beside them, the shell's part, and the name. */
function examplesOf(help: string): string[][] {
  const [, list = ''] = /\nExamples:\n((?: {2}\S.*(?:\n|$))+)/.exec(help) ?? [];
  return list
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [text] = line.trim().split(/ {3,}/);
      const bare = text.replace(/^(\w+=\w+ |source <\()/, '').replace(/( > \S+|\))$/, '');
      const words = [...bare.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quotedText, word]) => quotedText ?? word);
      expect(words[0]).toBe('alva');
      return words.slice(1);
    });
}

const names = commandLine()
  .commands.map((command) => command.name())
  .filter((name) => name !== 'help');

describe.each(names)('alva %s --help', (name) => {
  const examples = examplesOf(helpOf(name));

  test('ends with two examples or more', () => {
    expect(examples.length).toBeGreaterThanOrEqual(2);
    expect(helpOf(name).trimEnd()).toMatch(/\nExamples:\n( {2}\S.*\n?)+$/);
  });

  test.each(examples.map((words) => [words.join(' '), words] as const))('alva %s is understood', async (_, words) => {
    const program = commandLine();
    const command = program.commands.find((each) => each.name() === words[0])!;
    let isCalled = false;
    command.action(() => {
      isCalled = true;
    });
    await program.parseAsync(words, { from: 'user' });
    expect(isCalled).toBe(true);
  });
});

test('alva --help has groups, examples of commands that there are, and the exit codes', () => {
  const { stdout, status } = alva('--help');
  expect(status).toBe(0);
  for (const heading of ['A run, from', 'Looking at a run:', 'Spaces and models:', 'Levels:', 'alva itself:'])
    expect(stdout).toContain(`\n${heading}`);
  for (const [name] of examplesOf(stdout)) expect(names).toContain(name);
  for (const code of ['0 ', '1 ', '2 ', '130', '141']) expect(stdout).toMatch(new RegExp(`^  ${code} `, 'm'));
});

test('a reader who goes away ends the command quietly', () => {
  const line = `set -o pipefail; "${process.execPath}" ${executable} completion bash | true`;
  const { status, stderr } = spawnSync('bash', ['-c', line], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([141, '']);
});

test.each([
  [['rport'], 'Did you mean report?'],
  [['replicate', '--presett', 'full'], 'Did you mean --preset?'],
])('alva %j is answered with what may have been meant', (words, answer) => {
  const { status, stderr } = alva(...words);
  expect(stderr).toContain(answer);
  expect(status).toBe(2);
});
