import { describe, expect, test } from 'vitest';
import { answer } from '../../src/report/answer.ts';
import { alignmentOf, likely, type Truth } from './fixture.ts';

const controls = { 'bag-of-words': 0.3, 'verb-only': 0.3 };
/** A truth where the controls stand at 0.3 with the model, the untrained network and the ALM at what is asked. */
const with_ = (trained: number, untrained: number, more: Partial<Truth> = {}): Truth => ({
  between: { 'bag-of-words': 0.3, 'verb-only': 0.3 },
  alm: { m1: trained, ...controls },
  untrained: { m1: untrained, ...controls },
  sd: 0.01,
  ...more,
});

describe('three sentences', () => {
  test('training that changes nothing is told so, and the control reaches as much', () => {
    const [first, second, third] = answer(alignmentOf(with_(0.7, 0.7)));
    expect(first).toMatch(
      /^Over 3 seeds, the trained ALM reaches P@15 0\.\d{3} \(sd 0\.\d{3}\) with m1; .* gives 0\.140: with m1 it is above that, but not above what relabelling within one verb gives, so that nothing is shown beyond the verb\.$/,
    );
    expect(second).toContain('with m1 a control that never learned to act reaches as much as the trained ALM');
    expect(second).toContain('no evidence of what acting teaches');
    expect(third).toMatch(/^Training did not clearly change P@15 \([+\u2212]?0\.0\d\d \(sd 0\.0\d\d\) with m1\): /);
  });

  test('values exactly alike are no change and show no sign', () => {
    const [, second, third] = answer(alignmentOf(with_(0.7, 0.7, { sd: 0 })));
    expect(second).toContain('reaches as much');
    expect(third).toContain('did not clearly change P@15 (0.000 (sd 0.000) with m1)');
  });

  test('training that raises alignment above every control is told so', () => {
    const [, second, third] = answer(alignmentOf(with_(0.8, 0.4)));
    expect(second).toContain('with m1 the trained ALM lies above every one of these controls');
    expect(second).not.toContain('no evidence');
    expect(third).toMatch(/^Training raised P@15 by 0\.(3[89]|4[01])\d \(sd 0\.0\d\d\) with m1: /);
  });

  test('training that lowers alignment is told so, without a double negative', () => {
    const [, second, third] = answer(alignmentOf(with_(0.4, 0.65)));
    expect(second).toContain('reaches as much');
    expect(third).toMatch(/^Training lowered P@15 by 0\.2\d\d \(sd 0\.0\d\d\) with m1: /);
  });

  test('raised, yet no more than counting words: still no evidence', () => {
    const truth = with_(0.5, 0.3, { between: { 'bag-of-words': 0.6, 'verb-only': 0.2 } });
    const [, second, third] = answer(alignmentOf(truth));
    expect(second).toMatch(
      /training, counting words and the verb alone reach 0\.(29|30)\d, 0\.(59|60|61)\d and 0\.(19|20|21)\d with m1;/,
    );
    expect(second).toContain('reaches as much');
    expect(third).toContain('raised P@15');
  });

  test('models that moved apart are told apart', () => {
    const truth: Truth = {
      between: controls,
      alm: { m1: 0.8, m2: 0.4, ...controls },
      untrained: { m1: 0.5, m2: 0.6, ...controls },
      sd: 0.005,
    };
    const [, second, third] = answer(alignmentOf(truth));
    expect(second).toMatch(/with m2 a control .*; with m1 the trained ALM lies above/);
    expect(third).toMatch(
      /^Training raised P@15 by 0\.\d{3} \(sd 0\.\d{3}\) with m1 and lowered it by 0\.\d{3} .* with m2: /,
    );
  });
});

test('one seed has a difference and no verdict', () => {
  const [first, , third] = answer(alignmentOf({ ...likely, seeds: 1 }));
  expect(first).toMatch(/^In the one seed there is, /);
  expect(first).not.toContain('sd');
  expect(third).toContain('cannot be told');
  expect(third).not.toMatch(/raised|lowered/);
});

test('many models are told by the lowest and the highest', () => {
  const names = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((name, i) => [name, 0.3 + 0.05 * i]));
  const [first] = answer(alignmentOf({ alm: names, untrained: names, sd: 0 }));
  expect(first).toContain('from 0.300 (sd 0.000) with a to 0.550 (sd 0.000) with f');
});

test('without an ALM, without models, and without controls nothing is claimed', () => {
  const full = alignmentOf(likely);
  const only = (...families: string[]) => ({ ...full, spaces: full.spaces.filter((s) => families.includes(s.family)) });
  expect(answer(only('smollm2-135m', 'bag-of-words'))).toEqual([expect.stringContaining('No ALM')]);
  expect(answer(only('alm', 'untrained', 'bag-of-words'))).toEqual([expect.stringContaining('controls alone')]);
  const [, second, third] = answer(only('alm', 'smollm2-135m'));
  expect(second).toContain('No control was compared');
  expect(third).toContain('cannot be told');
});

describe('the network trained with shuffled instructions', () => {
  const truth = (shuffled: number) => with_(0.8, 0.4, { shuffled: { m1: shuffled, ...controls } });
  test('that stays below is said to', () => {
    expect(answer(alignmentOf(truth(0.5)))[1]).toContain(
      'above every one of these controls, and above the network trained with shuffled instructions.',
    );
  });
  test('that reaches as much takes the claim back', () => {
    expect(answer(alignmentOf(truth(0.8)))[1]).toContain(
      'above every one of these controls, yet the network trained with shuffled instructions reaches as much.',
    );
  });
});
