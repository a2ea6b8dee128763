// How every figure looks: the font, the ink, and colours that stay apart for colour-blind readers and on paper.
import type { TopLevelSpec } from 'vega-lite';
import type { Frame } from './frame.ts';

export type Chart = TopLevelSpec;
export type Layers = Extract<Chart, { layer: unknown }>['layer'];
type Encoding = NonNullable<Extract<Layers[number], { mark: unknown }>['encoding']>;
export type Position = NonNullable<Encoding['x']>;
export type Colour = NonNullable<Encoding['color']>;

export const fontFamily = 'Source Sans 3';

/** With stand-ins of like width, for a figure that is opened by itself where the font is not installed. */
const fontFamilies = `"${fontFamily}", "Source Sans Pro", "Helvetica Neue", Arial, sans-serif`;

/**
 * The page swaps these for their dark counterparts by value, so a figure uses no other colour for text and lines. `trained`, `untrained` and
 * the six groups after them were searched for: the least distance of any two in Oklab is greatest as they are and as protanopes and deuteranopes see
 * them (Machado, Oliveira and Fernandes 2009), with a contrast of 3 to 1 and more on their ground (WCAG 2.2, 1.4.11).
 */
export const colours = {
  ground: '#ffffff',
  ink: '#1d2329',
  muted: '#5c6873',
  line: '#d6dbe0',
  chance: '#7d8790',
  trained: '#0072b2',
  untrained: '#d55e00',
  group3: '#4fa1a5',
  group4: '#690601',
  group5: '#4b8efe',
  group6: '#46225d',
  group7: '#844a53',
  group8: '#1f08b2',
} as const;

export const darkColours: Record<keyof typeof colours, string> = {
  ground: '#15181b',
  ink: '#e8eaec',
  muted: '#a3adb6',
  line: '#363d44',
  chance: '#939da6',
  trained: '#56b4e9',
  untrained: '#e69f00',
  group3: '#d3eb85',
  group4: '#c88787',
  group5: '#8559fc',
  group6: '#9eedfb',
  group7: '#867822',
  group8: '#ab61a5',
};

/** For groups of sentences, in the order of their names; a ninth begins anew, so that colour never says all. */
export const groupColours: readonly string[] = [
  colours.trained,
  colours.untrained,
  colours.group3,
  colours.group4,
  colours.group5,
  colours.group6,
  colours.group7,
  colours.group8,
];

/** One of a list that begins anew after its end. */
export const cycled = <T>(list: readonly T[], i: number): T => list[i % list.length];

/** Vega's shapes that stay apart when they are small. */
export const groupShapes: readonly string[] = ['circle', 'triangle-up', 'square', 'diamond', 'cross', 'triangle-down'];

export const groupDashes: readonly (readonly number[])[] = [
  [6, 2],
  [2, 2],
  [8, 2, 2, 2],
  [4, 4],
  [1, 3],
  [10, 3],
];

const networks = ['ALM', 'untrained ALM'];

/** Colours of the two networks, in the order of a legend; where their lines and points meet, dashes and shapes tell them apart too. */
export const networkScale = { domain: networks, range: [colours.trained, colours.untrained] };
export const networkDashes = {
  domain: networks,
  range: [
    [1, 0],
    [5, 2],
  ],
};
export const networkShapes = { domain: networks, range: ['circle', 'diamond'] };

const swaps = new Map<string, string>(
  (Object.keys(colours) as (keyof typeof colours)[]).map((key) => [colours[key], darkColours[key]]),
);

/** The dark counterpart of a colour; those that have none, as the colours of a map of values, stay. */
export const darkOf = (colour: string): string => swaps.get(colour) ?? colour;

/** A figure of light colours in those of the dark, as the page does it. */
export function inDark(svg: string): string {
  return svg.replaceAll(/(fill|stroke)="(#[0-9a-f]{6})"/g, (_, side, colour) => `${side}="${darkOf(colour)}"`);
}

export function configOf({ text, unit }: Frame): NonNullable<Chart['config']> {
  const labels = { labelColor: colours.muted, titleColor: colours.muted, labelFontSize: text, titleFontSize: text };
  return {
    background: colours.ground,
    font: fontFamilies,
    aria: false,
    padding: 4 * unit,
    view: { stroke: null },
    axis: {
      ...labels,
      titleFontWeight: 'normal',
      labelLimit: 0,
      labelFlush: false,
      tickSize: 4 * unit,
      gridColor: colours.line,
      domainColor: colours.line,
      tickColor: colours.line,
      gridWidth: unit,
      domainWidth: unit,
      tickWidth: unit,
    },
    title: {
      color: colours.ink,
      fontSize: text + unit,
      lineHeight: 1.15 * (text + unit),
      fontWeight: 600,
      anchor: 'start',
      frame: 'group',
      offset: 6 * unit,
    },
    legend: {
      ...labels,
      labelLimit: 0,
      offset: 8 * unit,
      titlePadding: 6 * unit,
      titleFontWeight: 'normal',
      symbolOpacity: 1,
      symbolSize: 70 * unit * unit,
      gradientStrokeColor: colours.line,
      symbolStrokeWidth: 2 * unit,
    },
    concat: { spacing: 24 * unit },
  };
}

/** Of Vega alone: legends above a figure stand one below the other. */
export const legendLayout = { top: { direction: 'vertical', anchor: 'start', margin: 2 } } as const;
