// One question to the model hub: redirects, the token kept at home, and patience with a server that is busy.
import { setTimeout as wait } from 'node:timers/promises';
import type { Response } from 'undici';
import { AlvaError } from './errors.ts';
import { type HubAccess, requireTls } from './hubaccess.ts';

/** Why the hub did not give what was asked for. */
export type HubRefusal = 'offline' | 'unreachable' | 'repository' | 'revision' | 'file' | 'permission';

export class HubError extends AlvaError {
  readonly reason: HubRefusal;
  override name = 'HubError';
  constructor(reason: HubRefusal, message: string) {
    super(message);
    this.reason = reason;
  }
}

export interface Question {
  readonly method?: 'GET' | 'HEAD';
  /** First byte wanted. */
  readonly from?: number;
  /** Tries before a server that is busy or not there is given up. */
  readonly tries?: number;
}

export const TRIES = 5;
const MOST_REDIRECTS = 10;
const LONGEST_WAIT = 120_000; // milliseconds; a server that asks for more is given up
const busy: readonly number[] = [408, 429, 500, 502, 503, 504];

/**
 * The answer to `url`, whatever its status but a busy one. A HEAD stops at the hub's own answer that tells size and hash,
 * and does not go on to where the file lies.
 * @throws HubError `offline`, or `unreachable` after the last try. Addresses that one was sent on to may be signed: no error shows them.
 */
export async function answerOf(url: string, access: HubAccess, question: Question = {}): Promise<Response> {
  if (access.isOffline)
    throw new HubError('offline', `offline (HF_HUB_OFFLINE or --offline), so ${url} is not asked for`);
  const { tries = TRIES } = question;
  for (let i = 1; ; i++) {
    const answer = await followed(url, access, question).catch((error: Error) => {
      if (error instanceof AlvaError) throw error;
      return error;
    });
    if (!(answer instanceof Error) && !busy.includes(answer.status)) return answer;
    const why = answer instanceof Error ? reasonOf(answer) : `the server answers ${answer.status}`;
    const asked = answer instanceof Error ? undefined : retryAfter(answer);
    if (!(answer instanceof Error)) await answer.body?.cancel();
    if (i >= tries || (asked ?? 0) > LONGEST_WAIT || (answer instanceof Error && isLasting(answer))) {
      const later = asked ? `; it asks to wait ${Math.ceil(asked / 1000)} s` : '';
      const hint =
        answer instanceof Error
          ? '; behind a proxy set HTTPS_PROXY, for a mirror HF_ENDPOINT, without a network bring the files by hand (docs/models.md)'
          : '';
      throw new HubError('unreachable', `cannot fetch ${url}: ${why}${i > 1 ? ` (${i} times)` : ''}${later}${hint}`);
    }
    await wait(asked ?? access.firstWait * 2 ** (i - 1));
  }
}

/** Says what a refusal means for the model, and what to do. */
export function refusalOf(
  { status, headers }: Response,
  { repository, revision, file }: { repository: string; revision: string; file?: string },
  { endpoint, token }: HubAccess,
): HubError {
  const code = headers.get('x-error-code');
  const page = `${endpoint}/${repository}`;
  const who = token ? 'with your token' : 'without a token';
  if (code === 'RepoNotFound')
    return new HubError('repository', `no model ${repository} at ${endpoint} ${who} (${status}): misspelt, or private`);
  if (status === 401 || status === 403)
    return new HubError(
      'permission',
      `${repository} is gated or private, and the hub refuses it ${who} (${status}); accept its licence at ${page}, make a token at ${endpoint}/settings/tokens and set HF_TOKEN to it`,
    );
  if (code === 'RevisionNotFound')
    return new HubError('revision', `${repository} has no revision ${revision}; see ${page}/commits/main`);
  if (status === 404 && file)
    return new HubError(
      'file',
      `${repository} has no file ${file} at revision ${revision}; see ${page}/tree/${revision}`,
    );
  if (status === 404) return new HubError('repository', `no model ${repository} at ${endpoint}`);
  return new HubError(
    'unreachable',
    `cannot fetch ${file ?? 'the list of files'} of ${repository}: the server answers ${status}`,
  );
}

/** Redirects are followed by hand: the token goes to the hub's own origin only. */
async function followed(url: string, access: HubAccess, { method = 'GET', from = 0 }: Question): Promise<Response> {
  const { fetch } = await import('undici');
  const home = new URL(access.endpoint).origin;
  let at = new URL(url);
  for (let i = 0; i < MOST_REDIRECTS; i++) {
    const isHome = at.origin === home;
    const headers: Record<string, string> = { 'accept-encoding': 'identity', 'user-agent': 'alva' };
    if (isHome && access.token) headers.authorization = `Bearer ${access.token}`;
    if (from > 0) headers.range = `bytes=${from}-`;
    const answer = await fetch(at, { method, headers, redirect: 'manual', dispatcher: await access.dispatcher(at) });
    const location = answer.headers.get('location');
    if (answer.status < 300 || answer.status >= 400 || !location) return answer;
    const next = new URL(location, at);
    requireTls(next, `a redirection by ${at.origin}`);
    const isTold = answer.headers.has('x-linked-etag') && answer.headers.has('x-repo-commit');
    if (method === 'HEAD' && (isTold || next.origin !== home)) return answer;
    await answer.body?.cancel();
    at = next;
  }
  throw new Error(`more than ${MOST_REDIRECTS} redirections`);
}

/** Nobody is there, and a second later nobody will be either: whoever has no network is told at once. */
function isLasting({ cause }: Error): boolean {
  const { code } = (cause ?? {}) as { code?: string }; // none: the address itself is wrong
  return !code || /^(ENOTFOUND|ECONNREFUSED|ENETUNREACH|CERT_|ERR_TLS|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code);
}

/** Milliseconds that the server asks to wait, as seconds or as a date. */
function retryAfter({ headers }: Response): number | undefined {
  const told = headers.get('retry-after');
  if (told === null) return undefined;
  const milliseconds = /^\d+$/.test(told) ? Number(told) * 1000 : Date.parse(told) - Date.now();
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : undefined;
}

export function reasonOf(error: Error): string {
  const cause = error.cause as (Error & { code?: string }) | undefined;
  return cause?.message || cause?.code || error.message;
}
