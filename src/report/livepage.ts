// The page of a run under way: its stages, its networks as they learn, and the report from those that are done.
import { createHash } from 'node:crypto';
import { type Content, html, type Markup, trusted } from './markup.ts';
import { style } from './style.ts';

/** What is counted of a stage or a network, as far as it has come. */
export interface LiveProgress {
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  /** Numbers of the moment: loss, accuracy, speed. */
  readonly detail?: string;
  readonly secondsLeft?: number;
}

export interface LiveStage {
  readonly name: string;
  readonly state: 'waiting' | 'at work' | 'done';
  readonly progress: LiveProgress | null;
}

export interface LiveRate {
  readonly task: string;
  readonly rate: number;
}

export interface LiveNetwork {
  readonly name: string;
  readonly state: 'waiting' | 'learning' | 'done' | 'failed';
  readonly progress: LiveProgress | null;
  /** Mean loss and accuracy of the last updates; once it has learned. */
  readonly loss: { readonly loss: number; readonly accuracy: number } | null;
  /** By argmax: on the levels of the curve while it learns, on those of success.json when it is done. */
  readonly success: { readonly update: number; readonly rates: readonly LiveRate[] } | null;
  readonly failure: string | null;
}

export interface LiveState {
  readonly directory: string;
  readonly stages: readonly LiveStage[];
  readonly networks: readonly LiveNetwork[];
  /** The report that is served: of what, and a number that grows with each one. */
  readonly report: { readonly version: number; readonly of: string } | null;
  /** Why there is no newer report. */
  readonly trouble: string | null;
  readonly end: 'done' | 'failed' | null;
}

/** `hash` is what the Content-Security-Policy of the page allows, besides what comes from the page's own server. */
export function livePage(state: LiveState): { text: string; hash: string } {
  const text = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>alva, live: ${state.directory}</title>
<noscript><meta http-equiv="refresh" content="10"></noscript>
<style>${trusted(style())}${trusted(liveStyle)}</style>
</head>
<body>
<main>
<h1>${state.directory}</h1>
<p class="sub" id="connection" role="status">A run as it goes. This page is served to this computer alone.</p>
<div id="state">${liveState(state)}</div>
<h2 id="report-title">The report so far</h2>
<p class="note"><span id="report-note">${reportNote(state)}</span> <a id="alone" href="/report" target="_blank"${trusted(state.report ? '' : ' hidden')}>By itself</a></p>
<iframe id="report" title="The report so far" aria-labelledby="report-title"${state.report ? trusted(` src="/report?${state.report.version}"`) : trusted(' hidden')}></iframe>
</main>
<script>${trusted(script)}</script>
</body>
</html>
`.text;
  return { text, hash: `sha256-${createHash('sha256').update(script).digest('base64')}` };
}

/** What of the page changes with the run, and the report that belongs to it. */
export function liveUpdate(state: LiveState): string {
  return JSON.stringify({
    state: liveState(state).text,
    note: reportNote(state),
    report: state.report?.version ?? 0,
    end: state.end,
  });
}

function liveState({ stages, networks, trouble, end }: LiveState): Markup {
  const nDone = networks.filter(({ state }) => state === 'done').length;
  const summary = networks.length > 0 ? `${nDone} of ${networks.length} networks are done. ` : '';
  const ending = { done: 'The run is done.', failed: 'The run has failed or was stopped.' };
  return html`<p class="answer" role="status">${summary}${end ? ending[end] : ''}</p>
<ol class="stages">${stages.map(({ name, state, progress }) => html`<li class="${state === 'at work' ? 'now' : ''}"><b>${name}</b> ${state}${progress ? html`, ${counted(progress)}` : ''}</li>`)}</ol>
${networks.length > 0 ? networkTable(networks) : ''}
${trouble ? html`<p class="note">The report so far could not be made: ${trouble}</p>` : ''}`;
}

function networkTable(networks: readonly LiveNetwork[]): Markup {
  const tasks = [...new Set(networks.flatMap(({ success }) => success?.rates.map(({ task }) => task) ?? []))];
  return html`<div class="scroll"><table>
<thead><tr><th scope="col">network</th><th scope="col" class="text">state</th><th scope="col" class="text">progress</th><th scope="col">loss</th><th scope="col">accuracy, %</th><th scope="col">success at update</th>${tasks.map((task) => html`<th scope="col">${task}, %</th>`)}</tr></thead>
<tbody>${networks.map((network) => networkRow(network, tasks))}</tbody></table></div>
<p class="note">Success by the most likely action: while a network learns on the few levels of its curve, when it is done on those of the evaluation. Shuffled networks are a control that learns without language.</p>`;
}

function networkRow({ name, state, progress, loss, success, failure }: LiveNetwork, tasks: readonly string[]): Markup {
  const rate = (task: string) => success?.rates.find((entry) => entry.task === task)?.rate;
  const cell = (content: Content | null | undefined) => html`<td>${content ?? '–'}</td>`;
  const shown = failure ?? (progress ? [bar(name, progress), ' ', counted(progress)] : '');
  return html`<tr><th scope="row">${name}</th><td class="text">${state}</td><td class="text wrap">${shown}</td>${cell(loss?.loss.toFixed(3))}${cell(loss && percent(loss.accuracy))}${cell(success?.update)}${tasks.map(
    (task) => {
      const value = rate(task);
      return cell(value === undefined ? undefined : percent(value));
    },
  )}</tr>`;
}

const percent = (share: number) => (100 * share).toFixed(1);

function bar(name: string, { done, total }: LiveProgress): Markup {
  return html`<progress aria-label="${name}" max="${Math.max(1, total)}" value="${done}"></progress>`;
}

function counted({ done, total, unit, detail, secondsLeft }: LiveProgress): string {
  const left = secondsLeft === undefined || done >= total ? '' : `about ${minutes(secondsLeft)} left`;
  return [`${done}/${total} ${unit}`, detail, left].filter(Boolean).join(', ');
}

function minutes(seconds: number): string {
  return seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

function reportNote({ report, networks }: LiveState): string {
  if (report !== null) return `Of ${report.of}.`;
  const isDone = networks.some(({ state }) => state === 'done');
  return isDone ? 'It is being made of the networks that are done.' : 'It comes when the first network is done.';
}

const liveStyle = `
.stages{columns:2;max-width:44rem;padding-left:1.4rem}
.stages .now{font-weight:600}
.stages b{display:inline-block;min-width:4rem;font-weight:inherit}
progress{width:9rem;vertical-align:middle;accent-color:var(--trained)}
td.wrap{white-space:normal;min-width:16rem}
iframe{width:100%;height:85vh;border:1px solid var(--line);border-radius:6px;background:var(--ground)}
iframe[hidden]{display:none}
@media (max-width:40rem){.stages{columns:1}}`;

/** The state is markup that the server has escaped. Reloading an equal report would lose the reader's place in it. */
const script = `
'use strict';
const at = (id) => document.getElementById(id);
let shown = Number((at('report').getAttribute('src') || '').split('?')[1] || 0);
const events = new EventSource('/events');
events.onmessage = ({ data }) => {
  const { state, note, report, end } = JSON.parse(data);
  at('state').innerHTML = state;
  at('report-note').textContent = note;
  at('connection').textContent = end ? 'This page is no longer live; it is not kept. The report is in the run directory.' : 'A run as it goes. This page is served to this computer alone.';
  if (report !== shown) {
    shown = report;
    at('report').hidden = at('alone').hidden = false;
    at('report').src = '/report?' + report;
  }
  if (end) events.close();
};
events.onerror = () => {
  at('connection').textContent = 'Nothing is heard of the run: its process has ended, or is about to answer again.';
};
`;
