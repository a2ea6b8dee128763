// Embedding spaces as they enter a comparison, and the checks they must pass.
import { AlvaError, invalid } from '../base/errors.ts';
import { sha256 } from '../base/files.ts';
import type { Matrix } from '../base/matrix.ts';
import { native } from '../native.ts';

/** A space with what the record says of it. `seed` is the replication it belongs to, or null where there is only one. */
export interface NamedSpace {
  readonly name: string;
  readonly family: string;
  readonly seed: number | null;
  /** One row for each item. */
  readonly space: Matrix;
  readonly sha256: string;
  readonly source: string;
}

/** A space as it may be handed in: what is left out is filled in by namedSpace. */
export type ComparedSpace = Pick<NamedSpace, 'name' | 'space'> & Partial<NamedSpace>;

/** Without a family the space is one of its own; without a hash, that of its rows as float64 tells which numbers were compared. */
export function namedSpace(given: ComparedSpace): NamedSpace {
  const { name, space, family = name, seed = null, source = 'given as a matrix' } = given;
  return { name, space, family, seed, source, sha256: given.sha256 ?? hashOf(space) };
}

const hashOf = ({ values }: Matrix) => sha256(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));

/** Fewer rows leave every item the same neighbours in every space. */
export const FEWEST_ROWS = 3;

/**
 * Checks one space: at least three rows, at least one column, finite numbers. Answers the warnings it deserves: an all-zero row is
 * compared as one that has cosine 0 with every other.
 */
export function checkSpace(name: string, space: Matrix): string[] {
  checkShape(name, space);
  const { columns, values } = space;
  const at = native.firstNotFinite(values);
  if (at >= 0)
    throw new AlvaError(
      `${name} holds ${values[at]} in row ${Math.floor(at / columns)}, column ${at % columns} (counted from 0); expected finite numbers`,
    );
  const zero = zeroRows(space);
  if (zero.length === 0) return [];
  const listed = zero.slice(0, 10).join(', ') + (zero.length > 10 ? ', ...' : '');
  return [
    `${name}: ${zero.length} all-zero row${zero.length > 1 ? 's' : ''} (${listed}); cosine 0 with every row is assumed`,
  ];
}

/** What checkSpace checks without a look at the numbers, for a native call that looks at them anyway. */
export function checkShape(name: string, { rows, columns, values }: Matrix): void {
  if (rows === 0 || columns === 0)
    throw new AlvaError(`${name} is empty: ${rows} rows of ${columns} columns; expected one row for each item`);
  if (rows < FEWEST_ROWS)
    throw invalid(name, `at least ${FEWEST_ROWS} rows, because two items have no neighbours to disagree on`, rows);
  if (values.length !== rows * columns)
    throw invalid(name, `${rows} x ${columns} = ${rows * columns} values`, values.length);
}

/** Throws unless both spaces have as many rows, row i of one standing for the same item as row i of the other. */
export function checkRowCounts(nameA: string, a: Matrix, nameB: string, b: Matrix): void {
  if (a.rows !== b.rows)
    throw new AlvaError(
      `${nameA} has ${a.rows} rows and ${nameB} has ${b.rows}; expected the same items in the same order in both`,
    );
}

function zeroRows({ rows, columns, values }: Matrix): number[] {
  const isZero = (i: number) => {
    for (let at = i * columns; at < (i + 1) * columns; at++) if (values[at] !== 0) return false;
    return true;
  };
  return Array.from({ length: rows }, (_, i) => i).filter(isZero);
}
