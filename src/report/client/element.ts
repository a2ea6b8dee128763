// Elements made of plain data: text is set as text, so that no name of a space or sentence can become markup.

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;
export type Child = Node | string | null | undefined;

/** An attribute that is false or undefined is left out, one that is true has no value. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? '' : String(value));
  made.append(...children.filter((child): child is Node | string => child !== null && child !== undefined));
  return made;
}

export function button(text: string, act: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const made = element('button', { type: 'button', ...attributes }, text);
  made.addEventListener('click', act);
  return made;
}

export interface Option {
  readonly value: string;
  readonly text: string;
}

/** `choose` is called with the value that the reader takes. */
export function select(
  name: string,
  options: readonly Option[],
  chosen: string,
  choose: (value: string) => void,
): HTMLElement {
  const list = element(
    'select',
    { id: newId() },
    ...options.map(({ value, text }) => element('option', { value, selected: value === chosen }, text)),
  );
  list.addEventListener('change', () => choose(list.value));
  return labelled(name, list);
}

/** Calls back as the reader types. */
export function textField(name: string, hint: string, change: (text: string) => void): HTMLElement {
  const field = element('input', { type: 'search', id: newId(), placeholder: hint, autocomplete: 'off' });
  field.addEventListener('input', () => change(field.value));
  return labelled(name, field);
}

/** Beside the field and not around it, so that what can be chosen is no part of the field's name. */
function labelled(name: string, field: HTMLElement): HTMLElement {
  return element('span', { class: 'field' }, element('label', { for: field.id }, name), field);
}

let fields = 0;

function newId(): string {
  fields += 1;
  return `field-${fields}`;
}
