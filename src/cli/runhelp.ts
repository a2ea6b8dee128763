// What the help of `alva replicate` says of presets and config fields.
import { configRows } from '../study/fields.ts';
import { defaultPreset, presets } from '../study/presets.ts';

export function presetHelp(): string {
  const lines = Object.entries(presets).map(
    ([name, { seeds, episodes, demonstrations, updates }]) =>
      `  ${name.padEnd(7)} ${seeds} seeds, ${demonstrations === 'fresh' ? 'ever fresh' : episodes} demonstrations, ${updates} updates`,
  );
  return ['Presets:', ...lines].join('\n');
}

export function fieldHelp(): string {
  const rows = configRows(presets[defaultPreset]);
  return [
    `Config fields for --set, with the values of ${defaultPreset}:`,
    ...rows.map(({ field, value, help }) => `  ${`${field}=${value}`.padEnd(28)} ${help}`),
  ].join('\n');
}
