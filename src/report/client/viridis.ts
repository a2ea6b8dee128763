// The colours of the heatmap: viridis (van der Walt and Smith 2015), perceptually even and safe for colour-blind readers.

/** At 0, 1/8, ..., 1. */
const stops = ['440154', '472d7b', '3b528b', '2c728e', '21918c', '28ae80', '5ec962', 'addc30', 'fde725'];
const channels = stops.map((stop) => [0, 2, 4].map((at) => Number.parseInt(stop.slice(at, at + 2), 16)));

export interface CellColour {
  readonly ground: string;
  /** Black or white, whichever stands out more. */
  readonly ink: string;
}

export function viridis(value: number): CellColour {
  const at = Math.min(1, Math.max(0, value)) * (channels.length - 1);
  const below = Math.min(Math.floor(at), channels.length - 2);
  const rgb = channels[below].map((from, i) => Math.round(from + (at - below) * (channels[below + 1][i] - from)));
  return { ground: `rgb(${rgb.join(' ')})`, ink: luminance(rgb) > EVEN_CONTRAST ? '#000' : '#fff' };
}

/** The relative luminance against which black and white have the same contrast (WCAG 2). */
const EVEN_CONTRAST = 0.179;

function luminance(rgb: readonly number[]): number {
  const [red, green, blue] = rgb.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
