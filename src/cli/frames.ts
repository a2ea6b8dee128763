// Frames of an episode: the full room, what the agent sees, or both side by side under the instruction.
import { Resvg } from '@resvg/resvg-js';
import { fontFiles, textWidth } from '../report/font.ts';
import { fontFamily } from '../report/theme.ts';
import type { Episode } from '../world/episode.ts';
import type { Mission } from '../world/instructions.ts';
import { type Picture, roomPicture, viewPicture } from '../world/picture.ts';
import { VIEW_BYTES, viewCodes } from '../world/view.ts';

export type FrameView = 'full' | 'partial' | 'both';
export const frameViews: readonly FrameView[] = ['full', 'partial', 'both'];

/**
 * One frame, `side` pixels a tile. `full` and `partial` are MiniGrid's own pictures, pixel for pixel; `both` puts them
 * side by side on white, under the instruction, with the step at the right.
 */
export function frameOf(episode: Episode<Mission>, view: FrameView, side: number): Picture {
  const { room } = episode;
  const codes = new Uint8Array(VIEW_BYTES);
  viewCodes(room, codes);
  if (view === 'full') return roomPicture(room, side);
  if (view === 'partial') return viewPicture(codes, side);
  return sideBySide(roomPicture(room, side), viewPicture(codes, side), side, captionOf(episode));
}

interface Caption {
  readonly sentence: string;
  readonly standing: string;
}

function captionOf({ level, nSteps, status }: Episode<Mission>): Caption {
  const steps = `step ${nSteps}`;
  return { sentence: level.instruction.sentence, standing: status === 'running' ? steps : `${status}, ${steps}` };
}

/** Both feet stand on the same line: the view is a tile lower than the room where the room is 8 tiles high. */
function sideBySide(room: Picture, view: Picture, side: number, caption: Caption): Picture {
  const margin = Math.max(2, Math.round(side / 4));
  const head = Math.max(14, side) + margin;
  const width = margin + room.width + 2 * margin + view.width + margin;
  const height = head + Math.max(room.height, view.height) + margin;
  const values = captionPixels(caption, width, height, head, margin);
  place(room, values, width, margin, height - margin - room.height);
  place(view, values, width, width - margin - view.width, height - margin - view.height);
  return { width, height, values };
}

/** White with black text over the pictures; the text is drawn from the font that comes with alva, so the same anywhere. */
function captionPixels({ sentence, standing }: Caption, width: number, height: number, head: number, margin: number) {
  const widthAtOne = textWidth(sentence, 1, true) + textWidth(standing, 1, false) + 1;
  const size = Math.min(Math.round(0.55 * (head - margin) + 3), (width - 2 * margin) / widthAtOne);
  const text = (x: number, anchor: string, weight: number, content: string) =>
    `<text x="${x}" y="${head - margin - size * 0.2}" text-anchor="${anchor}" font-family="${fontFamily}" font-weight="${weight}" font-size="${size}">${content}</text>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="white"/>${text(margin, 'start', 600, sentence)}${text(width - margin, 'end', 400, standing)}</svg>`;
  const font = { fontFiles: [...fontFiles], loadSystemFonts: false, defaultFontFamily: fontFamily };
  const { pixels } = new Resvg(svg, { font }).render();
  const values = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) values.set(pixels.subarray(4 * i, 4 * i + 3), 3 * i);
  return values;
}

function place({ width, height, values }: Picture, into: Uint8Array, intoWidth: number, x: number, y: number): void {
  for (let row = 0; row < height; row++)
    into.set(values.subarray(3 * row * width, 3 * (row + 1) * width), 3 * ((y + row) * intoWidth + x));
}
