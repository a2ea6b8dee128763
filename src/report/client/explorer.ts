// The interactive heatmap with what belongs to it: choices, exact numbers of a cell, the drill-down, and the same cells as a table.
import { decimal, shownP, shownZ } from '../wording.ts';
import { button, element, select, textField } from './element.ts';
import { csvOfTable, downloadText } from './exporting.ts';
import { gridOf, LEVEL, numberOrNull } from './grid.ts';
import { type Cell, type Choice, cellOf, cellsOf, type Lookup, lookupOf, testOf } from './numbers.ts';
import { panelOf, scrolling } from './panel.ts';
import type { Payload } from './payload.ts';
import { makeSortable } from './sorting.ts';

export class Explorer {
  readonly #payload: Payload;
  readonly #lookup: Lookup;
  #choice: Choice;
  #sought = '';
  #opened: { readonly a: number; readonly b: number; readonly pair: number } | null = null;
  readonly #grid = element('div');
  readonly #readout = element('div', { class: 'readout' });
  readonly #panel = element('div');
  readonly #table = element('div');

  constructor(payload: Payload, place: HTMLElement) {
    this.#payload = payload;
    this.#lookup = lookupOf(payload);
    this.#choice = { k: payload.headline, partition: null, seed: null };
    place.append(this.#choices(), this.#grid, this.#readout, this.#panel, this.#table);
    this.#render();
  }

  #choices(): HTMLElement {
    const { k, headline, partitions, spaces } = this.#payload;
    const seeds = [...new Set(spaces.flatMap(({ seed }) => seed ?? []))].sort((x, y) => x - y);
    const nulls = [
      { value: '', text: 'all sentences' },
      ...partitions.map((name, i) => ({ value: String(i), text: `within one ${name}` })),
    ];
    const ks = Array.from({ length: k }, (_, i) => String(i + 1));
    return element(
      'p',
      { class: 'bar' },
      select('Chance: relabel', nulls, '', (value) => this.#set({ partition: value === '' ? null : Number(value) })),
      select(
        'k',
        ks.map((value) => ({ value, text: value })),
        String(headline),
        (value) => this.#set({ k: Number(value) }),
      ),
      seeds.length > 1
        ? select(
            'Seeds',
            [{ value: '', text: 'all' }, ...seeds.map((seed) => ({ value: String(seed), text: `seed ${seed}` }))],
            '',
            (value) => this.#set({ seed: value === '' ? null : Number(value) }),
          )
        : null,
      textField('Spaces', 'part of a name, or several, with commas', (text) => {
        this.#sought = text;
        this.#render();
      }),
    );
  }

  #set(change: Partial<Choice>): void {
    this.#choice = { ...this.#choice, ...change };
    this.#render();
  }

  #render(): void {
    const { k } = this.#choice;
    const payload = this.#payload;
    const shown = shownFamilies(payload, this.#sought);
    const cells = cellsOf(payload, this.#lookup, this.#choice);
    const cellAt = (a: number, b: number) =>
      cells.find((cell) => cell.a === Math.min(a, b) && cell.b === Math.max(a, b));
    const grid = gridOf({
      ...{ payload, k, shown, cellAt },
      look: (cell) => this.#readout.replaceChildren(...this.#exact(cell)),
      open: (cell) => this.#open(cell),
    });
    this.#grid.replaceChildren(
      shown.length === 0
        ? element('p', { class: 'note' }, 'No space has such a name.')
        : element('div', { class: 'scroll' }, grid),
    );
    this.#readout.replaceChildren(element('p', { class: 'note' }, this.#hint()));
    const isShown = ({ a, b }: Cell) => shown.includes(a) && shown.includes(b);
    this.#table.replaceChildren(...this.#cellTable(cells.filter(isShown)));
    this.#renderPanel();
  }

  #hint(): string {
    const { partition } = this.#choice;
    const among = partition === null ? 'among all sentences' : `within one ${this.#payload.partitions[partition]}`;
    return `Colour runs from dark, P@k 0, to yellow, 1. Point at a cell for its exact numbers; click it, or press Enter, for the sentences behind it; arrow keys move. Below each P@k stands its distance z from what relabelling ${among} gives; a dashed cell, with its p, is not above that in some seed (p above ${LEVEL}).`;
  }

  /** Every null beside each other, of the pairs of a cell. */
  #exact(cell: Cell): Node[] {
    const { families, partitions } = this.#payload;
    const { k } = this.#choice;
    const line = (name: string, partition: number | null) => {
      const { nullMean, z, p } = testOf(this.#lookup, cell.pairs, k, partition);
      return element(
        'span',
        {},
        `${name}: chance ${decimal(nullMean, 3)}, z ${shownZ(numberOrNull(z))}, p ${shownP(p)}`,
      );
    };
    const sd = Number.isNaN(cell.sd) ? '' : ` (sd ${decimal(cell.sd, 3)})`;
    const seeds = cell.nSeeds === 0 ? 'no seeds' : cell.nSeeds === 1 ? '1 seed' : `${cell.nSeeds} seeds`;
    return [
      element(
        'b',
        {},
        `${families[cell.a].label} with ${families[cell.b].label}: P@${k} ${decimal(cell.value, 4)}${sd}, ${seeds}, ${cell.pairs.length} ${cell.pairs.length === 1 ? 'pair' : 'pairs'}`,
      ),
      line('all sentences', null),
      ...partitions.map((name, i) => line(`within one ${name}`, i)),
    ];
  }

  #cellTable(cells: readonly Cell[]): Node[] {
    const { k, partition, seed } = this.#choice;
    const { families, partitions } = this.#payload;
    const last = partition === null ? 'p, corrected' : 'share';
    const heads = ['space', 'with', 'pairs', `P@${k}`, 'sd', 'chance', 'z', 'p', last];
    const shown = (value: number, digits: number) => (Number.isNaN(value) ? '–' : decimal(value, digits));
    const rows = cells.map((cell) => {
      const { pairs, value, sd, nullMean, z, p, corrected, share } = cell;
      const end = partition === null ? (Number.isNaN(corrected) ? '–' : shownP(corrected)) : shown(share, 2);
      const texts = [String(pairs.length), decimal(value, 3), shown(sd, 3), decimal(nullMean, 3)];
      return element(
        'tr',
        { 'data-cell': `${cell.a} ${cell.b}` },
        element('th', { scope: 'row' }, families[cell.a].label),
        element('td', { class: 'text' }, families[cell.b].label),
        ...[...texts, shownZ(numberOrNull(z)), shownP(p), end].map((text) => element('td', {}, text)),
      );
    });
    const table = element(
      'table',
      { class: 'cells' },
      element('thead', {}, element('tr', {}, ...heads.map((text) => element('th', { scope: 'col' }, text)))),
      element('tbody', {}, ...rows),
    );
    makeSortable(table);
    const among = partition === null ? 'all sentences' : `sentences of one ${partitions[partition]}`;
    const of = seed === null ? 'Mean over all pairs' : `Pairs of seed ${seed}`;
    return [
      element(
        'details',
        { class: 'table' },
        element('summary', {}, `The same as a table, to sort: ${cells.length} rows`),
        element('p', { class: 'note' }, `${of}; chance is relabelling ${among}; p is the largest of any pair.`),
        scrolling('Every two kinds of spaces', table),
        element(
          'p',
          { class: 'bar' },
          button('This table as CSV', () => downloadText('cells.csv', 'text/csv', csvOfTable(table))),
        ),
      ),
    ];
  }

  #open({ a, b, pairs }: Cell): void {
    this.#opened = { a, b, pair: pairs[0] };
    this.#renderPanel();
    const heading = this.#panel.querySelector('h3');
    heading?.focus();
    heading?.scrollIntoView({ block: 'nearest' });
  }

  #renderPanel(): void {
    if (!this.#opened) return;
    const { a, b, pair } = this.#opened;
    const cell = cellOf(this.#payload, this.#lookup, a, b, this.#choice);
    if (!cell) {
      this.#panel.replaceChildren();
      return;
    }
    const made = panelOf({
      ...{ payload: this.#payload, lookup: this.#lookup, cell, k: this.#choice.k },
      pair: cell.pairs.includes(pair) ? pair : cell.pairs[0],
      choosePair: (chosen) => {
        this.#opened = { a, b, pair: chosen };
        this.#renderPanel();
        this.#panel.querySelector('select')?.focus();
      },
      close: () => this.#close(a, b),
    });
    this.#panel.replaceChildren(made);
  }

  /** The focus goes back to where it came from. */
  #close(a: number, b: number): void {
    this.#opened = null;
    this.#panel.replaceChildren();
    this.#grid.querySelector<HTMLElement>(`[data-cell="${a} ${b}"]`)?.focus();
  }
}

/** Families that have any of the parts, between commas, in their name. */
function shownFamilies({ families }: Payload, sought: string): number[] {
  const parts = sought
    .toLowerCase()
    .split(',')
    .flatMap((part) => part.trim() || []);
  return families.flatMap(({ name, label }, i) =>
    parts.length === 0 || parts.some((part) => `${name} ${label}`.toLowerCase().includes(part)) ? [i] : [],
  );
}
