import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/base/errors.ts';
import { demonstrator } from '../../src/world/bot.ts';
import { begin, perform, play, reward } from '../../src/world/episode.ts';
import { levelFamilies, seededLevel } from '../../src/world/families.ts';
import { act, BOX, copyOf, FORWARD, itemAhead, LEFT, NOTHING, type Room, TOGGLE, WALLS } from '../../src/world/grid.ts';
import { environments, gymnasiumLevel } from '../../src/world/gymnasium.ts';
import { VIEW_BYTES, viewCodes } from '../../src/world/view.ts';

const LEVELS = 300;
const family = fc.constantFrom(...levelFamilies);
const seed = fc.maxSafeNat();

/** Where each item is: its cells and the hands; an item in no place at all is gone. */
function placesOf(room: Room): Map<number, number> {
  const places = new Map<number, number>();
  for (const item of [...room.cells, room.carried]) if (item > WALLS) places.set(item, (places.get(item) ?? 0) + 1);
  return places;
}

test('the same seed gives the same level, and another seed another', () => {
  fc.assert(
    fc.property(family, seed, (name, some) => {
      expect(seededLevel(name, some)).toEqual(seededLevel(name, some));
    }),
  );
  for (const name of levelFamilies) expect(seededLevel(name, 1)).not.toEqual(seededLevel(name, 2));
});

test('a level is a walled room with its agent in a free cell, every object once, and targets among them', () => {
  fc.assert(
    fc.property(family, seed, (name, some) => {
      const { room, targets, instruction, maxSteps } = seededLevel(name, some);
      expect(room.cells[room.x * room.height + room.y]).toBe(NOTHING);
      const places = placesOf(room);
      expect([...places.keys()].sort((a, b) => a - b)).toEqual(
        Array.from({ length: room.nItems - 2 }, (_, i) => i + 2),
      );
      expect([...places.values()].every((n) => n === 1)).toBe(true);
      expect(targets.length).toBeGreaterThan(0);
      expect(targets.every((target) => places.has(target))).toBe(true);
      expect(instruction.sentence).toMatch(/^[a-z ]+ (a|the) [a-z ]+$/);
      expect(maxSteps).toBe(room.width * room.height);
    }),
  );
});

test('no action sequence leaves an impossible room: nothing twice, nothing lost but an opened box, the agent in no wall', () => {
  const action = fc.oneof({ weight: 2, arbitrary: fc.constant(FORWARD) }, { weight: 3, arbitrary: fc.nat(5) });
  const seen = { carried: 0, opened: 0 };
  fc.assert(
    fc.property(family, seed, fc.array(action, { minLength: 50, maxLength: 150 }), (name, some, actions) => {
      const room = copyOf(seededLevel(name, some).room);
      for (const each of actions) {
        const before = copyOf(room);
        const places = placesOf(before);
        act(room, each);
        const after = placesOf(room);
        const lost = [...places.keys()].filter((item) => !after.has(item));
        if (each === TOGGLE && room.objects[itemAhead(before)] === BOX) expect(lost).toEqual([itemAhead(before)]);
        else expect(lost).toEqual([]);
        expect(after.size).toBe(places.size - lost.length);
        expect([...after.values()].every((n) => n === 1)).toBe(true);
        expect(room.cells[room.x * room.height + room.y]).toBe(NOTHING);
        expect(room.cells.every((item, cell) => (item === WALLS) === (before.cells[cell] === WALLS))).toBe(true);
        seen.carried += room.carried !== before.carried ? 1 : 0;
        seen.opened += lost.length;
      }
    }),
    { seed: 20, numRuns: 200 }, // fixed, so that the next line can ask that boxes were opened and objects moved
  );
  expect(Math.min(seen.carried, seen.opened)).toBeGreaterThan(20);
});

describe.each(levelFamilies)('%s', (name) => {
  test(`${LEVELS} of ${LEVELS} seeds are solved by babyai`, async () => {
    const levels = Array.from({ length: LEVELS }, (_, i) => seededLevel(name, 7919 * i + 1));
    const choosers = new Map(levels.map((each) => [each, demonstrator('babyai')(each)]));
    const episodes = await play(levels, (running) => running.map((each) => choosers.get(each.level)!(each)));
    expect(episodes.filter(({ status }) => status === 'success')).toHaveLength(LEVELS);
    for (const episode of episodes) {
      expect(reward(episode)).toBe(1 - 0.9 * (episode.nSteps / episode.level.maxSteps));
      expect(episode.nSteps).toBeGreaterThan(0);
    }
  });
});

test('an episode without success earns nothing', () => {
  const episode = begin(gymnasiumLevel('BabyAI-PickupDist-v0', 0));
  expect(reward(episode)).toBe(0);
  while (episode.status === 'running') perform(episode, LEFT);
  expect([episode.status, episode.nSteps, reward(episode)]).toEqual(['failure', 49, 0]);
});

test('every level can be seen', () => {
  const codes = new Uint8Array(VIEW_BYTES);
  for (const name of levelFamilies) {
    viewCodes(seededLevel(name, 3).room, codes);
    expect(codes[3 * (3 * 7 + 6)]).toBe(1); // an empty hand in the agent's own cell
  }
});

test('unknown names and unusable seeds are refused', () => {
  expect(() => seededLevel('BabyAI-BossLevel-v0', 0)).toThrow(
    'unknown level family: BabyAI-BossLevel-v0 (did you mean "BabyAI-GoToLocal-v0"?); known: GO-TO,',
  );
  expect(() => gymnasiumLevel('toString', 0)).toThrow('unknown environment: toString; known: BabyAI-GoToLocal-v0,');
  for (const name of ['GO-TO', environments[0]])
    for (const wrong of [-1, 0.5, 2 ** 53, Number.NaN]) {
      expect(() => seededLevel(name, wrong)).toThrow(`invalid seed: expected a whole number from 0 to 2^53 - 1`);
      expect(() => seededLevel(name, wrong)).toThrow(UsageError);
    }
});
