// Levels and episodes of many seeds against MiniGrid itself (test/golden/levels/make_levels.py).
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { reward } from '../../src/world/episode.ts';
import { roomCodes } from '../../src/world/grid.ts';
import { environments, gymnasiumLevel } from '../../src/world/gymnasium.ts';
import { hex, playedByBot, report } from './golden.ts';

interface Golden {
  readonly environment: string;
  readonly large: string[];
  readonly levels: string[];
  readonly episodes: string[];
}

const BLOCK = 100;
const golden: Golden[] = JSON.parse(readFileSync(new URL('../golden/levels/levels.json', import.meta.url), 'utf8'));

function levelLine(environment: string, seed: number): string {
  const { room, instruction, maxSteps } = gymnasiumLevel(environment, seed);
  const codes = new Uint8Array(3 * room.cells.length);
  roomCodes(room, codes);
  return [seed, [room.x, room.y, room.heading], instruction.sentence, maxSteps, hex(codes)].join('|');
}

function episodeLine(environment: string, seed: number): string {
  const { episode, actions } = playedByBot(gymnasiumLevel(environment, seed));
  return [seed, actions, reward(episode).toFixed(9)].join('|');
}

function hashes(line: (environment: string, seed: number) => string, environment: string, nBlocks: number): string[] {
  return Array.from({ length: nBlocks }, (_, block) => {
    const lines = Array.from({ length: BLOCK }, (_, i) => line(environment, BLOCK * block + i));
    return createHash('sha256').update(lines.join('\n')).digest('hex');
  });
}

test('every environment has its golden levels', () => {
  expect(golden.map(({ environment }) => environment)).toEqual(environments);
});

test.each(golden)('$environment', ({ environment, large, levels, episodes }) => {
  expect(large.map((line) => levelLine(environment, Number(line.split('|')[0])))).toEqual(large);
  expect(hashes(levelLine, environment, levels.length), 'hundreds of levels').toEqual(levels);
  expect(hashes(episodeLine, environment, episodes.length), 'hundreds of episodes').toEqual(episodes);
  report(large.length + BLOCK * levels.length, `levels and ${BLOCK * episodes.length} episodes of ${environment}`);
});
