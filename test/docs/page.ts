// A page of docs/ whose examples are run in their order, in a folder of its own, through the real package and executable.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { executable } from '../pipeline/executable.ts';

interface Block {
  readonly language: string;
  readonly text: string;
  readonly heading: string;
}

interface Example {
  readonly name: string;
  /** A script of JavaScript, or a line for the shell. */
  readonly script?: string;
  readonly command?: string;
  readonly output: string;
}

/** Tests of a page with `nExamples` numbered headings, each with something to run that prints what the page says. */
export function testPage(path: string, nExamples: number): void {
  const page = readFileSync(path, 'utf8');
  const examples = examplesOf(blocksOf(page));
  const folder = mkdtempSync(join(tmpdir(), 'alva-docs-'));

  beforeAll(() => {
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(resolve('.'), join(folder, 'node_modules', 'alva'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  describe.sequential(path, () => {
    test(`has ${nExamples} examples, each with something to run`, () => {
      const numbers = Array.from({ length: nExamples }, (_, i) => String(i + 1));
      expect([...page.matchAll(/^## (\d+)\. /gm)].map((match) => match[1])).toEqual(numbers);
      for (const number of numbers) expect(examples.some(({ name }) => name.startsWith(`${number}. `))).toBe(true);
    });

    test.each(examples)(
      '$name',
      (example) => {
        const { status, stdout, stderr } = run(example, folder);
        expect(status, stderr).toBe(0);
        expect(words(stdout)).toBe(words(example.output));
        const expected = numbers(example.output);
        for (const [i, number] of numbers(stdout).entries())
          expect(Math.abs(number - expected[i])).toBeLessThanOrEqual(0.02 + 0.02 * Math.abs(expected[i]));
      },
      120_000,
    );
  });
}

function blocksOf(text: string): Block[] {
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(({ 1: language, 2: body, index }) => ({
    language,
    text: body,
    heading: [...text.slice(0, index).matchAll(/^#+ (.*)$/gm)].at(-1)![1],
  }));
}

function examplesOf(blocks: readonly Block[]): Example[] {
  return blocks.flatMap(({ language, text, heading }, i): Example[] => {
    if (language === 'js') {
      const next = blocks[i + 1];
      const output = next?.language === 'text' ? next.text : '';
      return [{ name: `${heading}: script`, script: text, output }];
    }
    if (language !== 'console') return [];
    const [, ...parts] = `\n${text}`.split('\n$ ');
    return parts.map((part) => {
      const [command, ...lines] = part.split('\n');
      return { name: `${heading}: ${command}`, command, output: lines.join('\n') };
    });
  });
}

function run({ script, command }: Example, cwd: string): { status: number | null; stdout: string; stderr: string } {
  const options = { cwd, encoding: 'utf8' as const };
  if (script === undefined) {
    const alva = `alva() { "${process.execPath}" "${resolve(executable)}" "$@"; }`;
    return spawnSync('bash', ['-c', `${alva}\n${command}`], options);
  }
  const path = join(cwd, 'script.mjs');
  writeFileSync(path, script);
  return spawnSync(process.execPath, [path], options);
}

const NUMBER = /[-−]?\d+(\.\d+)?(e[-+]?\d+)?/g;

/** Words and signs; numbers are compared apart, for their last digits differ between builds of BLAS. */
const words = (text: string) =>
  text
    .replaceAll(NUMBER, '#')
    .replaceAll(/[ \t]+/g, ' ')
    .replaceAll(/ +$/gm, '')
    .trim();
const numbers = (text: string) => (text.match(NUMBER) ?? []).map((number) => Number(number.replace('−', '-')));
