// Vectors without their part along others: what a least-squares regression leaves.

/** What of a vector's squared length is rounding error after projections. */
const ROUNDING = 1e-22;

/** Orthonormal vectors that span `vectors` (Gram-Schmidt, twice for each); those that the earlier ones span are left out. */
export function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const vector of vectors) {
    const left = residual(vector, basis);
    const length = Math.sqrt(dot(left, left));
    if (length > 0) basis.push(left.map((value) => value / length));
  }
  return basis;
}

/** What `basis` (orthonormal) leaves of a vector of any magnitude; exactly 0 where only rounding errors are left. */
export function residual(vector: Float64Array, basis: readonly Float64Array[]): Float64Array {
  const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0) return vector.slice();
  const left = vector.map((value) => value / largest);
  const squares = dot(left, left);
  // Twice, because taking nearly everything away leaves rounding errors of what was taken.
  for (const direction of [...basis, ...basis]) {
    const along = dot(direction, left);
    for (let i = 0; i < left.length; i++) left[i] -= along * direction[i];
  }
  return dot(left, left) <= ROUNDING * squares ? left.fill(0) : left.map((value) => value * largest);
}

export function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}
