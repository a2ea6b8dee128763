// The sentences of a pair of spaces: on which they agree, and both neighbour lists side by side.
import { type Attributes, agreements, type Lists, nearest, shared } from './agreement.ts';
import { element, select, textField } from './element.ts';

export interface Sentences {
  readonly sentences: readonly string[];
  readonly attributes: Attributes;
  readonly a: Lists;
  readonly b: Lists;
  /** Of the two spaces. */
  readonly names: readonly string[];
  readonly k: number;
}

const orders = ['most agreement first', 'least agreement first', 'as they are listed'] as const;

export function sentencesOf(all: Sentences): HTMLElement {
  const { sentences, a, b, k } = all;
  const agreeing = agreements(a, b, sentences.length, k);
  const total = agreeing.reduce((sum, { length }) => sum + length, 0);
  const list = element('div', { class: 'sentences' });
  let order: string = orders[0];
  let sought = '';
  const fill = () => {
    const found = inOrder(order, agreeing).filter((i) => sentences[i].toLowerCase().includes(sought));
    list.replaceChildren(...found.map((i) => sentenceOf(all, i, agreeing[i])));
    if (found.length === 0) list.append(element('p', { class: 'note' }, 'No sentence has these letters.'));
  };
  const choose = (chosen: string) => {
    order = chosen;
    fill();
  };
  const seek = (text: string) => {
    sought = text.trim().toLowerCase();
    fill();
  };
  fill();
  list.querySelector('details')?.setAttribute('open', '');
  return element(
    'div',
    {},
    element('h4', {}, 'Sentence by sentence'),
    element(
      'p',
      {},
      `${total} of ${sentences.length * k} neighbours stand in both lists. Open a sentence to see its ${k} nearest in either space, the nearest first; those in both are marked.`,
    ),
    element(
      'p',
      { class: 'bar' },
      select(
        'Order',
        orders.map((text) => ({ value: text, text })),
        order,
        choose,
      ),
      textField('Find', 'part of a sentence', seek),
    ),
    list,
  );
}

function inOrder(order: string, agreeing: readonly (readonly number[])[]): number[] {
  const places = agreeing.map((_, i) => i);
  if (order === orders[2]) return places;
  const sign = order === orders[0] ? -1 : 1;
  return places.sort((i, j) => sign * (agreeing[i].length - agreeing[j].length) || i - j);
}

/** Its lists are made when it is opened: there may be a thousand of them. */
function sentenceOf({ sentences, attributes, a, b, names, k }: Sentences, i: number, agreeing: readonly number[]) {
  const made = element(
    'details',
    { 'data-sentence': i },
    element('summary', {}, element('b', {}, sentences[i]), ` ${agreeing.length} of ${k}`),
  );
  const open = () => {
    if (!made.open || made.querySelector('.lists')) return;
    const column = (lists: Lists, name: string) =>
      element(
        'div',
        {},
        element('h5', {}, name),
        element(
          'ol',
          {},
          ...nearest(lists, i, k).map((j) => neighbourOf(sentences[j], shared(attributes, i, j), agreeing.includes(j))),
        ),
      );
    made.append(element('div', { class: 'lists' }, column(a, names[0]), column(b, names[1])));
  };
  made.addEventListener('toggle', open);
  return made;
}

function neighbourOf(sentence: string, same: readonly string[], isAgreed: boolean): HTMLElement {
  return element(
    'li',
    { class: isAgreed ? 'agreed' : undefined },
    isAgreed ? element('b', {}, `✓ ${sentence}`) : sentence,
    isAgreed ? element('span', { class: 'unseen' }, ' (in both lists)') : null,
    element('small', {}, same.length > 0 ? ` same ${same.join(', ')}` : ' nothing in common'),
  );
}
