// What the tests of files of spaces share: the golden files with what is in them, files written for one test, and how reading one is refused.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { AlvaError } from '../../src/base/errors.ts';
import { writeNpy } from '../../src/base/npy.ts';
import type { Tensor } from '../../src/base/tensors.ts';
import { spaceFromFile } from '../../src/embed/files.ts';
import { scratch } from '../base/scratch.ts';

export const golden = fileURLToPath(new URL('../golden/spaces/', import.meta.url));
export const expected: { sentences: string[]; values: number[][] } = JSON.parse(
  readFileSync(join(golden, 'expected.json'), 'utf8'),
);
export const wanted = expected.sentences;
export const two = ['go to the red ball', 'avoid the key'];

export const at = scratch();
let nFiles = 0;

export function written(name: string, content: string | Buffer): string {
  const path = at(`${nFiles++}-${name}`);
  writeFileSync(path, content);
  return path;
}

export async function refusal(path: string, sentences = two, sentenceColumn?: string): Promise<string> {
  const error = await spaceFromFile(path, sentences, 'runs/a', { sentenceColumn }).then(
    () => new Error('nothing was refused'),
    (why: Error) => why,
  );
  expect(error, error.message).toBeInstanceOf(AlvaError);
  return error.message;
}

export function npyBytes(tensor: Tensor): Buffer {
  const path = at('array.npy');
  writeNpy(path, tensor);
  return readFileSync(path);
}

/** An .npy of dtype <U24. */
export function textNpy(texts: readonly string[]): Buffer {
  const header = `{'descr': '<U24', 'fortran_order': False, 'shape': (${texts.length},), }\n`;
  const head = Buffer.from(`\x93NUMPY\x01\x00\x00\x00${header}`, 'latin1');
  head.writeUInt16LE(header.length, 8);
  const cells = texts.map((text) => {
    const cell = Buffer.alloc(96);
    for (const [i, letter] of [...text].entries()) cell.writeUInt32LE(letter.codePointAt(0)!, 4 * i);
    return cell;
  });
  return Buffer.concat([head, ...cells]);
}
