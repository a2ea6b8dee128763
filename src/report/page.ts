// The report as one page of HTML that needs nothing but itself: no network and no other file; its one script is only for what answers to a click.
import { answer } from './answer.ts';
import { comparisonsOf } from './comparisons.ts';
import { familiesOf, hasAlm } from './families.ts';
import type { Figure, Records } from './figures.ts';
import { type Content, html, type Markup, trusted } from './markup.ts';
import * as paper from './paper.ts';
import { payloadOf } from './payload.ts';
import { clientScript } from './script.ts';
import {
  againstChance,
  besidePaper,
  type ConfigRow,
  decisions,
  figureMarkup,
  type ProvenanceRow,
  paperSays,
  provenance,
  successTables,
  trainingTable,
  withinGroups,
} from './sections.ts';
import { style } from './style.ts';

export interface PageContent extends Records {
  readonly figures: readonly Figure[];
  readonly config: readonly ConfigRow[];
  readonly provenance: readonly ProvenanceRow[];
}

/** A part of the page, under a link at its top. */
interface Section {
  readonly id: string;
  readonly link: string;
  readonly body: Content;
}

/** The same content gives the same text: nothing here knows the time or the machine. */
export function page(content: PageContent): string {
  const { alignment } = content;
  const seeds = alignment.spaces.filter(({ family }) => family === 'alm').length;
  const script = clientScript();
  const sections = sectionsOf(content).filter(({ body }) => body !== '');
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src '${script.hash}'; style-src 'unsafe-inline'; font-src data:; img-src data:; base-uri 'none'; form-action 'none'">
<title>alva: alignment of ${alignment.sentences.count} sentences</title>
<style>${trusted(style())}</style>
</head>
<body>
<a class="skip" href="#answer">Skip to the answer</a>
<main>
<h1>How far do language, vision and action agree?</h1>
<p class="sub">${alignment.sentences.count} sentences, ${familiesOf(alignment).length} kinds of spaces, ${seeds === 0 ? 'no' : seeds} ${seeds === 1 ? 'seed' : 'seeds'} of the action-language model (ALM).</p>
<div class="answer" id="answer">${answer(alignment).map((sentence) => html`<p>${sentence}</p>`)}</div>
${hasAlm(alignment) ? html`<p class="note">Above means here: p of 0.05 or less in every seed, corrected for all pairs and k of this run where the run has that. P@k is the share of a sentence’s k nearest neighbours in one space that are among its k nearest in the other; <a href="#pairs">the heatmap</a> opens on the sentences behind it.</p>` : ''}
${alignment.warnings.map((warning) => html`<p class="note">Warning: ${warning}</p>`)}
<nav aria-label="Contents"><ol>${sections.map(({ id, link }) => html`<li><a href="#${id}">${link}</a></li>`)}</ol></nav>
${sections.map(({ id, body }) => html`<section id="${id}">\n${body}\n</section>\n`)}
</main>
<script type="application/json" id="payload">${inScript(JSON.stringify(payloadOf(content)))}</script>
<script type="module">${trusted(script.text)}</script>
</body>
</html>
`.text;
}

/** In the order in which a reader asks. */
function sectionsOf(content: PageContent): Section[] {
  const { alignment, success, figures } = content;
  const figure = (name: string) => {
    const found = figures.find((entry) => entry.name === name);
    return found ? figureMarkup(found) : '';
  };
  const compared = comparisonsOf(alignment).length > 0;
  const placed = ['heatmap', 'precision', 'curves', 'within', 'procrustes', 'success', 'grounding', 'loss', 'learning'];
  const others = figures.filter(({ name }) => ![...placed, 'trajectory', 'map'].includes(name));
  return [
    { id: 'paper', link: 'Beside the paper', body: compared && hasAlm(alignment) ? besidePaper(alignment) : '' },
    { id: 'pairs', link: 'Every two spaces', body: html`${heatmap(figures)}${paperSays(paper.figure3)}` },
    { id: 'chance', link: 'Against chance', body: compared ? againstChance(alignment) : '' },
    { id: 'violins', link: 'P@k by seed', body: figure('precision') },
    { id: 'over-k', link: 'P@k over k', body: figure('curves') },
    { id: 'within', link: 'Within groups of sentences', body: joined(figure('within'), withinGroups(alignment)) },
    { id: 'shape', link: 'Procrustes', body: html`${figure('procrustes')}${paperSays(paper.figure5)}` },
    {
      id: 'success',
      link: 'Success',
      body: html`${figure('success')}${success.length > 0 ? successTables(success) : ''}${figure('grounding')}`,
    },
    { id: 'loss', link: 'Loss', body: html`${figure('loss')}${figure('learning')}` },
    {
      id: 'training',
      link: 'Alignment over training',
      body: html`${figure('trajectory')}${trainingTable(alignment)}`,
    },
    { id: 'map', link: 'Maps of the sentences', body: figure('map') },
    { id: 'more', link: 'More figures', body: others.length > 0 ? others.map(figureMarkup) : '' },
    { id: 'decisions', link: 'Where alva decides', body: decisions(content.config) },
    { id: 'provenance', link: 'Where the numbers come from', body: provenance(alignment, content.provenance) },
  ];
}

/** The script puts its own, which answers to a click, before the drawing, which stays for paper and for readers without a script. */
function heatmap(figures: readonly Figure[]): Content {
  const found = figures.find(({ name }) => name === 'heatmap');
  return found ? figureMarkup(found, html`<div id="explorer"></div>`) : '';
}

const joined = (...parts: readonly Content[]): Content => (parts.every((part) => part === '') ? '' : parts);

/** JSON inside a script element: no text in it can end the element. */
const inScript = (json: string): Markup => trusted(json.replaceAll('<', '\\u003c'));
