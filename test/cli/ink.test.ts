import { expect, test } from 'vitest';
import { type ColourMode, colourMode, painter, paletteIndex, type Rgb } from '../../src/cli/ink.ts';

test.each<[ColourMode, NodeJS.ProcessEnv]>([
  ['truecolor', { TERM: 'xterm-256color', COLORTERM: 'truecolor' }],
  ['truecolor', { TERM: 'tmux-256color', TMUX: '/tmp/tmux', COLORTERM: '24bit' }],
  ['truecolor', { TERM: 'xterm-direct' }],
  ['256', { TERM: 'xterm-256color' }],
  ['256', { TERM: 'xterm-256color', NO_COLOR: '' }], // empty: not set, says no-color.org
  ['none', { TERM: 'xterm-256color', COLORTERM: 'truecolor', NO_COLOR: '1' }],
  ['none', { TERM: 'dumb' }],
  ['none', {}],
  ['256', { FORCE_COLOR: '' }],
  ['256', { FORCE_COLOR: '1', NO_COLOR: '1' }], // forced, as Node has it
  ['truecolor', { FORCE_COLOR: '3', TERM: 'dumb' }],
  ['none', { FORCE_COLOR: '0', TERM: 'xterm-256color' }],
])('%s for %j', (mode, env) => {
  expect(colourMode(env)).toBe(mode);
});

test.each<[Rgb, number]>([
  [[0, 0, 0], 16],
  [[255, 0, 0], 196],
  [[255, 255, 255], 231],
  [[95, 135, 175], 67],
  [[98, 98, 98], 241],
  [[238, 238, 238], 255],
])('%j in the palette of 256 is entry %i', (rgb, index) => {
  expect(paletteIndex(rgb)).toBe(index);
});

test('no colours where the output is no terminal', () => {
  expect(colourMode({ TERM: 'xterm-256color' }, false)).toBe('none');
  expect(colourMode({ TERM: 'xterm-256color', FORCE_COLOR: '1' }, false)).toBe('256');
});

test('paint in every mode', () => {
  const ink = { text: [255, 0, 0], ground: [0, 0, 0], isBold: true } as const;
  expect(painter('truecolor')('x', ink)).toBe('\x1b[1;38;2;255;0;0;48;2;0;0;0mx\x1b[0m');
  expect(painter('256')('x', ink)).toBe('\x1b[1;38;5;196;48;5;16mx\x1b[0m');
  expect(painter('256')('x', {})).toBe('x');
  expect(painter('none')('x', ink)).toBe('x');
});
