// The plain twin of resized64: bilinear over a 56x56 image, one pixel after another.
const FROM = 56;
const TO = 64;

/** Half-pixel centres, edges clamped, in float64 (exact here), rounded half up. */
export function resizedPlainly(image: Uint8Array): Uint8Array {
  const out = new Uint8Array(3 * TO * TO);
  for (let y = 0; y < TO; y++)
    for (let x = 0; x < TO; x++)
      for (let channel = 0; channel < 3; channel++) {
        const [left, right, toRight] = taps(x);
        const [upper, lower, toLower] = taps(y);
        const pixel = (row: number, column: number) => image[3 * (row * FROM + column) + channel];
        const above = (1 - toRight) * pixel(upper, left) + toRight * pixel(upper, right);
        const below = (1 - toRight) * pixel(lower, left) + toRight * pixel(lower, right);
        out[3 * (y * TO + x) + channel] = Math.floor((1 - toLower) * above + toLower * below + 0.5);
      }
  return out;
}

function taps(output: number): [before: number, after: number, weight: number] {
  const at = Math.max(0, ((output + 0.5) * FROM) / TO - 0.5);
  const before = Math.floor(at);
  return [before, Math.min(before + 1, FROM - 1), at - before];
}
