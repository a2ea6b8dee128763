// Where files of the model hub lie on this machine: the layout of the hub's own tools, so that a model is fetched once for all of them.
import { existsSync, linkSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { AlvaError, invalid } from './errors.ts';
import { writeWhole } from './files.ts';
import { makeFolder } from './folders.ts';
import { hubHome } from './hubaccess.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A file of the hub on this machine. */
export interface CachedFile {
  readonly path: string;
  readonly commit: string;
}

/** The folders that are looked into; what is fetched goes into the first: ALVA_CACHE/hub, else the hub's own. */
export function hubCaches(env: Environment = process.env): readonly [string, ...string[]] {
  const own = env.HF_HUB_CACHE || env.HUGGINGFACE_HUB_CACHE || join(hubHome(env), 'hub');
  return env.ALVA_CACHE ? [join(env.ALVA_CACHE, 'hub'), own] : [own];
}

export const isCommit = (revision: string) => /^[0-9a-f]{40}$/.test(revision);

/** The folder of one commit, as the caches have it; `revision` is a commit, or a branch or tag as it stood when last fetched. */
export function cachedSnapshot(repository: string, revision: string, env?: Environment): CachedFile | undefined {
  return snapshots(repository, revision, env).find(({ path }) => existsSync(path));
}

export function cachedFile(
  repository: string,
  revision: string,
  file: string,
  env?: Environment,
): CachedFile | undefined {
  const inside = requireInside(file);
  return snapshots(repository, revision, env)
    .map(({ path, commit }) => ({ path: join(path, inside), commit }))
    .find(({ path }) => existsSync(path)); // follows links: one whose content was deleted does not count
}

function snapshots(repository: string, revision: string, env: Environment | undefined): CachedFile[] {
  return hubCaches(env).flatMap((cache) => {
    const folder = repositoryFolder(cache, repository);
    const ref = join(folder, 'refs', requireInside(revision));
    const commit = isCommit(revision) ? revision : existsSync(ref) && readFileSync(ref, 'utf8').trim();
    return commit ? [{ path: join(folder, 'snapshots', commit), commit }] : [];
  });
}

/** Names and sizes of all files in a snapshot's folder. */
export function filesIn(folder: string): { path: string; size: number }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => ({
      path: path.split(sep).join(posix.sep),
      stat: statSync(join(folder, path), { throwIfNoEntry: false }),
    }))
    .flatMap(({ path, stat }) => (stat?.isFile() ? [{ path, size: stat.size }] : []))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Where a file's content goes: blobs are named by what is in them. */
export function blobPath(cache: string, repository: string, etag: string): string {
  if (!/^[\w.-]+$/.test(etag))
    throw new AlvaError(`the hub names a file of ${repository} by ${JSON.stringify(etag)}, which is no etag`);
  return join(repositoryFolder(cache, repository), 'blobs', etag);
}

/** Gives a blob its name in a commit. */
export function addToSnapshot(
  blob: string,
  { cache, repository, commit, file }: Record<'cache' | 'repository' | 'commit' | 'file', string>,
): CachedFile {
  const folder = repositoryFolder(cache, repository);
  const path = join(folder, 'snapshots', commit, requireInside(file));
  makeFolder(dirname(path));
  if (!existsSync(path)) link(blob, path);
  return { path, commit };
}

/** Keeps what a branch or tag stood for, so that it is found again without the hub. */
export function rememberRevision(
  { repository, revision }: { repository: string; revision: string },
  commit: string,
  env?: Environment,
): void {
  if (revision === commit) return;
  writeWhole(join(repositoryFolder(hubCaches(env)[0], repository), 'refs', requireInside(revision)), commit);
}

/** A link, as the hub's own tools make it; where links are not allowed (Windows), a second name, or the file itself. */
function link(blob: string, path: string): void {
  rmSync(path, { force: true }); // one that leads nowhere
  try {
    symlinkSync(relative(dirname(path), blob), path);
  } catch {
    try {
      linkSync(blob, path);
    } catch {
      renameSync(blob, path);
    }
  }
}

/** ORG/NAME, or NAME alone, as some old models are called. */
export function repositoryFolder(cache: string, repository: string): string {
  if (!/^[\w.-]+(\/[\w.-]+)?$/.test(repository) || /(^|\/)\.+(\/|$)/.test(repository))
    throw invalid('model', 'ORG/NAME', repository);
  return join(cache, `models--${repository.replace('/', '--')}`);
}

/** Names come from a server and are joined onto a folder: none may lead out of it. */
function requireInside(name: string): string {
  if (!name || posix.isAbsolute(name) || name.split(/[\\/]/).includes('..') || /^[a-z]:/i.test(name))
    throw new AlvaError(
      `the hub names a file ${JSON.stringify(name)}, which leads out of its folder; it is not fetched`,
    );
  return name;
}
