// Frames to the bytes of a PNG, an animated GIF or an animated WebP, by sharp.
import type { Picture } from '../world/picture.ts';

/** Milliseconds that a frame is shown, and the last one. */
const FRAME = 250;
const LAST_FRAME = 1500;

export type Encoding = 'png' | 'gif' | 'webp';
export const encodings: readonly Encoding[] = ['png', 'gif', 'webp'];

/** Encodes frames of one size, without loss up to a GIF's 256 colours; PNG takes one frame. Animations run for ever. */
export async function encoded(frames: readonly Picture[], encoding: Encoding): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp'); // 20 MB of shared libraries that no other verb needs
  const [{ width, height: pageHeight }] = frames;
  const height = pageHeight * frames.length;
  const raw = { width, height, channels: 3 as const, pageHeight };
  const image = sharp(Buffer.concat(frames.map(({ values }) => values)), { raw });
  const delay = frames.map((_, i) => (i < frames.length - 1 ? FRAME : LAST_FRAME));
  if (encoding === 'png') return image.png({ compressionLevel: 9 }).toBuffer();
  if (encoding === 'gif') return image.gif({ delay, loop: 0, dither: 0, effort: 10 }).toBuffer();
  return image.webp({ delay, loop: 0, lossless: true }).toBuffer();
}
