import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { ColourMode } from '../../src/cli/ink.ts';
import { type Screen, screenLines } from '../../src/cli/screen.ts';
import { begin, perform } from '../../src/world/episode.ts';
import { levelFamilies, seededLevel } from '../../src/world/families.ts';
import { addItem, CLOSED, DOOR, FORWARD, LEFT, LOCKED, OPEN, PICKUP, RIGHT } from '../../src/world/grid.ts';
import { drawnLevel, drawnRoom } from '../world/drawings.ts';

const terminal = { columns: 80, rows: 24 };
const modes: ColourMode[] = ['truecolor', '256', 'none'];

function screen(actions: number[] = [], maxSteps = 64): Screen {
  const room = drawnRoom('......', '.k..o.', '..B...', '.>....', '...K..', 'O....b');
  const episode = begin(drawnLevel('pick up the red ball', room, maxSteps));
  for (const action of actions) perform(episode, action);
  return { episode, seed: 3 };
}

const plain = (lines: readonly string[]) => lines.map((line) => stripVTControlCharacters(line).trimEnd());

test('letters in place of colours, in a small window', () => {
  expect(plain(screenLines(screen(), { columns: 70, rows: 17 }, 'none'))).toEqual([
    'pick up the red ball',
    'PICK-UP, seed 3',
    'the room           what the agent sees',
    '▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒',
    '▒▒  · · · · · ▓▓   ▓▓▓▓▓▓▓▓▓▓▓▓▓▓',
    '▒▒  rk· · ro· ▓▓   · · · · · rx▓▓',
    '▒▒  · gx· · · ▓▓   · ro· · · · ▓▓',
    '▒▒  =>· · · · ▓▓   · · · · gk· ▓▓',
    '▒▒  · · gk· · ▓▓   · · gx· · · ▓▓',
    '▒▒go· · · · rx▓▓   · rk· ^^· · ▓▓',
    '▒▒▒▒▓▓▓▓▓▓▓▓▓▓▓▓',
    'colours: r red   g green   b blue   p purple   y yellow   e grey',
    'kinds: o ball   x box   k key   · seen now',
    'step 0 of 64   hands: empty',
    '',
    'a  turn left   d  turn right   w  go forward   p  pick up   o  drop',
    't  open   h  hint   n  next level   r  restart   q  quit',
  ]);
});

test('signs in colour, in a small window', () => {
  const lines = plain(screenLines(screen(), { columns: 70, rows: 15 }, '256'));
  expect(lines.slice(3, 11)).toEqual([
    '',
    '',
    '    o-    ()                 []',
    '      []             ()',
    '    =>                     o-',
    '        o-             []',
    '  ()        []       o-  ^^',
    '',
  ]);
});

describe.each(modes)('mode %s', (mode) => {
  test('at 80 x 24', () => {
    const lines = screenLines(screen(), terminal, mode);
    expect(lines.length).toBeLessThanOrEqual(terminal.rows);
    expect(lines.join('\n')).toMatchSnapshot();
  });

  test('every size is kept to', () => {
    const hint = { reason: 'a sentence that is far too long for a window as small as some of these are' };
    for (let columns = 12; columns <= 90; columns += 13)
      for (let rows = 1; rows <= 40; rows += 3) {
        const lines = plain(screenLines({ ...screen(), hint }, { columns, rows }, mode));
        expect(lines.length).toBeLessThanOrEqual(rows);
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
      }
  });

  test.each([...levelFamilies])('80 x 24 is enough for %s with all that may be said', (family) => {
    const hint = { reason: 'what the sentence means is no longer there' };
    const remark = 'there is no room ahead to put it down';
    for (let seed = 0; seed < 20; seed++) {
      const episode = begin(seededLevel(family, seed));
      const lines = plain(screenLines({ episode, seed, family, hint, remark }, terminal, mode));
      expect(lines[0]).toBe(episode.level.instruction.sentence);
      expect(lines.join('\n')).toContain(`no hint: ${hint.reason}`);
    }
  });

  test('a window too small is told what it needs', () => {
    const lines = plain(screenLines(screen(), { columns: 30, rows: 10 }, mode));
    expect(lines.join(' ').replace(/\s+/g, ' ')).toMatch(
      /^This window has 30 x 10 characters; this level fits into \d+ x \d+\. Make it larger, or q to quit\.$/,
    );
  });
});

test('without colours there is no escape sequence at all', () => {
  expect(screenLines({ ...screen(), hint: { action: LEFT } }, terminal, 'none').join('')).not.toContain('\x1b');
});

test('the family of levels takes the place of the task', () => {
  const [, second] = plain(screenLines({ ...screen(), family: 'BabyAI-GoToLocal-v0' }, terminal, '256'));
  expect(second).toBe('BabyAI-GoToLocal-v0, seed 3');
});

describe('how it stands', () => {
  const standing = (shown: Screen) => plain(screenLines(shown, terminal, '256')).slice(19, 21);

  test('steps, and what the hands hold', () => {
    expect(standing(screen([LEFT, FORWARD, PICKUP]))).toEqual(['step 3 of 64   hands: a red key', '']);
  });

  test('a hint, none, and why; a remark', () => {
    expect(standing({ ...screen(), hint: { action: FORWARD } })[1]).toBe('hint: w  go forward');
    expect(standing({ ...screen(), hint: { reason: 'lost' } })[1]).toBe('no hint: lost');
    const both = standing({ ...screen(), hint: { action: LEFT }, remark: 'bump' });
    expect(both).toEqual(['step 0 of 64   hands: empty   bump', 'hint: a  turn left']);
  });

  test('success and failure', () => {
    const way = [LEFT, RIGHT, FORWARD, FORWARD, FORWARD, LEFT, FORWARD, PICKUP];
    const done = screen(way);
    expect(done.episode.status).toBe('success');
    expect(standing(done)).toEqual(['step 8 of 64   hands: a red ball', 'success']);
    expect(standing(screen([LEFT, LEFT], 2))[1]).toBe('failure: no steps are left');
  });
});

test('a room lower than the view does not cut it', () => {
  const shown = { episode: begin(drawnLevel('go to the red ball', drawnRoom('>.', '.o'))), seed: 0 };
  const rows = plain(screenLines(shown, terminal, 'none')).slice(3);
  expect(rows[13]).toBe(`${' '.repeat(16)}   ${' '.repeat(8)}▓▓▓▓▟██▙    ▓▓▓▓`);
});

test('doors open, closed and locked are told apart, in colours and letters', () => {
  const room = drawnRoom('...', '...', '.^.');
  [OPEN, CLOSED, LOCKED].forEach((state, i) => {
    room.cells[(1 + i) * room.height + 1] = addItem(room, DOOR, 2, state);
  });
  const shown = { episode: begin(drawnLevel('go to the red ball', room)), seed: 0 };
  const row = (mode: ColourMode, rows: number) =>
    plain(screenLines(shown, { columns: 80, rows }, mode))[rows > 20 ? 5 : 4];
  expect(row('256', 24).slice(4, 16)).toBe('   ▐▛▀▀▜▛▀▀▜');
  expect(row('256', 15).slice(2, 8)).toBe(' |||##');
  expect(row('none', 24).slice(4, 16)).toBe('blu blu blu ');
  expect(row('none', 17).slice(2, 8)).toBe('b|bdbD');
});
