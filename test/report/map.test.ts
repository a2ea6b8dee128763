import { describe, expect, test } from 'vitest';
import { groupLabels, type MapPoint, mapAttributes, mapPoints } from '../../src/report/map.ts';
import { alignmentOf, attributesOf108, likely, neighboursOf } from './fixture.ts';

const alignment = alignmentOf(likely);
const record = neighboursOf(alignment, attributesOf108());

describe('what colour and shape stand for', () => {
  const of = (attributes: Record<string, string[]>) => mapAttributes({ ...record, attributes });
  const numbered = (n: number) => Array.from({ length: 108 }, (_, i) => `${i % n}`);

  test('the verb and the colour of the 108, in the order in which they are told', () => {
    expect(of(attributesOf108())).toEqual({ group: 'verb', kind: 'colour' });
  });

  test('attributes of too many values, or of one, are passed over', () => {
    expect(of({ each: numbered(108), same: numbered(1), topic: numbered(8), tense: numbered(3) })).toEqual({
      group: 'topic',
      kind: 'tense',
    });
    expect(of({ topic: numbered(2), form: numbered(7) })).toEqual({ group: 'topic', kind: null });
    expect(of({})).toEqual({ group: null, kind: null });
  });
});

describe('points', () => {
  const points = mapPoints(alignment, record);

  test('are those of one space of each kind, the first, with their coordinates', () => {
    const spaces = [...new Set(points.map(({ space }) => space))];
    expect(spaces).toEqual([
      'ALM, seed 00',
      'bge-small-en-v1.5',
      'smollm2-135m',
      'bag of words',
      'verb only',
      'untrained ALM, seed 00',
      'shuffled ALM, seed 00',
      'random, seed 00',
    ]);
    expect(points).toHaveLength(8 * 108);
    const { map } = record.spaces.find(({ name }) => name === 'alm-00')!;
    expect(points[7]).toEqual({
      ...{ space: 'ALM, seed 00', sentence: 'sentence 7', x: map.x[7], y: map.y[7], xShare: 0.4, yShare: 0.2 },
      ...{ group: 'go to', kind: 'blue' },
    });
  });

  test('of spaces without coordinates are left out', () => {
    expect(mapPoints(alignment, { ...record, spaces: record.spaces.slice(0, 1) })).toHaveLength(108);
  });
});

describe('names in a map', () => {
  const at = (group: string, x: number, y: number): MapPoint => ({
    ...{ space: 's', sentence: '', x, y, xShare: 0, yShare: 0, group, kind: '' },
  });
  const about = (group: string, x: number, y: number, radius = 0.1) =>
    [-radius, radius].flatMap((dx) => [-radius, radius].map((dy) => at(group, x + dx, y + dy)));
  const names = (points: readonly MapPoint[]) => groupLabels(points, 10, 10, 10).map(({ group }) => group);

  test('stand at groups that lie apart, above them', () => {
    const labels = groupLabels([...about('a', -5, 0), ...about('b', 5, 3)], 10, 10, 10);
    expect(labels.map(({ group, x }) => [group, x])).toEqual([
      ['a', -5],
      ['b', 5],
    ]);
    for (const [i, top] of [0.1, 3.1].entries()) expect(labels[i].y).toBeGreaterThan(top);
  });

  test('are left out where groups lie in one another', () => {
    expect(names([...about('a', 0, 0, 4), ...about('b', 1, 1, 4)])).toEqual([]);
  });

  test('never stand on each other: the tighter group has its name', () => {
    expect(names([...about('wide one', 0, 0, 0.3), ...about('tight one', 1, 0, 0.1)])).toEqual(['tight one']);
  });

  test('stay inside the map', () => {
    const [label] = groupLabels([...about('a name of some length', 9.8, 9.8), ...about('b', -9, -9)], 10, 10, 10);
    expect(label.x).toBeLessThan(6);
    expect(label.y).toBeLessThanOrEqual(9);
  });

  test('are none where nothing is told of the sentences', () => {
    expect(names([...about('', 3, 3)])).toEqual([]);
  });
});
