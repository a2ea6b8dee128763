// The server of the live view: on this computer alone, to its own page alone, and nothing but that page and the report.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AlvaError, causeOf } from '../base/errors.ts';
import { livePage, liveUpdate } from '../report/livepage.ts';
import type { LiveRun } from '../study/live.ts';

export interface LiveServer {
  readonly url: string;
  /** Tells open pages the last state, waits until they have fetched the last report, but not long, and ends. */
  close(): Promise<void>;
}

const ADDRESS = '127.0.0.1';
/** How often the run is looked at; pages hear of it where something has changed. */
const EVERY_MILLISECONDS = 1_000;
const GOODBYE_MILLISECONDS = 3_000;
const MOST_LISTENERS = 16;

/** `port` 0: any that is free. */
export async function serveLive(run: LiveRun, port: number): Promise<LiveServer> {
  const listeners = new Set<ServerResponse>();
  let told = '';
  let onReport: (() => void) | undefined;
  const tell = () => {
    run.look();
    const update = liveUpdate(run.state());
    if (update === told) return;
    told = update;
    for (const listener of listeners) listener.write(eventOf(update));
  };

  const answers: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>> = {
    '/': (request, response) => {
      const { text, hash } = livePage(run.state());
      send(request, response, 200, text, {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy': `default-src 'none'; script-src '${hash}'; style-src 'unsafe-inline'; font-src data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      });
    },
    '/report': (request, response) => {
      const report = run.report();
      if (report === undefined) return send(request, response, 404, 'there is no report yet\n');
      // What the report itself may load and run stands in it.
      send(request, response, 200, report, {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy': "frame-ancestors 'self'",
      });
      response.on('close', () => onReport?.());
    },
    '/events': (request, response) => {
      if (listeners.size >= MOST_LISTENERS) return send(request, response, 503, 'too many pages are open\n');
      response.writeHead(200, { ...always, 'Content-Type': 'text/event-stream' });
      if (request.method === 'HEAD') return response.end();
      response.write(eventOf(liveUpdate(run.state())));
      listeners.add(response);
      response.on('close', () => listeners.delete(response));
    },
  };

  const server = createServer((request, response) => {
    const { port: own } = server.address() as AddressInfo;
    // A page of another name that resolves to this address would else read what is served here.
    if (![`${ADDRESS}:${own}`, `localhost:${own}`].includes(request.headers.host ?? ''))
      return send(request, response, 403, `this server answers to ${ADDRESS}:${own} alone\n`);
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return send(request, response, 405, 'GET or HEAD\n', { Allow: 'GET, HEAD' });
    const [path] = (request.url ?? '').split('?');
    if (!Object.hasOwn(answers, path)) return send(request, response, 404, 'there is nothing else here\n');
    answers[path](request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(new AlvaError(`cannot serve on ${ADDRESS}, port ${port}: ${causeOf(error)}`)),
    );
    server.listen(port, ADDRESS, resolve);
  });
  const timer = setInterval(tell, EVERY_MILLISECONDS);
  // The server alone keeps no process: what it shows does.
  server.unref();
  timer.unref();
  return {
    url: `http://${ADDRESS}:${(server.address() as AddressInfo).port}/`,
    async close() {
      clearInterval(timer);
      let nLeft = listeners.size;
      const fetched = new Promise<void>((resolve) => {
        onReport = () => {
          nLeft--;
          if (nLeft <= 0) resolve();
        };
      });
      const before = told;
      tell();
      const isNew = versionIn(told) !== versionIn(before);
      if (nLeft > 0 && isNew) await Promise.race([fetched, after(GOODBYE_MILLISECONDS)]);
      for (const listener of listeners) listener.end();
      server.close();
      server.closeAllConnections();
    },
  };
}

const always = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = { 'Content-Type': 'text/plain; charset=utf-8' },
): void {
  response.writeHead(status, { ...always, ...headers, 'Content-Length': Buffer.byteLength(text) });
  response.end(request.method === 'HEAD' ? undefined : text);
}

const versionIn = (update: string): number => (update === '' ? 0 : JSON.parse(update).report);

const eventOf = (data: string) => `data: ${data}\n\n`;

const after = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
