// The layers of src, and the check that imports keep to them.
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** Each row may import from the rows before it only; folders of one row never import each other. */
export const rows: readonly (readonly string[])[] = [
  ['base'],
  ['native.ts', 'onnx.ts', 'tensors.ts'],
  ['world', 'graph', 'alignment', 'embed'],
  ['demos', 'report'],
  ['alm'],
  ['study'],
  ['cli'],
  ['alva.ts'],
];

/** What `alva` and its sub-paths export: for users of the package; nothing inside imports them. */
export const entries = ['alva.ts', 'world/world.ts', 'graph/library.ts', 'alignment/alignment.ts', 'embed/embed.ts'];

/** Packages and addons that one file alone may load. */
const soleImporters: readonly { readonly what: RegExp; readonly file: string }[] = [
  { what: /^onnxruntime-node(\/|$)/, file: 'onnx.ts' },
  { what: /\.node$/, file: 'native.ts' },
];

/** What each file of src imports: specifiers by the file's path below src. */
export type Imports = Readonly<Record<string, readonly string[]>>;

/** One sentence for each import that breaks a rule; none where all is well. */
export function violations(imports: Imports): string[] {
  const files = Object.keys(imports);
  return [
    ...files.filter((file) => rowOf(file) < 0).map((file) => `${file} stands in no row of the layers`),
    ...files.flatMap((file) => imports[file].flatMap((specifier) => violationOf(file, specifier, imports))),
    ...cycles(imports).map((cycle) => `circular: ${cycle.join(' -> ')}`),
  ];
}

function violationOf(file: string, specifier: string, imports: Imports): string[] {
  const sole = soleImporters.find(({ what }) => what.test(specifier));
  if (sole) return sole.file === file ? [] : [`${file} imports ${specifier}: only ${sole.file} may`];
  const target = targetOf(file, specifier);
  if (target === undefined) return [];
  if (!(target in imports)) return [`${file} imports ${specifier}: there is no such file in src`];
  if (entries.includes(target)) return [`${file} imports ${target}: an entry is for users of the package`];
  if (unitOf(file) === unitOf(target) || rowOf(target) < 0 || rowOf(target) < rowOf(file)) return [];
  const direction = rowOf(target) === rowOf(file) ? 'sideways' : 'upward';
  return [`${direction}: ${file} imports ${target}`];
}

/** The file below src that a relative specifier names; undefined for packages and for files outside src. */
function targetOf(file: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.') || !/\.[cm]?[jt]s$/.test(specifier)) return undefined;
  const target = posix.join(posix.dirname(file), specifier);
  return target.startsWith('..') ? undefined : target;
}

/** The folder of a file, or the file itself where it stands in src directly. */
const unitOf = (file: string) => file.split('/')[0];

const rowOf = (file: string) => rows.findIndex((row) => row.includes(unitOf(file)));

/** The cycles met by a walk in depth, each once, from the file where it closes. */
function cycles(imports: Imports): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]) => {
    if (path.includes(file)) found.push([...path.slice(path.indexOf(file)), file]);
    if (path.includes(file) || done.has(file)) return;
    for (const specifier of imports[file] ?? []) {
      const target = targetOf(file, specifier);
      if (target !== undefined) walk(target, [...path, file]);
    }
    done.add(file);
  };
  for (const file of Object.keys(imports)) walk(file, []);
  return found;
}

/** The specifiers that a source imports, re-exports, requires, or names as a worker's URL; those in comments are left out. */
export function importsOf(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const statements = /\b(?:from|import)\s*['"]([^'"]+)['"]/g;
  const calls = /\b(?:import|require|resolve|new URL)\s*\(\s*['"]([^'"]+)['"]/g;
  const anyAddon = /['"]([^'"\s]*\.node)['"]/g;
  const found = [statements, calls, anyAddon].flatMap((pattern) =>
    [...code.matchAll(pattern)].map((match) => match[1]),
  );
  return [...new Set(found)];
}

/** Reads the imports of every file below a folder. */
export function readImports(folder: string): Imports {
  const files = readdirSync(folder, { recursive: true }).map((name) => String(name).split('\\').join('/'));
  const sources = files.filter((name) => name.endsWith('.ts')).sort();
  return Object.fromEntries(sources.map((name) => [name, importsOf(readFileSync(join(folder, name), 'utf8'))]));
}
