// Files of the model hub: found in the caches of this machine, else asked for, fetched and kept.
import { existsSync } from 'node:fs';
import { download, type Progress } from './download.ts';
import { AlvaError } from './errors.ts';
import { type HubAccess, hubAccess } from './hubaccess.ts';
import {
  addToSnapshot,
  blobPath,
  type CachedFile,
  cachedFile,
  cachedSnapshot,
  filesIn,
  hubCaches,
  isCommit,
  rememberRevision,
} from './hubcache.ts';
import { withLock } from './lock.ts';
import { answerOf, HubError, refusalOf } from './request.ts';

export interface Wanted {
  /** ORG/NAME. */
  readonly repository: string;
  /** Commit, branch or tag. */
  readonly revision: string;
}

export interface Listing {
  /** The commit that the revision stands for. */
  readonly commit: string;
  readonly files: readonly { readonly path: string; readonly size: number }[];
  readonly licence?: string;
  /** From this machine's cache, because the hub was not asked or did not answer: files that were not fetched are missing. */
  readonly isCached: boolean;
}

/**
 * A file of the hub on this machine, fetched where it is not here yet. A commit never changes, so its files are taken from
 * the cache unasked; of a branch or tag the hub is asked what it stands for, and the cache serves when it cannot be.
 */
export async function hubFile(
  wanted: Wanted & { readonly file: string; readonly progress?: Progress },
  access: HubAccess = hubAccess(),
): Promise<CachedFile> {
  const { repository, revision, file, progress } = wanted;
  const here = cachedFile(repository, revision, file, access.env);
  if (here && (access.isOffline || isCommit(revision))) return here;
  requireOnline(`${file} of ${repository}`, access);
  const url = fileUrl(access.endpoint, wanted, revision);
  try {
    const { commit, etag, size } = await toldOf(url, wanted, access, here ? 1 : undefined);
    const current = cachedFile(repository, commit, file, access.env);
    if (current) return current;
    const [cache] = hubCaches(access.env);
    const blob = blobPath(cache, repository, etag);
    await withLock(`${blob}.lock`, async () => {
      const from = fileUrl(access.endpoint, wanted, commit);
      if (!existsSync(blob)) await download({ url: from, path: blob, size, etag, progress }, access);
    });
    const added = addToSnapshot(blob, { cache, repository, commit, file });
    rememberRevision(wanted, commit, access.env);
    return added;
  } catch (error) {
    if (here && error instanceof HubError && error.reason === 'unreachable') return here;
    throw error;
  }
}

/** What a model consists of. */
export async function hubListing(wanted: Wanted, access: HubAccess = hubAccess()): Promise<Listing> {
  const { repository, revision } = wanted;
  const here = cachedSnapshot(repository, revision, access.env);
  const cached = here && { commit: here.commit, files: filesIn(here.path), isCached: true };
  if (cached && access.isOffline) return cached;
  requireOnline(repository, access);
  try {
    const url = `${access.endpoint}/api/models/${repository}/revision/${encodeURIComponent(revision)}?blobs=true`;
    const answer = await answerOf(url, access, { tries: here ? 1 : undefined });
    if (!answer.ok) {
      await answer.body?.cancel();
      throw refusalOf(answer, wanted, access);
    }
    return listingIn(await answer.json(), repository);
  } catch (error) {
    if (cached && error instanceof HubError && error.reason === 'unreachable') return cached;
    throw error;
  }
}

function listingIn(json: unknown, repository: string): Listing {
  const { sha, siblings, cardData } = json as {
    sha?: string;
    siblings?: { rfilename: string; size?: number }[];
    cardData?: { license?: unknown };
  };
  if (!sha || !isCommit(sha) || !Array.isArray(siblings))
    throw new AlvaError(
      `what answers at HF_ENDPOINT for ${repository} is no model hub: it tells no commit and no files`,
    );
  const licence = typeof cardData?.license === 'string' ? cardData.license : undefined;
  const files = siblings.map(({ rfilename, size = 0 }) => ({ path: rfilename, size }));
  return { commit: sha, files, licence, isCached: false };
}

/** What the hub says before it sends one on to where the file lies. */
async function toldOf(url: string, wanted: Wanted & { file: string }, access: HubAccess, tries: number | undefined) {
  const answer = await answerOf(url, access, { method: 'HEAD', tries });
  if (answer.status >= 400) throw refusalOf(answer, wanted, access);
  const { headers } = answer;
  const commit = headers.get('x-repo-commit') ?? '';
  const etag = (headers.get('x-linked-etag') ?? headers.get('etag') ?? '').replace(/^W\//, '').replaceAll('"', '');
  const size = Number(headers.get('x-linked-size') ?? headers.get('content-length') ?? Number.NaN);
  if (!isCommit(commit) || !etag || !Number.isSafeInteger(size))
    throw new AlvaError(`${url} is not answered as by a model hub: commit, hash or size of the file is missing`);
  return { commit, etag, size };
}

const fileUrl = (endpoint: string, { repository, file }: Wanted & { file: string }, revision: string) =>
  `${endpoint}/${repository}/resolve/${encodeURIComponent(revision)}/${file.split('/').map(encodeURIComponent).join('/')}`;

function requireOnline(what: string, { isOffline, env }: HubAccess): void {
  if (isOffline)
    throw new HubError(
      'offline',
      `${what} is not on this machine, and nothing is fetched (HF_HUB_OFFLINE or --offline); looked in ${hubCaches(env).join(' and ')}; leave that out, or name a folder with --model-path`,
    );
}
