// The config.json of a model: what alva reads of it, each field being what it is taken for.
import { AlvaError } from '../base/errors.ts';
import { readJson } from '../base/files.ts';

/** Fields that are missing, or null, are undefined. */
export interface ModelConfig {
  readonly architectures?: readonly string[];
  readonly num_hidden_layers?: number;
  /** GPT-2's name for it. */
  readonly n_layer?: number;
  readonly model_type?: string;
  readonly hidden_size?: unknown;
  readonly projection_dim?: unknown;
  readonly max_position_embeddings?: number;
  readonly text_config?: Pick<ModelConfig, 'projection_dim' | 'max_position_embeddings'>;
}

type Fields = Readonly<Record<string, unknown>>;
type Kind = readonly [expected: string, is: (value: unknown) => boolean];

const text: Kind = ['a text', (value) => typeof value === 'string'];
const number: Kind = ['a number', (value) => typeof value === 'number'];
const object: Kind = ['an object', (value) => typeof value === 'object' && value !== null && !Array.isArray(value)];
const texts: Kind = ['a list of texts', (value) => Array.isArray(value) && value.every(text[1])];

const kinds: Readonly<Record<string, Kind>> = {
  architectures: texts,
  num_hidden_layers: number,
  n_layer: number,
  model_type: text,
  max_position_embeddings: number,
  text_config: object,
};

/** Throws an AlvaError where it is no object, or one of its fields is of another kind than models have. */
export function readModelConfig(path: string): ModelConfig {
  const config = readJson<unknown>(path);
  requireKind(object, config, 'it', path);
  const fields = checked(config as Fields, '', path);
  return { ...fields, ...(fields.text_config && { text_config: checked(fields.text_config, 'text_config.', path) }) };
}

function checked(config: object, within: string, path: string): ModelConfig {
  const fields = Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null));
  for (const [name, kind] of Object.entries(kinds))
    if (Object.hasOwn(fields, name)) requireKind(kind, fields[name], `its ${within}${name}`, path);
  return fields;
}

function requireKind([expected, is]: Kind, value: unknown, what: string, path: string): void {
  if (is(value)) return;
  throw new AlvaError(
    `cannot read ${path}: expected ${what} to be ${expected}, got ${kindOf(value, expected)}; take the config.json that came with the model`,
  );
}

function kindOf(value: unknown, expected: string): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return expected === texts[0] ? 'another list' : 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
