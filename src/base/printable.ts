// Text from files on its way to a terminal, which control characters would steer.

/** A name as a part of a line. */
export const printable = (text: string): string => text.replaceAll(/\p{Cc}/gu, '?');

/** Lines, with their tabs; all else as JSON and YAML escape it in quotes, so that these still say the same. */
export const printableLines = (text: string): string =>
  text.replaceAll(/[^\P{Cc}\t\n]/gu, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`);
