// The package as its users import it: every entry of package.json's "exports", from dist.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  exports: Record<string, { types: string; default: string } | string>;
};
const entries = Object.entries(exports).filter(([, target]) => typeof target !== 'string') as [
  string,
  { types: string; default: string },
][];

test.each(entries)('%s can be imported, and its types are there', (entry, target) => {
  expect(existsSync(target.types)).toBe(true);
  const program = `import * as entry from ${JSON.stringify(entry.replace('.', 'alva'))}; console.log(Object.keys(entry).length)`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(Number(stdout)).toBeGreaterThan(0);
});
