// Models by name: rows of the table, and rows made for any other model of the hub.
import { UsageError, unknown } from '../base/errors.ts';
import { decoders, encoders, type Model } from './table.ts';

export const models: readonly Model[] = [...encoders, ...decoders];

/** Those that alva ran: a space of theirs is shipped. */
export const ran = models.filter(({ sha256 }) => sha256 !== undefined);

/** A row of the table, or, for ORG/NAME, one made of what `given` tells. */
export function modelNamed(name: string, given: Partial<Model> = {}): Model {
  const told = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const model = models.find((candidate) => candidate.name === name);
  if (model) return { ...model, ...told };
  if (!name.includes('/'))
    throw unknown(
      'model',
      name,
      models.map((known) => known.name),
    );
  const { engine, pooling } = given;
  if (!engine || !pooling)
    throw new UsageError(
      `alva knows nothing of ${name}: say how its states become one vector, --pooling cls, mean or projection, and what runs it, --engine`,
    );
  const row = { name: name.split('/')[1].toLowerCase(), id: name, revision: 'main', dtype: 'fp32', licence: 'unknown' };
  return { ...row, engine, pooling, ...told };
}
