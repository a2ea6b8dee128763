// The heatmap as a grid of buttons: a value and what the chosen null says of it in each; arrow keys move, Enter opens.
import { decimal, shownP, shownZ } from '../wording.ts';
import { element } from './element.ts';
import type { Cell } from './numbers.ts';
import type { Payload } from './payload.ts';
import { viridis } from './viridis.ts';

/** A p above this is not called more than chance. */
export const LEVEL = 0.05;

export interface GridOptions {
  readonly payload: Payload;
  readonly k: number;
  /** Places in `families` that are shown. */
  readonly shown: readonly number[];
  readonly cellAt: (a: number, b: number) => Cell | undefined;
  readonly look: (cell: Cell) => void;
  readonly open: (cell: Cell, from: HTMLElement) => void;
}

export function gridOf({ payload, k, shown, cellAt, look, open }: GridOptions): HTMLTableElement {
  const { families } = payload;
  const buttons: (HTMLButtonElement | undefined)[][] = shown.map((row) =>
    shown.map((column) => {
      const cell = cellAt(row, column);
      return cell && cellButton(cell, `${families[row].label} with ${families[column].label}`, k, look, open);
    }),
  );
  const first = buttons.flat().find((each) => each !== undefined);
  first?.setAttribute('tabindex', '0');
  const head = element(
    'tr',
    {},
    element('td'),
    ...shown.map((column) => element('th', { scope: 'col' }, element('span', {}, families[column].label))),
  );
  const rows = shown.map((row, i) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, families[row].label),
      ...buttons[i].map((each) => element('td', {}, each)),
    ),
  );
  const grid = element(
    'table',
    { class: 'grid', role: 'grid', 'aria-label': `P@${k} of every two kinds of spaces` },
    element('thead', {}, head),
    element('tbody', {}, ...rows),
  );
  grid.addEventListener('keydown', (event) => move(event, buttons));
  grid.addEventListener('focusin', ({ target }) => rove(target as HTMLElement, buttons.flat()));
  return grid;
}

function cellButton(
  cell: Cell,
  names: string,
  k: number,
  look: GridOptions['look'],
  open: GridOptions['open'],
): HTMLButtonElement {
  const { ground, ink } = viridis(cell.value);
  const isAbove = cell.p <= LEVEL;
  const [z, p] = [`z ${shownZ(numberOrNull(cell.z))}`, `p ${shownP(cell.p)}`];
  const made = element(
    'button',
    {
      type: 'button',
      tabindex: -1,
      class: isAbove ? undefined : 'within-chance',
      style: `background:${ground};color:${ink}`,
      'data-cell': `${cell.a} ${cell.b}`,
    },
    unseen(`${names}: P@${k} `),
    element('b', {}, decimal(cell.value, 2)),
    element('small', {}, ` ${isAbove ? z : p}`),
    unseen(`, ${isAbove ? p : z}, chance ${decimal(cell.nullMean, 3)}`),
  );
  made.addEventListener('click', () => open(cell, made));
  for (const event of ['focus', 'mouseenter']) made.addEventListener(event, () => look(cell));
  return made;
}

/** For those who hear a cell; it is no attribute, which browsers do not translate. */
const unseen = (text: string) => element('span', { class: 'unseen' }, text);

export const numberOrNull = (value: number) => (Number.isNaN(value) ? null : value);

const steps: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** To the next button that way; one button of the grid is in the order of the Tab key, as in every grid. */
function move(event: KeyboardEvent, buttons: readonly (readonly (HTMLButtonElement | undefined)[])[]): void {
  const step = steps[event.key];
  if (!step) return;
  let row = buttons.findIndex((line) => line.includes(event.target as HTMLButtonElement));
  let column = buttons[row]?.indexOf(event.target as HTMLButtonElement) ?? -1;
  if (column < 0) return;
  event.preventDefault();
  do {
    row += step[0];
    column += step[1];
  } while (buttons[row] && column >= 0 && column < buttons[row].length && !buttons[row][column]);
  const next = buttons[row]?.[column];
  if (!next) return;
  next.focus();
}

/** The button in the order of the Tab key is the one that was visited last. */
function rove(visited: HTMLElement, buttons: readonly (HTMLButtonElement | undefined)[]): void {
  if (!buttons.includes(visited as HTMLButtonElement)) return;
  for (const each of buttons) each?.setAttribute('tabindex', each === visited ? '0' : '-1');
}
