// The JSON schema of a config file, by which editors complete and check it: schema/config.schema.json.
import { z } from 'zod';
import { type Config, fields } from './fields.ts';
import { defaultPreset, presets } from './presets.ts';

/** JSON Schema, draft 7, which all editors know, by zod from the types of the fields. */
export function configSchema(): Record<string, unknown> {
  const preset = z.enum(Object.keys(presets) as [string, ...string[]]).meta({
    description: 'The named config that this one builds on; the fields of the file go on top.',
    default: defaultPreset,
  });
  const described = Object.entries(fields).map(([name, { type }]) => [
    name,
    type.meta({
      description: description(name as keyof Config),
      default: presets[defaultPreset][name as keyof Config],
    }),
  ]);
  const file = z.strictObject({
    $schema: z.string().meta({ description: 'Where this schema stands, for the editor.' }),
    preset,
    ...(Object.fromEntries(described) as Record<keyof Config, z.ZodType>),
  });
  const title = 'A config of alva';
  return z.toJSONSchema(file.partial().meta({ title }), { target: 'draft-7' }) as Record<string, unknown>;
}

/** The sentence of a field; what the paper says of it, and why alva had to decide, where there is something to say. */
function description(name: keyof Config): string {
  const { help, paper, decides } = fields[name];
  return [help, paper && `The paper, section ${paper}.`, decides && `alva: ${decides}.`].filter(Boolean).join('\n');
}
