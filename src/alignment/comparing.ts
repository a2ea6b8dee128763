// The program of a child process: compares spaces for the process that forked it (apart.ts), and ends with it.
import { endWithParent } from '../base/child.ts';
import { type Matrix, matrix } from '../base/matrix.ts';
import type { FromChild, ToChild, Work } from './apart.ts';
import { compareHere } from './compare.ts';
import { type LayerSpace, layerwiseHere } from './layers.ts';

/** Spaces of both models stand in one list, the first model's first. */
type Compared = readonly LayerSpace[];

const works: Readonly<Record<Work, (spaces: Compared, options: object) => Promise<unknown>>> = {
  compare: compareHere,
  layerwise: (spaces, { nOfA, ...options }: { nOfA?: number }) =>
    layerwiseHere(spaces.slice(0, nOfA), spaces.slice(nOfA), options),
};

const matrices: Matrix[] = [];

endWithParent();
process.on('message', async (message: ToChild) => {
  if ('values' in message) keep(message);
  else post(await outcome(message), () => process.disconnect());
});

function keep({ place, rows, columns, at, values }: Extract<ToChild, { readonly place: number }>): void {
  matrices[place] ??= matrix(rows, columns, new Float64Array(rows * columns));
  matrices[place].values.set(values, at);
}

async function outcome(order: Extract<ToChild, { readonly work: Work }>): Promise<FromChild> {
  const { work, spaces, options, callbacks } = order;
  const told = callbacks.map((callback) => [callback, (...what: unknown[]) => post({ callback, told: what })]);
  const compared = spaces.map((rest, i) => ({ ...rest, space: matrices[i] }) as LayerSpace);
  try {
    return { result: await works[work](compared, { ...options, ...Object.fromEntries(told) }) };
  } catch (error) {
    const { name, message } = error as Error;
    return { failure: { name, message } };
  }
}

function post(message: FromChild, then = () => {}): void {
  process.send!(message, then);
}
