import { expect, test } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { demonstrator } from '../../src/world/bot.ts';
import { begin, type Episode, perform, play } from '../../src/world/episode.ts';
import { copyOf, FORWARD } from '../../src/world/grid.ts';
import { instructions } from '../../src/world/instructions.ts';
import { level, paperLevels } from '../../src/world/levels.ts';
import { drawnLevel, drawnRoom } from './drawings.ts';

test('all episodes go in step until the last is done, and levels stay as they were', async () => {
  const all = instructions();
  const levels = Array.from({ length: 30 }, (_, i) => level(all[3 * i], paperLevels, randomFrom(5, i)));
  const before = levels.map((each) => copyOf(each.room));
  const choosers = new Map<Episode, (episode: Episode) => number>();
  const running: number[] = [];
  const episodes = await play(levels, (some) => {
    running.push(some.length);
    return some.map((episode) => {
      if (!choosers.has(episode)) choosers.set(episode, demonstrator('babyai')(episode.level));
      return choosers.get(episode)!(episode);
    });
  });
  expect(episodes.map((each) => each.status)).toEqual(levels.map(() => 'success'));
  expect(running).toHaveLength(Math.max(...episodes.map((each) => each.nSteps)));
  expect(running).toEqual([...running].sort((a, b) => b - a));
  expect(levels.map((each) => each.room)).toEqual(before);
  expect(episodes.map((each) => each.level)).toEqual(levels);
});

test('a chooser may be asynchronous', async () => {
  const [episode] = await play([drawnLevel('go to the red ball', drawnRoom('>..o'))], async () => [FORWARD]);
  expect([episode.status, episode.nSteps]).toEqual(['success', 2]);
});

test('no levels are no episodes', async () => {
  expect(await play([], () => [])).toEqual([]);
});

test('what is no action for each episode is refused', async () => {
  const levels = [drawnLevel('go to the red ball', drawnRoom('>..o'))];
  await expect(play(levels, () => [])).rejects.toThrow('expected one for each of 1 episodes, got 0');
  await expect(play(levels, () => [6])).rejects.toThrow('invalid action: expected a whole number from 0 to 5, got 6');
  await expect(play(levels, () => [Number.NaN])).rejects.toThrow('got NaN');
});

test('an episode that has ended takes no more actions', () => {
  const episode = begin(drawnLevel('go to the red ball', drawnRoom('>..o'), 1));
  expect(perform(episode, FORWARD)).toBe('failure');
  expect(() => perform(episode, FORWARD)).toThrow('the episode has ended in failure');
});

test('an episode begins running, with the target where it stands', () => {
  const episode = begin(drawnLevel('go to the red ball', drawnRoom('>..o')));
  expect(episode).toMatchObject({ status: 'running', nSteps: 0 });
  expect([...episode.goal.cells]).toEqual([4 * episode.room.height + 1]);
});
