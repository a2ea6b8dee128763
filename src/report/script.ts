// The script of the page as one text: the compiled modules of client/, each after those it imports.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { missing } from '../base/errors.ts';

/** As tsconfig.client.json compiles it. Sources and compiled files stand equally deep, so this holds for both. */
const compiled = new URL('../../dist/report/client/main.js', import.meta.url);

export interface Script {
  readonly text: string;
  /** As a Content-Security-Policy names it: nothing else may run in the page. */
  readonly hash: string;
}

export function clientScript(entry = compiled): Script {
  const text = `\n${joined(entry, new Set())}`;
  return { text, hash: `sha256-${createHash('sha256').update(text).digest('base64')}` };
}

/** All modules share one scope, so a name may stand at the top of one of them only; a browser refuses the page's script otherwise. */
function joined(file: URL, done: Set<string>): string {
  if (done.has(file.href)) return '';
  done.add(file.href);
  if (!existsSync(file)) throw missing(file.pathname, 'the script of the report; run "npm run build"');
  const source = readFileSync(file, 'utf8');
  const imports = /^import\s[^;]*?from '([^']+)';\n/gm;
  const before = [...source.matchAll(imports)].map(([, name]) => joined(new URL(name, file), done)).join('');
  const own = source
    .replaceAll(imports, '')
    .replaceAll(/^export (?=function|const|class|async)/gm, '')
    .replaceAll(/^(export \{\};|\/\/# sourceMappingURL=.*)\n?/gm, '');
  return before + own;
}
