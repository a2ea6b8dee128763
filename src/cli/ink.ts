// Colours in a terminal: 24 bits, the palette of 256, or none.

export type ColourMode = 'truecolor' | '256' | 'none';
export type Rgb = readonly [red: number, green: number, blue: number];

export interface Ink {
  readonly text?: Rgb;
  readonly ground?: Rgb;
  readonly isBold?: boolean;
}

/** Puts colours around a text; in mode `none` the text stays as it is. */
export type Paint = (text: string, ink: Ink) => string;

/**
 * What the terminal can show. FORCE_COLOR counts as in Node: 3 for 24 bits, 1, 2, true or nothing for the palette, anything else
 * for none. NO_COLOR (no-color.org) counts where it is not empty and nothing is forced.
 */
export function colourMode(env: NodeJS.ProcessEnv, isTerminal = true): ColourMode {
  const { FORCE_COLOR: forced, NO_COLOR, TERM, COLORTERM = '' } = env;
  if (forced !== undefined) return /^(|1|2|true)$/.test(forced) ? '256' : forced === '3' ? 'truecolor' : 'none';
  if (NO_COLOR || !isTerminal || !TERM || TERM === 'dumb') return 'none';
  return /^(truecolor|24bit)$/i.test(COLORTERM) || /direct/.test(TERM) ? 'truecolor' : '256';
}

export function painter(mode: ColourMode): Paint {
  if (mode === 'none') return (text) => text;
  const colour = mode === 'truecolor' ? (rgb: Rgb) => `2;${rgb.join(';')}` : (rgb: Rgb) => `5;${paletteIndex(rgb)}`;
  return (text, { text: front, ground, isBold }) => {
    const codes = [isBold && '1', front && `38;${colour(front)}`, ground && `48;${colour(ground)}`].filter(Boolean);
    return text && codes.length > 0 ? `\x1b[${codes.join(';')}m${text}\x1b[0m` : text;
  };
}

const cubeLevels = [0, 95, 135, 175, 215, 255];

/** The nearest entry of xterm's palette of 256: its 6 x 6 x 6 cube (from 16), or its 24 greys (from 232). */
export function paletteIndex(rgb: Rgb): number {
  const steps = rgb.map((value) => indexOfNearest(cubeLevels, value));
  const inCube = steps.map((step) => cubeLevels[step]);
  const greys = Array.from({ length: 24 }, (_, i) => 8 + 10 * i);
  const grey = indexOfNearest(greys, (rgb[0] + rgb[1] + rgb[2]) / 3);
  const isGreyer = distance(rgb, Array(3).fill(greys[grey])) < distance(rgb, inCube);
  return isGreyer ? 232 + grey : 16 + 36 * steps[0] + 6 * steps[1] + steps[2];
}

function indexOfNearest(values: readonly number[], wanted: number): number {
  return values.reduce((best, value, i) => (Math.abs(value - wanted) < Math.abs(values[best] - wanted) ? i : best), 0);
}

function distance(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0);
}
