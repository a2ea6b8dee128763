// The script of the report: nothing on the page needs it to be read; it adds what answers to a click.
import { button, element } from './element.ts';
import { Explorer } from './explorer.ts';
import { download, downloadText, pngOf, standalone } from './exporting.ts';
import type { Payload } from './payload.ts';
import { makeFilterable, makeSortable } from './sorting.ts';

const payload: Payload = JSON.parse(document.getElementById('payload')!.textContent!);
const place = document.getElementById('explorer');
if (place && payload.pairs.length > 0) {
  document.documentElement.classList.add('explored');
  new Explorer(payload, place);
}
for (const figure of document.querySelectorAll<HTMLElement>('figure[data-figure]')) addExports(figure);
for (const table of document.querySelectorAll<HTMLTableElement>('table.sortable')) {
  makeSortable(table);
  makeFilterable(table);
}
/** How long it took is told in the browser's own timeline. */
performance.mark('interactive');

function addExports(figure: HTMLElement): void {
  const svg = figure.querySelector('svg');
  const name = figure.dataset.figure!;
  if (!svg) return;
  const data = payload.figures[name];
  const label = (kind: string) => ({ 'aria-label': `${name} as ${kind}` });
  const bar = element(
    'p',
    { class: 'bar exports' },
    button('SVG', () => downloadText(`${name}.svg`, 'image/svg+xml', standalone(svg)), label('SVG')),
    button('PNG', async () => download(`${name}.png`, await pngOf(svg)), label('PNG')),
    data ? button('CSV', () => downloadText(`${name}.csv`, 'text/csv', data), label('CSV')) : null,
  );
  figure.append(bar);
}
