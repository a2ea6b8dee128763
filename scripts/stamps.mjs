// Tells whether what was built is in step with what it was built from, by the hash of the inputs.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The files below `folder` (relative to `root`) whose names end with one of `endings`, in a fixed order. */
export function filesBelow(root, folder, endings) {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const name = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return filesBelow(root, name, endings);
      return endings.some((ending) => entry.name.endsWith(ending)) ? [name] : [];
    });
}

/** A hash of names and contents; a missing file counts as such. `facts` are further texts that the output depends on. */
export function hashOf(root, files, facts = []) {
  const hash = createHash('sha256');
  for (const fact of facts) hash.update(`${fact}\0`);
  for (const file of files) {
    const path = join(root, file);
    hash
      .update(`${file}\0`)
      .update(existsSync(path) ? readFileSync(path) : 'missing')
      .update('\0');
  }
  return hash.digest('hex');
}

export const stampPath = (root, name) => join(root, '.setup', `${name}.stamp`);

export function readStamp(root, name) {
  const path = stampPath(root, name);
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
}

export function writeStamp(root, name, hash) {
  mkdirSync(dirname(stampPath(root, name)), { recursive: true });
  writeFileSync(stampPath(root, name), `${hash}\n`);
}

/**
 * Why node_modules is not in step with package-lock.json, or undefined where it is. `installed` is npm's own record,
 * node_modules/.package-lock.json; packages for other platforms may be absent, and nothing else.
 */
export function outOfStep(lock, installed, isThere) {
  if (!installed) return 'no node modules yet';
  for (const [path, wanted] of Object.entries(lock.packages)) {
    if (path === '' || wanted.link) continue;
    const found = installed.packages[path];
    if (!found && (wanted.optional || wanted.devOptional || wanted.peer)) continue;
    const name = path.replace(/^.*node_modules\//, '');
    if (!found) return `${name} is missing`;
    if (found.version !== wanted.version) return `${name} is ${found.version}, the lock file has ${wanted.version}`;
    if (!isThere(path)) return `${name} was removed`;
  }
  return undefined;
}
