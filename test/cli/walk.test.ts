import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { levelsOf } from '../../src/cli/choice.ts';
import { type Hint, hintsFor } from '../../src/cli/hints.ts';
import { press, startWalk, type Walk } from '../../src/cli/walk.ts';
import { demonstrator } from '../../src/world/bot.ts';
import { begin, perform } from '../../src/world/episode.ts';
import { DROP, FORWARD, LEFT, PICKUP, RIGHT, TOGGLE } from '../../src/world/grid.ts';
import { environments } from '../../src/world/gymnasium.ts';
import { drawnLevel, drawnRoom } from '../world/drawings.ts';

const keys = ['a', 'd', 'w', 'p', 'o', 't'];
const babyai = demonstrator('babyai');

function walkIn(sentence: string, ...lines: string[]): Walk {
  return startWalk(() => drawnLevel(sentence, drawnRoom(...lines), 6), 0, babyai);
}

function pressAll(walk: Walk, pressed: readonly string[]): void {
  for (const key of pressed) press(walk, key);
}

describe('keys', () => {
  test('arrows and letters move the agent, and every step counts', () => {
    const walk = walkIn('pick up the red ball', '>..', '...', '..o');
    pressAll(walk, ['right', 'd', 'left', 'a', 'up']);
    expect(walk.episode).toMatchObject({ nSteps: 5, room: { x: 2, y: 1, heading: 0 } });
    press(walk, 'w');
    expect(walk.episode).toMatchObject({ nSteps: 6, status: 'failure', room: { x: 3 } });
    expect(walk).toMatchObject({ nEnded: 1, nSucceeded: 0 });
  });

  test('p, o and t pick up, drop and open', () => {
    const walk = walkIn('pick up the red ball', '>k.', 'b..', '..o');
    press(walk, 'p');
    expect(walk.episode.room.objects[walk.episode.room.carried]).toBe(5);
    press(walk, 'o');
    expect(walk.episode.room.carried).toBe(0);
    pressAll(walk, ['d', 't']);
    expect(walk.episode.room.cells[1 * 5 + 2]).toBe(0); // the box was empty
  });

  test('success ends the episode; r and n go on from there', () => {
    const walk = walkIn('pick up the red ball', '>o.');
    press(walk, 'p');
    expect(walk).toMatchObject({ episode: { status: 'success' }, nEnded: 1, nSucceeded: 1 });
    press(walk, 'w');
    expect(walk.episode.nSteps).toBe(1);
    expect(walk.remark).toContain('this level has ended');
    press(walk, 'r');
    expect(walk).toMatchObject({ episode: { status: 'running', nSteps: 0 }, seed: 0, remark: '' });
  });

  test('n is the level of the next seed', () => {
    const levelOf = levelsOf({});
    const walk = startWalk(levelOf, 3, babyai);
    press(walk, 'n');
    expect(walk.seed).toBe(4);
    expect(walk.episode.level).toEqual(levelOf(4));
  });

  test('q leaves, other keys do nothing', () => {
    const walk = walkIn('go to the red ball', '>.o');
    expect(press(walk, 'x')).toBe(true);
    expect(press(walk, '')).toBe(true);
    expect(press(walk, 'toString')).toBe(true);
    expect(walk.episode.nSteps).toBe(0);
    expect(press(walk, 'q')).toBe(false);
  });

  test.each([
    ['w', 'the way is blocked'],
    ['p', 'there is nothing to pick up'],
    ['o', 'your hands are empty'],
    ['t', 'there is nothing to open'],
  ])('%s before a wall says why nothing happens', (key, remark) => {
    const walk = walkIn('go to the red ball', '<.o');
    press(walk, key);
    expect(walk.remark).toBe(remark);
  });

  test('full hands, and no room to drop', () => {
    const walk = walkIn('go to the red ball', '>kk', '..o');
    pressAll(walk, ['p', 'w', 'p']);
    expect(walk.remark).toBe('your hands are full');
    press(walk, 'o');
    expect(walk.remark).toBe('there is no room ahead to put it down');
  });
});

describe('hints', () => {
  const next = ({ hints }: Walk) => hints.next;

  test.each([undefined, ...environments])('a level is done by following them: %s', (family) => {
    for (let seed = 0; seed < 30; seed++) {
      const walk = startWalk(levelsOf({ level: family }), seed, babyai);
      while (walk.episode.status === 'running') press(walk, keys[actionOf(next(walk))]);
      expect(walk.episode.status).toBe('success');
    }
  });

  // What happens at random takes memory and plans away, fills the hands and shifts objects; 300 steps allow for it.
  test('and from wherever other keys have led, unless the target was opened', () => {
    const family = fc.constantFrom(undefined, 'BabyAI-GoToLocal-v0', 'BabyAI-PickupLoc-v0');
    const pressed = fc.array(fc.constantFrom(...keys, 'w', 'w'), { maxLength: 40 });
    fc.assert(
      fc.property(fc.nat(400), family, pressed, (seed, name, wandering) => {
        const level = { ...levelsOf({ level: name })(seed), maxSteps: 300 };
        const walk = startWalk(() => level, seed, babyai);
        pressAll(walk, wandering);
        const { room } = walk.episode;
        const isThere = [...room.cells, room.carried].some((item) => level.targets.includes(item));
        if (!isThere) return;
        while (walk.episode.status === 'running') {
          const hint = next(walk);
          // Objects that were shifted may have closed the ways out; only ESCAPE's demonstrator cannot shift them back.
          if ('reason' in hint && level.instruction.task === 'ESCAPE' && isShifted(walk)) return;
          press(walk, keys[actionOf(hint)]);
        }
        expect(walk.episode.status).toBe('success');
      }),
      { numRuns: 300 },
    );
  });

  test('what the player took up is put down first, for which it may take a turn', () => {
    const walk = walkIn('pick up the red ball', '>k.', '..o');
    press(walk, 'p');
    expect(next(walk)).toEqual({ action: DROP });
    press(walk, 'a');
    expect(next(walk)).toEqual({ action: RIGHT });
  });

  test.each(['avoid', 'pick up'])('%s: a target that is gone leaves no hint, but the reason', (verb) => {
    const walk = walkIn(`${verb} the red box`, '>b.', '...');
    press(walk, 't');
    expect(next(walk)).toEqual({ reason: 'what the sentence means is no longer there' });
  });

  test('a target among several that was opened away is given up for another', () => {
    const room = drawnRoom('>b.', '...', '..b');
    const walk = startWalk(() => drawnLevel('pick up the red box', room), 0, babyai);
    press(walk, 't');
    while (walk.episode.status === 'running') press(walk, keys[actionOf(next(walk))]);
    expect(walk.episode.status).toBe('success');
  });

  test('a demonstrator that finds no way says so', () => {
    const walk = startWalk(() => drawnLevel('go to the red ball', drawnRoom('>k', 'ko')), 0, demonstrator('shortest'));
    expect(next(walk)).toEqual({ reason: 'no way to "go to the red ball" in this room' });
  });

  test('an ended episode has none', () => {
    const walk = walkIn('go to the red ball', '^.o');
    pressAll(walk, ['d', 'w']);
    expect(walk.episode.status).toBe('success');
    expect(next(walk)).toEqual({ reason: 'the episode has ended' });
  });

  test('a demonstrator is kept as long as its advice is taken, and asked once a step', () => {
    const level = drawnLevel('go to the red ball', drawnRoom('>...o'));
    let [nMade, nAsked] = [0, 0];
    const make = () => {
      nMade++;
      return () => {
        nAsked++;
        return FORWARD;
      };
    };
    const episode = begin(level);
    const hints = hintsFor(episode, make);
    for (const action of [FORWARD, FORWARD, LEFT, TOGGLE, PICKUP]) {
      expect(hints.next).toEqual({ action: FORWARD });
      perform(episode, action);
      hints.taken(action);
    }
    expect([nMade, nAsked]).toEqual([4, 6]);
  });

  test('an error that is no sentence for the user is not swallowed', () => {
    const level = drawnLevel('go to the red ball', drawnRoom('>..o'));
    const make = () => () => {
      throw new TypeError('a fault');
    };
    expect(() => hintsFor(begin(level), make)).toThrow('a fault');
  });
});

function isShifted({ episode: { room, level } }: Walk): boolean {
  return Buffer.compare(room.cells, level.room.cells) !== 0;
}

function actionOf(hint: Hint): number {
  if ('reason' in hint) throw new Error(hint.reason);
  return hint.action;
}
