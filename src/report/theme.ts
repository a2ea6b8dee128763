// How every figure looks: the font, the ink, and colours that stay apart for colour-blind readers (Okabe and Ito 2008).
import type { TopLevelSpec } from 'vega-lite';

export type Chart = TopLevelSpec;
export type Layers = Extract<Chart, { layer: unknown }>['layer'];
type Encoding = NonNullable<Extract<Layers[number], { mark: unknown }>['encoding']>;
export type Position = NonNullable<Encoding['x']>;
export type Colour = NonNullable<Encoding['color']>;

export const fontFamily = 'Source Sans 3';

/** With stand-ins of like width, for a figure that is opened by itself where the font is not installed. */
const fontFamilies = `"${fontFamily}", "Source Sans Pro", "Helvetica Neue", Arial, sans-serif`;

/** The page swaps these for their dark counterparts by value, so a figure uses no other colour for text and lines. */
export const colours = {
  ground: '#ffffff',
  ink: '#1d2329',
  muted: '#5c6873',
  line: '#d6dbe0',
  trained: '#0072b2',
  untrained: '#d55e00',
  chance: '#7d8790',
} as const;

export const darkColours: Record<keyof typeof colours, string> = {
  ground: '#15181b',
  ink: '#e8eaec',
  muted: '#a3adb6',
  line: '#363d44',
  trained: '#56b4e9',
  untrained: '#e69f00',
  chance: '#939da6',
};

/** Colours of the two networks, in the order of a legend. */
export const networkScale = {
  domain: ['ALM', 'untrained ALM'],
  range: [colours.trained, colours.untrained],
};

export const config: NonNullable<Chart['config']> = {
  background: colours.ground,
  font: fontFamilies,
  aria: false,
  padding: 8,
  view: { stroke: null },
  axis: {
    labelColor: colours.muted,
    titleColor: colours.muted,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    labelLimit: 220,
    labelFlush: false,
    gridColor: colours.line,
    domainColor: colours.line,
    tickColor: colours.line,
  },
  header: { labelColor: colours.ink, labelFontSize: 13, labelFontWeight: 600, labelLimit: 220 },
  title: { color: colours.ink, fontSize: 13, fontWeight: 600, anchor: 'start', frame: 'group', offset: 8 },
  legend: {
    labelColor: colours.muted,
    titleColor: colours.muted,
    labelFontSize: 12,
    titleFontSize: 12,
    symbolOpacity: 1,
    gradientStrokeColor: colours.line,
    symbolStrokeWidth: 2,
  },
  concat: { spacing: 28 },
  facet: { spacing: 36 },
};
