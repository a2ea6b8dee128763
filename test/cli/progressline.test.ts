import fc from 'fast-check';
import { expect, test } from 'vitest';
import { barLine, clock, paceMeter, plainLine } from '../../src/cli/progressline.ts';

const event = {
  stage: 'train',
  part: 'seed 01',
  done: 500,
  total: 2000,
  unit: 'updates',
  detail: 'loss 0.5',
  rate: '3400 samples/s',
  secondsLeft: 92,
};
const pace = { secondsLeft: 92 };

test.each([
  [100, 'train seed 01  [======                  ]  500/2000 updates  3400 samples/s  loss 0.5  1:32 left'],
  [90, 'train seed 01  [===         ]  500/2000 updates  3400 samples/s  loss 0.5  1:32 left'],
  [85, 'train seed 01  [===         ]  500/2000 updates  3400 samples/s  loss 0.5  1:32 left'],
  [75, 'train seed 01  [===         ]  500/2000 updates  3400 samples/s  1:32 left'],
  [60, 'train seed 01  [===         ]  500/2000 updates  1:32 left'],
  [44, 'train seed 01  [==      ]  25 %  1:32 left'],
  [30, 'train seed 01  25 %  1:32 left'],
  [20, 'train seed 01  25 %'],
  [10, '25 %  trai'],
])('in %i columns', (width, line) => {
  expect(barLine(event, pace, width)).toBe(line);
});

test('a line never has more characters than there is room for, and the bar is as full as what is done', () => {
  fc.assert(
    fc.property(fc.nat(3000), fc.integer({ min: 1, max: 200 }), fc.boolean(), (done, width, fails) => {
      const line = barLine({ ...event, done, failure: fails ? 'no disk' : undefined }, pace, width);
      expect(line.length).toBeLessThanOrEqual(width);
      const [, bar] = /\[([= ]+)\]/.exec(line) ?? [];
      if (bar) expect(bar.replaceAll(' ', '').length).toBe(Math.round(bar.length * Math.min(1, done / 2000)));
    }),
  );
});

test('a plain line has no bar', () => {
  expect(plainLine({ ...event, done: 2000 }, pace)).toBe('train seed 01  2000/2000 updates  3400 samples/s  loss 0.5');
  expect(plainLine({ stage: 'align', done: 0, total: 0, unit: 'pairs' }, {})).toBe('align  0/0 pairs');
  expect(plainLine({ ...event, failure: 'no disk' }, pace)).toBe('train seed 01  failed: no disk');
});

test('bytes are told as megabytes', () => {
  const bytes = { stage: 'embed', part: 'model.onnx', done: 12_345_678, total: 45_600_000, unit: 'bytes' };
  expect(plainLine(bytes, { perSecond: 2_500_000, secondsLeft: 13.3 })).toBe(
    'embed model.onnx  12.3/45.6 MB  2.5 MB/s  0:13 left',
  );
});

test('the pace is what was counted since the first event of a part; its own time left is taken where it tells one', () => {
  let now = 0;
  const paceOf = paceMeter(() => now);
  const demos = { stage: 'demos', total: 1000, unit: 'episodes' };
  expect(paceOf({ ...demos, done: 200 })).toEqual({ secondsLeft: undefined });
  now = 2000;
  expect(paceOf({ ...demos, done: 300 })).toEqual({ perSecond: 50, secondsLeft: 14 });
  expect(paceOf({ ...demos, unit: 'levels', done: 5 }).perSecond).toBeUndefined(); // another thing is counted
  expect(paceOf({ ...demos, done: 300, secondsLeft: 3 })).toEqual({ perSecond: 50, secondsLeft: 3 });
  now = 2100;
  expect(paceOf({ ...demos, done: 10 }).perSecond).toBeUndefined(); // counted anew
});

test.each([
  [1234.5, '1235/s'],
  [2.34, '2.3/s'],
  [0.05, '3.0/min'],
])('%f a second is %s', (perSecond, rate) => {
  expect(plainLine({ stage: 's', done: 1, total: 2, unit: 'x' }, { perSecond })).toBe(`s  1/2 x  ${rate}`);
});

test('a clock of seconds', () => {
  expect([0, 59.6, 61, 3600, 36_061, -3].map(clock)).toEqual(['0:00', '1:00', '1:01', '1:00:00', '10:01:01', '0:00']);
});
