// Cells that several tables of the page have.
import type { Spread } from '../base/spread.ts';
import { type Content, html, type Markup } from './markup.ts';
import { decimal } from './wording.ts';

export function spreadCell(value: Pick<Spread, 'mean' | 'sd'>, digits = 3): Markup {
  return html`<td>${decimal(value.mean, digits)}${sdOf(value, digits)}</td>`;
}

export function sdOf({ sd }: Pick<Spread, 'sd'>, digits = 3): Content {
  return sd === null ? '' : html` <span class="sd">(${decimal(sd, digits)})</span>`;
}
