// Sorting and filtering of any table of the page: a button in each head of the last head row, a field above the table.
import { button, element, textField } from './element.ts';

/** With fewer rows a table is read, not searched. */
const FEWEST_ROWS = 4;

/** Makes the tables sortable that a reader could want in another order; those that were made so are left as they are. */
export function makeSortable(table: HTMLTableElement): void {
  const heads = [...(table.tHead?.rows[table.tHead.rows.length - 1]?.cells ?? [])];
  for (const [column, head] of heads.entries()) {
    if (!head.textContent || head.querySelector('button')) continue;
    const name = head.textContent;
    head.replaceChildren(button(name, () => sortBy(table, heads, column)));
  }
}

export function makeFilterable(table: HTMLTableElement): void {
  if (rowsOf(table).length < FEWEST_ROWS) return;
  const field = textField('Show rows with', 'name of a space', (text) => filter(table, text));
  (table.closest('.scroll') ?? table).before(element('p', { class: 'bar filter' }, field));
}

const rowsOf = (table: HTMLTableElement) => [...table.tBodies].flatMap((body) => [...body.rows]);

/** Rows stay in their part of the table. A second click turns the order round. */
function sortBy(table: HTMLTableElement, heads: readonly HTMLElement[], column: number): void {
  const direction = heads[column].getAttribute('aria-sort') === 'ascending' ? 'descending' : 'ascending';
  for (const head of heads) head.removeAttribute('aria-sort');
  heads[column].setAttribute('aria-sort', direction);
  const sign = direction === 'ascending' ? 1 : -1;
  for (const body of table.tBodies) {
    const keyed = [...body.rows].map((row) => ({ row, key: keyOf(row.cells[column]?.textContent ?? '') }));
    keyed.sort((x, y) => compare(x.key, y.key, sign));
    body.append(...keyed.map(({ row }) => row));
  }
}

type Key = number | string | null;

/** The number that a cell begins with, else its text; null where it is empty or a dash. */
export function keyOf(text: string): Key {
  const plain = text.trim().replace('\u2212', '-');
  if (plain === '' || plain === '–' || plain === 'n/a') return null;
  const number = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?/i.exec(plain);
  return number ? Number(number[0]) : plain;
}

/** What is empty stays at the end either way. */
function compare(x: Key, y: Key, sign: number): number {
  if (x === null || y === null) return Number(x === null) - Number(y === null);
  if (typeof x === 'number' && typeof y === 'number') return sign * (x - y);
  return sign * String(x).localeCompare(String(y));
}

function filter(table: HTMLTableElement, text: string): void {
  const sought = text.trim().toLowerCase();
  for (const row of rowsOf(table)) row.hidden = !row.textContent?.toLowerCase().includes(sought);
}
