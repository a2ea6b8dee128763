// Text from files on its way to a terminal, which control characters would steer.

/** A name as a part of a line. */
export const printable = (text: string): string => text.replaceAll(/\p{Cc}/gu, '?');

/** Lines, with their tabs. */
export const printableLines = (text: string): string => text.replaceAll(/[^\P{Cc}\t\n]/gu, '?');
