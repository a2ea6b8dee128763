// A config for people: every field with its sentence, what the paper says, and its value in the presets.
import { stringify } from 'yaml';
import { allowed } from './allowed.ts';
import { type Config, type ConfigRow, configRows } from './fields.ts';
import { defaultPreset, presets } from './presets.ts';

const WIDTH = 100;

/** YAML that `--config` reads as the same config. */
export function configYaml(config: Config): string {
  // A line that begins with what editors look for would be obeyed, so here it stands in quotes.
  const head = [
    'A whole config of alva: every field, so that no preset is needed.',
    'Completion in an editor: alva config --schema > config.schema.json, and as the first line of this',
    '"# yaml-language-server: $schema=config.schema.json"',
  ];
  const blocks = configRows(config).map((row) => `${comment(fieldNotes(row))}${line(row.field, config)}`);
  return [comment(head), ...blocks].join('\n');
}

/** A field by itself: what it does, may hold, and holds in every preset. */
export function fieldText(name: keyof Config, config: Config): string {
  const row = configRows(config).find(({ field }) => field === name)!;
  const inPresets = Object.entries(presets).map(([preset, values]) => `${preset} ${JSON.stringify(values[name])}`);
  const lines = [
    `Expected: ${allowed(name)}`,
    `Value:    ${JSON.stringify(config[name])}`,
    `Presets:  ${inPresets.join(', ')}`,
    ...(row.paper ? [`Paper:    section ${row.paper}`] : ['Paper:    silent']),
    ...(row.decides ? [`alva:     ${row.decides}`] : []),
  ];
  return `${name}: ${row.help}\n${lines
    .flatMap((text) => folded(text, WIDTH, '          '))
    .map((text) => `  ${text}`)
    .join('\n')}`;
}

function fieldNotes({ field, help, paper, decides }: ConfigRow): string[] {
  const standard = JSON.stringify(presets[defaultPreset][field]);
  return [
    help,
    ...(paper ? [`Paper, section ${paper}`] : []),
    ...(decides ? [`alva: ${decides}`] : []),
    `Default: ${standard}; ${allowed(field)}`,
  ];
}

const comment = (lines: readonly string[]) =>
  lines
    .flatMap((text) => folded(text, WIDTH, '  '))
    .map((text) => `# ${text}\n`)
    .join('');

/** As YAML writes it, quoted where it has to be; never as a block, which does not bring back a text of blank lines. */
const line = (name: keyof Config, config: Config) =>
  stringify({ [name]: config[name] }, { lineWidth: 0, blockQuote: false });

/** Lines of at most `width`, broken at blanks, all but the first indented. */
function folded(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(last === undefined ? word : `${indent}${word}`);
  }
  return lines;
}
