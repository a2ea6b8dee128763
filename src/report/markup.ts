// HTML by a tagged template that escapes whatever is put in, unless it was made here.

/** Text that is HTML already. Only `html` and `trusted` make it. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Content = Markup | string | number | readonly Content[];

export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(parts.reduce((text, part, i) => text + rendered(contents[i - 1]) + part));
}

/** For what another writer has escaped: the SVG of a figure, the style sheet. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

function rendered(content: Content): string {
  if (content instanceof Markup) return content.text;
  if (typeof content === 'string' || typeof content === 'number') return escaped(String(content));
  return content.map(rendered).join('');
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character]);
}
