// "Did you mean": the known text that takes the fewest edits from what was typed.

/** The first of the nearest by edit distance; undefined where more than a third of the text would change. */
export function nearest(text: string, known: readonly string[]): string | undefined {
  let least = text.length / 3;
  let found: string | undefined;
  for (const each of known) {
    if (Math.abs(text.length - each.length) > least) continue; // as many edits at least
    const edits = editDistance(text, each);
    if (edits > least || (edits === least && found !== undefined)) continue;
    least = edits;
    found = each;
  }
  return found;
}

/** ` (did you mean "pick up the red ball"?)`, or nothing where nothing known is near. */
export function didYouMean(text: string, known: readonly string[]): string {
  const found = nearest(text, known);
  return found === undefined ? '' : ` (did you mean "${found}"?)`;
}

/** Letters inserted, left out or replaced, or neighbours swapped (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      row[j] = Math.min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (isSame ? 0 : 1));
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) row[j] = Math.min(row[j], rows[i - 2][j - 2] + 1);
    }
    rows.push(row);
  }
  return rows[a.length][b.length];
}
