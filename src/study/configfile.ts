// A config in a file: YAML or JSON, read with bounds, because such files are passed around.
import { readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { type CST, isMap, isScalar, LineCounter, type Pair, Parser, parseDocument } from 'yaml';
import { AlvaError, causeOf, UsageError } from '../base/errors.ts';

/** A plain value as the file has it; what no field holds is told by its kind. */
export interface FileEntry {
  readonly value: unknown;
  readonly kind?: 'a list' | 'a mapping' | 'nothing';
  readonly line: number;
}

export interface ConfigFile {
  readonly path: string;
  /** What it builds on where it names no preset itself. */
  readonly preset?: string;
  /** Every key but `$schema`, in the order of the file; `preset` among them. */
  readonly entries: ReadonlyMap<string, FileEntry>;
}

/** A config with all its comments has some 15 kB. The parser's time may grow with the square of the length. */
const MOST_BYTES = 65_536;
const MOST_NODES = 2_000;
/** Of keys, values and collections within each other; a config needs two. */
const DEEPEST = 8;

/** Reads the keys and plain values of a .yaml, .yml or .json file; whether they are fields of a config is not looked at. */
export function readConfigFile(path: string): ConfigFile {
  const text = boundedText(path);
  const lines = new LineCounter();
  requireFlat(tokensOf(text, path, lines), path, lines);
  if (extname(path).toLowerCase() === '.json') requireJson(text, path, lines);
  const document = parseDocument(text, { schema: 'core', prettyErrors: false, logLevel: 'error' });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw refused(path, lines.linePos(problem.pos[0]).line, sentenceOf(problem.message));
  const { contents } = document;
  if (contents === null) return { path, entries: new Map() };
  if (!isMap(contents)) throw refused(path, 1, 'expected fields, each as "name: value", got one value or a list');
  const entries = (contents.items as Pair[]).map((pair) => entryOf(pair, path, lines));
  return { path, entries: new Map(entries.filter(([name]) => name !== '$schema')) };
}

/** `my.yaml:3`, or the file alone where it does not have the field. */
export function placeIn({ path, entries }: ConfigFile, name: string): string {
  const entry = entries.get(name);
  return entry ? `${path}:${entry.line}` : path;
}

function boundedText(path: string): string {
  if (!['.yaml', '.yml', '.json'].includes(extname(path).toLowerCase()))
    throw new UsageError(`${path}: expected a config in a file that ends with .yaml, .yml or .json`);
  try {
    const { size } = statSync(path);
    if (size > MOST_BYTES)
      throw new UsageError(`${path}: expected a config of at most ${MOST_BYTES} bytes, got ${size} bytes`);
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') throw new UsageError(`${path}: expected text in UTF-8`);
    throw new AlvaError(`cannot read ${path}: ${causeOf(error)}`);
  }
}

/** The parser goes down by recursion: what is nested so deep that its stack ends is refused, too. */
function tokensOf(text: string, path: string, lines: LineCounter): CST.Token[] {
  try {
    return [...new Parser(lines.addNewLine).parse(text)];
  } catch (error) {
    if (error instanceof RangeError) throw refused(path, 1, `nested more than ${DEEPEST} deep: a config is flat`);
    throw error;
  }
}

/** Looks at the syntax before anything is built from it: no anchors, aliases or directives, and neither deep nor endless. */
function requireFlat(tokens: readonly CST.Token[], path: string, lines: LineCounter): void {
  let nNodes = 0;
  const stack = tokens.map((token) => ({ token, depth: 0 }));
  const refuse = (offset: number, reason: string) => refused(path, lines.linePos(offset).line, reason);
  while (stack.length > 0) {
    const { token, depth } = stack.pop()!;
    if (token.type === 'alias') throw refuse(token.offset, 'no aliases: a config has plain values only');
    if (token.type === 'directive') throw refuse(token.offset, 'no directives: a config is YAML 1.2 as it is');
    if (depth > DEEPEST) throw refuse(token.offset, `nested more than ${DEEPEST} deep: a config is flat`);
    if (++nNodes > MOST_NODES) throw refuse(token.offset, `more than ${MOST_NODES} keys and values`);
    for (const { type, offset } of propertiesOf(token))
      if (type === 'anchor') throw refuse(offset, 'no anchors: a config has plain values only');
    for (const child of childrenOf(token)) stack.push({ token: child, depth: depth + 1 });
  }
}

function propertiesOf(token: CST.Token): CST.SourceToken[] {
  const own = token.type === 'document' ? token.start : [];
  const items = 'items' in token ? token.items.flatMap(({ start, sep }) => [...(start ?? []), ...(sep ?? [])]) : [];
  return [...own, ...items];
}

function childrenOf(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value ? [token.value] : [];
  const items = 'items' in token ? token.items : [];
  return items.flatMap(({ key, value }) => [key, value].filter((child) => child !== null && child !== undefined));
}

/** A .json file has to be JSON for other programs too, although the YAML reader would take more. */
function requireJson(text: string, path: string, lines: LineCounter): void {
  try {
    JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    const at = /position (\d+)/.exec(message)?.[1];
    const line = at === undefined ? lines.lineStarts.length : lines.linePos(Number(at)).line;
    throw refused(path, line, `no JSON: ${message.replace(/ \(line \d+ column \d+\)$/, '')}`);
  }
}

function entryOf({ key, value }: Pair, path: string, lines: LineCounter): [string, FileEntry] {
  const line = lines.linePos((key as { range?: [number] } | null)?.range?.[0] ?? 0).line;
  if (!isScalar(key) || typeof key.value !== 'string')
    throw refused(path, line, 'expected the name of a field, as in "episodes: 2000"');
  if (isScalar(value) && value.value !== null) return [key.value, { value: value.value, line }];
  const kind = value === null || isScalar(value) ? 'nothing' : isMap(value) ? 'a mapping' : 'a list';
  return [key.value, { value: undefined, kind, line }];
}

/** The reader's message, in the words of a config where they are for other readers. */
const sentenceOf = (message: string) =>
  message
    .replace(
      'Nested mappings are not allowed in compact mappings',
      'a field stands within another: begin each at the start of a line',
    )
    .replace('Map keys must be unique', 'this field stands twice')
    .replace(/^Source contains multiple documents.*/s, 'more than one document: a config is one');

const refused = (path: string, line: number, reason: string) => new UsageError(`${path}:${line}: ${reason}`);
