// The drill-down of one cell: the numbers of a pair of spaces, what its agreeing neighbours share, and its sentences.
import { decimal, shownP, shownZ } from '../wording.ts';
import { type Lists, type Sharing, sharing } from './agreement.ts';
import { button, element, select } from './element.ts';
import { numberOrNull } from './grid.ts';
import { type Cell, type Lookup, testOf, uint16 } from './numbers.ts';
import type { Payload } from './payload.ts';
import { sentencesOf } from './sentences.ts';

export interface PanelOptions {
  readonly payload: Payload;
  readonly lookup: Lookup;
  readonly cell: Cell;
  readonly k: number;
  /** The place in `pairs` that is looked into; one of the cell's. */
  readonly pair: number;
  readonly choosePair: (pair: number) => void;
  readonly close: () => void;
}

/** Its first child is the heading, which takes the focus when it opens. */
export function panelOf(options: PanelOptions): HTMLElement {
  const { payload, cell, k, pair, choosePair, close } = options;
  const { families, pairs, spaces } = payload;
  const nameOf = (at: number) => pairs[at].map((space) => spaces[space].name).join(' with ');
  const heading = element(
    'h3',
    { id: 'panel-title', tabindex: -1 },
    `${families[cell.a].label} with ${families[cell.b].label}, k = ${k}`,
  );
  const choice =
    cell.pairs.length > 1
      ? select(
          'Pair',
          cell.pairs.map((at) => ({ value: String(at), text: nameOf(at) })),
          String(pair),
          (value) => choosePair(Number(value)),
        )
      : element('span', {}, nameOf(pair));
  const [a, b] = pairs[pair].map((space) => listsOf(payload, space));
  return element(
    'section',
    { class: 'panel', 'aria-labelledby': 'panel-title' },
    heading,
    element('p', { class: 'bar' }, choice, button('Close', close, { class: 'close' })),
    element('p', {}, summaryOf(options)),
    numbersTable(options),
    ...(a && b ? details(options, a, b) : [element('p', { class: 'note' }, `No sentences: ${payload.absence}.`)]),
  );
}

function listsOf({ neighbours, k }: Payload, space: number): Lists | undefined {
  const kept = neighbours[space];
  return kept === null ? undefined : { depth: k, indices: uint16(kept) };
}

function summaryOf({ lookup, cell, k, pair }: PanelOptions): string {
  const own = `P@${k} of this pair is ${decimal(lookup('value', pair, k), 4)}`;
  if (cell.pairs.length === 1) return `${own}.`;
  return `${own}; the mean of all ${cell.pairs.length} pairs is ${decimal(cell.value, 4)} (sd ${decimal(cell.sd, 4)}).`;
}

function numbersTable({ payload, lookup, k, pair }: PanelOptions): HTMLElement {
  const { partitions } = payload;
  const line = (name: string, partition: number | null) => {
    const { nullMean, z, p } = testOf(lookup, [pair], k, partition);
    const share = partition === null ? Number.NaN : lookup(`share:${partition}`, pair, k);
    const cells = [
      decimal(nullMean, 4),
      shownZ(numberOrNull(z)),
      shownP(p),
      Number.isNaN(share) ? '–' : decimal(share, 2),
    ];
    return element('tr', {}, element('th', { scope: 'row' }, name), ...cells.map((text) => element('td', {}, text)));
  };
  const heads = ['relabelled', 'chance', 'z', 'p', 'share'];
  return scrolling(
    'The tests of this pair',
    element(
      'table',
      { class: 'tests' },
      element('thead', {}, element('tr', {}, ...heads.map((text) => element('th', { scope: 'col' }, text)))),
      element(
        'tbody',
        {},
        line('among all sentences', null),
        ...partitions.map((name, i) => line(`within one ${name}`, i)),
      ),
    ),
  );
}

function details({ payload, k, pair }: PanelOptions, a: Lists, b: Lists): HTMLElement[] {
  const names = payload.pairs[pair].map((space) => payload.spaces[space].name);
  const shares = sharing(payload.attributes, a, b, k);
  return [
    ...(shares.length > 0 ? [sharingTable(shares, names)] : []),
    sentencesOf({ sentences: payload.sentences, attributes: payload.attributes, a, b, names, k }),
  ];
}

function sharingTable(shares: readonly Sharing[], names: readonly string[]): HTMLElement {
  const percent = (share: number | null) => (share === null ? '–' : `${decimal(100 * share, 1)} %`);
  const heads = ['the same as the sentence', 'agreeing neighbours', ...names, 'any two sentences'];
  const most = [...shares].sort((x, y) => (y.agreeing ?? 0) - y.any - ((x.agreeing ?? 0) - x.any))[0];
  const lines = shares.map((each) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, each.attribute),
      element('td', {}, element('b', {}, percent(each.agreeing))),
      ...[each.a, each.b, each.any].map((share) => element('td', {}, percent(share))),
    ),
  );
  return element(
    'div',
    {},
    element('h4', {}, 'What agreeing neighbours share'),
    most.agreeing === null
      ? element('p', {}, 'No sentence has a neighbour in both lists.')
      : element(
          'p',
          {},
          `Above all the ${most.attribute}: ${percent(most.agreeing)} of the neighbours that stand in both lists have that of the sentence; of any two sentences, ${percent(most.any)} have the same.`,
        ),
    scrolling(
      'What neighbours share',
      element(
        'table',
        { class: 'sharing' },
        element('thead', {}, element('tr', {}, ...heads.map((text) => element('th', { scope: 'col' }, text)))),
        element('tbody', {}, ...lines),
      ),
    ),
  );
}

/** A wide table scrolls by itself, by keyboard too. */
export function scrolling(label: string, table: HTMLElement): HTMLElement {
  return element('div', { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': label }, table);
}
