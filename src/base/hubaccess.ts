// How the model hub is reached: its address, the token, the proxy, and whether it may be asked at all.
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Dispatcher } from 'undici';
import { UsageError } from './errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface HubAccess {
  /** Address of the hub, without a slash at its end. */
  readonly endpoint: string;
  /** Sent to the endpoint's origin and to nobody else. Not enumerable, so that it never gets into what is printed or stored. */
  readonly token?: string;
  readonly isOffline: boolean;
  /** Milliseconds before the second try; each further one waits twice as long. */
  readonly firstWait: number;
  readonly env: Environment;
  /** What a request to an address goes through: the proxy, or nothing special. */
  readonly dispatcher: (url: URL) => Promise<Dispatcher>;
}

const FIRST_WAIT = 500;
const PATIENCE = 60_000; // milliseconds without a byte, after which a connection counts as broken

/**
 * From the variables that the hub's own tools read: HF_ENDPOINT, HF_TOKEN (or the file that `hf auth login` writes),
 * HF_HUB_OFFLINE, HTTPS_PROXY, HTTP_PROXY and NO_PROXY.
 */
export function hubAccess(
  env: Environment = process.env,
  { offline, firstWait = FIRST_WAIT }: { offline?: boolean; firstWait?: number } = {},
): HubAccess {
  const isOffline = offline ?? isSet(env.HF_HUB_OFFLINE);
  const agents = new Map<string, Promise<Dispatcher>>();
  const dispatcher = (url: URL) => {
    const proxy = proxyFor(url, env) ?? '';
    const agent = agents.get(proxy) ?? agentFor(proxy);
    agents.set(proxy, agent);
    return agent;
  };
  const access = { endpoint: hubEndpoint(env), isOffline, firstWait, env, dispatcher };
  return Object.defineProperty(access, 'token', { value: hubToken(env), enumerable: false });
}

/** Where the model hub is: HF_ENDPOINT, as its own tools have it, else huggingface.co. */
export function hubEndpoint(env: Environment = process.env): string {
  const endpoint = (env.HF_ENDPOINT || 'https://huggingface.co').replace(/\/+$/, '');
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password)
    throw new UsageError('HF_ENDPOINT has to be an http or https address without a user name or password');
  requireTls(url, 'HF_ENDPOINT');
  return endpoint;
}

/**
 * Over http anybody on the way can send other bytes, and reads the token. A server on this computer is no way.
 * @param what names in errors where the address is from
 */
export function requireTls({ protocol, hostname, host }: URL, what: string): void {
  const isHere = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
  if (protocol === 'https:' || (protocol === 'http:' && isHere)) return;
  throw new UsageError(`${what} leads to ${protocol}//${host}: expected https, or http to this computer alone`);
}

/** Where the hub's own tools keep what is theirs. */
export function hubHome(env: Environment = process.env): string {
  return env.HF_HOME || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'huggingface');
}

/** The user's token, or nothing. A damaged one is refused here: an HTTP library would print it in its complaint. */
function hubToken(env: Environment): string | undefined {
  const file = env.HF_TOKEN_PATH || join(hubHome(env), 'token');
  const token = (
    env.HF_TOKEN ||
    env.HUGGING_FACE_HUB_TOKEN ||
    (existsSync(file) ? readFileSync(file, 'utf8') : '')
  ).trim();
  if (token && !/^[\x21-\x7e]+$/.test(token))
    throw new UsageError('the token of the model hub (HF_TOKEN) has a space or another character that no token has');
  return token || undefined;
}

/** The proxy for an address, by the variables that curl and its like read. */
export function proxyFor({ protocol, hostname, port }: URL, env: Environment): string | undefined {
  const isSecure = protocol === 'https:';
  const proxy = isSecure ? env.https_proxy || env.HTTPS_PROXY : env.http_proxy || env.HTTP_PROXY;
  const exceptions = (env.no_proxy || env.NO_PROXY || '').split(/[\s,]+/).filter(Boolean);
  const isException = exceptions.some((entry) => {
    const [host, itsPort = ''] = entry
      .toLowerCase()
      .replace(/^\*?\./, '')
      .split(':');
    if (itsPort && itsPort !== (port || (isSecure ? '443' : '80'))) return false;
    return host === '*' || hostname === host || hostname.endsWith(`.${host}`);
  });
  return proxy && !isException ? proxy : undefined;
}

/** Node 20's own fetch knows no proxy; undici's does, and is loaded only when something is fetched. */
async function agentFor(proxy: string): Promise<Dispatcher> {
  const { Agent, ProxyAgent } = await import('undici');
  const patience = { headersTimeout: PATIENCE, bodyTimeout: PATIENCE };
  if (!proxy) return new Agent(patience);
  if (!URL.canParse(proxy) || !/^https?:$/.test(new URL(proxy).protocol))
    throw new UsageError('HTTPS_PROXY or HTTP_PROXY is no address; write it as http://HOST:PORT');
  return new ProxyAgent({ ...patience, uri: proxy });
}

const isSet = (value: string | undefined) => /^(1|on|yes|true)$/i.test(value ?? '');
