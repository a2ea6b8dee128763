import * as vega from 'vega';
import { describe, expect, test } from 'vitest';
import { darkBelow, onDark, onLight } from '../../src/report/heatmap.ts';
import {
  colours,
  darkColours,
  darkOf,
  groupColours,
  groupDashes,
  groupShapes,
  inDark,
} from '../../src/report/theme.ts';

type Triple = readonly number[];

const linear = (hex: string): Triple =>
  [1, 3, 5].map((i) => {
    const c = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
const times = (rows: readonly Triple[], v: Triple): Triple =>
  rows.map((row) => row.reduce((sum, x, i) => sum + x * v[i], 0));

/** Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB. */
const sights: Record<string, readonly Triple[]> = {
  'as they are': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
};

/** Ottosson 2020. */
function oklab(rgb: Triple): Triple {
  const cones = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    rgb,
  ).map(Math.cbrt);
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    cones,
  );
}

const seen = (hex: string, sight: string) =>
  oklab(times(sights[sight], linear(hex)).map((c) => Math.min(1, Math.max(0, c))));
const distance = (a: string, b: string, sight: string) =>
  Math.hypot(...seen(a, sight).map((x, i) => x - seen(b, sight)[i]));
const luminance = (hex: string) => times([[0.2126, 0.7152, 0.0722]], linear(hex))[0];
function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

const themes = { light: colours, dark: darkColours } as const;
const inTheme = (theme: keyof typeof themes, hex: string) => (theme === 'light' ? hex : darkOf(hex));

describe.each(['light', 'dark'] as const)('in the %s', (theme) => {
  const groups = groupColours.map((hex) => inTheme(theme, hex));

  test.each(Object.keys(sights))('any two groups are apart: %s', (sight) => {
    const pairs = groups.flatMap((a, i) => groups.slice(i + 1).map((b) => distance(a, b, sight)));
    // 0.02 is just seen of two patches side by side; small points far apart need several times that.
    expect(Math.min(...pairs)).toBeGreaterThan(0.13);
  });

  test('what is drawn stands out from the ground by 3 to 1, text by 4.5 to 1', () => {
    const { ground, ink, muted, chance } = themes[theme];
    for (const colour of [...groups, chance]) expect(contrast(colour, ground)).toBeGreaterThanOrEqual(3);
    for (const colour of [ink, muted]) expect(contrast(colour, ground)).toBeGreaterThanOrEqual(4.5);
  });
});

test('no two colours are one, so that each can be swapped by its value', () => {
  expect(new Set(Object.values(colours)).size).toBe(Object.keys(colours).length);
  for (const key of Object.keys(colours) as (keyof typeof colours)[])
    expect(darkOf(colours[key])).toBe(darkColours[key]);
  expect(inDark(`<path fill="${colours.ink}" stroke="${onDark}"/>`)).toBe(
    `<path fill="${darkColours.ink}" stroke="${onDark}"/>`,
  );
});

test('the colours of the heatmap grow lighter evenly, also for colour-blind readers, and carry their figures', () => {
  const scheme = vega.scheme('viridis') as (at: number) => string;
  const steps = Array.from({ length: 101 }, (_, i) => i / 100);
  const hexes = steps.map((at) => hexOf(scheme(at)));
  for (const sight of Object.keys(sights)) {
    const light = hexes.map((hex) => seen(hex, sight)[0]);
    for (let i = 1; i < light.length; i++) expect(light[i]).toBeGreaterThan(light[i - 1]);
  }
  for (const [i, at] of steps.entries())
    expect(contrast(hexes[i], at < darkBelow ? onDark : onLight)).toBeGreaterThanOrEqual(4.5);
});

test('groups differ in more than colour', () => {
  expect(new Set(groupShapes).size).toBe(groupShapes.length);
  expect(new Set(groupDashes.map(String)).size).toBe(groupDashes.length);
});

function hexOf(colour: string): string {
  if (colour.startsWith('#')) return colour;
  return `#${colour
    .match(/\d+/g)!
    .map((part) => Number(part).toString(16).padStart(2, '0'))
    .join('')}`;
}
