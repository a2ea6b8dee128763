// What a field of the config may hold, in words.
import { z } from 'zod';
import { didYouMean } from '../base/nearest.ts';
import { type Config, fields } from './fields.ts';

/** The keywords of JSON Schema that the types of the fields come to. */
interface FieldSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly multipleOf?: number;
}

/** `a whole number from 1 to 100`, `"auto", "cpu" or "cuda"`, `true or false`. */
export function allowed(name: keyof Config): string {
  const schema = z.toJSONSchema(fields[name].type) as FieldSchema;
  if (schema.enum) return oneOf(schema.enum.map((value) => JSON.stringify(value)));
  if (schema.type === 'boolean') return 'true or false';
  if (schema.type === 'string') return 'a text';
  return [schema.type === 'integer' ? 'a whole number' : 'a number', multiple(schema), range(schema)]
    .filter(Boolean)
    .join(' ');
}

/** ` (did you mean "cuda"?)` where the field is one of some texts and this is nearly one of them. */
export function nearAllowed(name: keyof Config, value: unknown): string {
  const { enum: known } = z.toJSONSchema(fields[name].type) as FieldSchema;
  return known && typeof value === 'string' ? didYouMean(value, known) : '';
}

function multiple({ multipleOf }: FieldSchema): string {
  return multipleOf === undefined ? '' : `that is a multiple of ${multipleOf},`;
}

function range({ minimum, maximum, exclusiveMinimum }: FieldSchema): string {
  if (exclusiveMinimum !== undefined) return `above ${exclusiveMinimum}`;
  if (minimum === undefined) return '';
  return maximum === undefined || maximum === Number.MAX_SAFE_INTEGER
    ? `from ${minimum}`
    : `from ${minimum} to ${maximum}`;
}

function oneOf(texts: readonly string[]): string {
  return texts.length === 1 ? texts[0] : `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}`;
}
