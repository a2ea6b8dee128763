// The report as one page of HTML that needs nothing but itself: no script, no network, no other file.
import { answer } from './answer.ts';
import { comparisonsOf, tiedFamilies } from './comparisons.ts';
import { familiesOf, hasAlm, headlineK, label } from './families.ts';
import type { Figure, Records } from './figures.ts';
import { type Content, html, type Markup, trusted } from './markup.ts';
import {
  paperTable,
  seedTable,
  successTable,
  testTable,
  trajectoryTable,
  verbTable,
  withinTable,
} from './pagetables.ts';
import * as paper from './paper.ts';
import { style } from './style.ts';
import { decimal } from './wording.ts';

/** A choice where the paper is silent or unclear, with alva's value and what the paper says. */
export interface ConfigRow {
  readonly field: string;
  readonly value: string;
  readonly help: string;
  readonly paper: string;
}

/** A line of where the numbers come from: the config's hash, a version, a file's hash. */
export interface ProvenanceRow {
  readonly name: string;
  readonly value: string;
}

export interface PageContent extends Records {
  readonly figures: readonly Figure[];
  readonly config: readonly ConfigRow[];
  readonly provenance: readonly ProvenanceRow[];
}

/** The same content gives the same text: nothing here knows the time or the machine. */
export function page(content: PageContent): string {
  const { alignment, success } = content;
  const figure = (name: string) => figureMarkup(content.figures.find((entry) => entry.name === name)!);
  const seeds = alignment.spaces.filter(({ family }) => family === 'alm').length;
  const hasTraining = (alignment.training ?? []).length > 0;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; font-src data:">
<title>alva: alignment of ${alignment.sentences.count} sentences</title>
<style>${trusted(style())}</style>
</head>
<body>
<main>
<h1>How far do language, vision and action agree?</h1>
<p class="sub">${alignment.sentences.count} sentences, ${familiesOf(alignment).length} kinds of spaces, ${seeds === 0 ? 'no' : seeds} ${seeds === 1 ? 'seed' : 'seeds'} of the action-language model (ALM).</p>
<div class="answer">${answer(alignment).map((sentence) => html`<p>${sentence}</p>`)}</div>
${alignment.warnings.map((warning) => html`<p class="note">Warning: ${warning}</p>`)}
${hasTraining ? html`${figure('trajectory')}${scroll(trajectoryTable(alignment))}` : ''}
${comparisonsOf(alignment).length > 0 ? tables(content) : ''}
${figure('heatmap')}${paperSays(paper.figure3)}
${figure('precision')}
${figure('curves')}
${figure('within')}
${figure('procrustes')}${paperSays(paper.figure5)}
${figure('success')}${success.length > 0 ? successTables(success) : ''}
${figure('grounding')}
${figure('loss')}
${figure('learning')}
${hasTraining ? '' : figure('trajectory')}
${decisions(content.config)}
${provenance(content)}
</main>
</body>
</html>
`.text;
}

function tables(content: PageContent): Markup {
  const { alignment } = content;
  const k = headlineK(alignment);
  const within = withinTable(alignment);
  const seeds = comparisonsOf(alignment)[0].disparity.n;
  return html`${
    hasAlm(alignment)
      ? html`<h2>Beside the paper’s Table 1</h2>
<p class="note">Mean P@k with its standard deviation over replications: ten in the paper, ${seeds} here. A column of the paper for which no such model was run is empty on our side; our models stand under their own names.</p>
${scroll(paperTable(alignment))}
<h2>Against chance, and against the network before training</h2>`
      : html`<h2>Against chance</h2>`
  }
<p class="note">Chance is the mean over all joint relabellings of the sentences; z is the distance from it in their standard deviations, mean over seeds; p is the largest of any seed, (b + 1) / (m + 1) of m = ${alignment.permutations} relabellings for P@${k}; the interval over items (see precision_interval) spans those of the seeds; corrected, by the largest z that a relabelling reaches over all pairs and k of this run (Westfall and Young). A small p only says that two spaces share more than chance: shared words are enough for that, as the control rows show.${hasAlm(alignment) ? ' The shuffled network learned from the same demonstrations with their instructions permuted among the episodes: it learned to act, and nothing of what the words mean.' : ''}</p>
${scroll(testTable(alignment))}
${tieNotes(content)}
${
  within === null
    ? ''
    : html`<h2>What is left within a group of sentences</h2>
<p class="note">The same test where sentences are relabelled only among those that share what heads the columns. Where the chance of such a test comes near the value, the grouping by itself gives the alignment. Share is how much of P@k above chance the grouping accounts for, mean over seeds: 0 for a grouping that means nothing, 1 where the spaces share nothing but the groups, more where they share less than that; a dash where P@k is not above chance. Shares do not add up.</p>${scroll(within)}`
}`;
}

function tieNotes({ alignment }: PageContent): Content {
  const tied = tiedFamilies(alignment)
    .filter(({ a, b }) => a !== 'random' && b !== 'random')
    .map(({ a, b, min, max }) => `${label(a)} with ${label(b)} ${decimal(min, 3)} to ${decimal(max, 3)}`);
  if (tied.length === 0) return '';
  return html`<p class="note">Equal similarities leave P@${headlineK(alignment)} open; here ties go to the lowest index. Over all ways to break them: ${tied.join('; ')}.</p>`;
}

function successTables(success: PageContent['success']): Markup {
  return html`<p class="note">Two intervals that answer two questions. Over seeds: that of the mean, by Student’s t; what other seeds could give, and nothing for a single seed. Over levels: from the lowest to the highest bound of the seeds’ Wilson intervals; what other levels could give to these seeds.</p>
${scroll(successTable(success))}${scroll(verbTable(success))}${scroll(seedTable(success))}`;
}

function figureMarkup({ name, title, caption, svg, absence }: Figure): Markup {
  if (svg === null) return html`<h2>${title}</h2><p class="note">Not drawn: ${absence}.</p>`;
  return html`<h2>${title}</h2>
<figure><div class="scroll">${trusted(labelled(svg, title))}</div>
<figcaption>${caption} <span class="file">figures/${name}.svg, .png</span></figcaption></figure>`;
}

/** A reader that cannot see the drawing hears its title; the caption and the tables carry the numbers. */
function labelled(svg: string, title: string): string {
  return svg.replace('<svg ', () => html`<svg role="img" aria-label="${title}" `.text);
}

function paperSays(statements: readonly paper.PaperStatement[]): Markup {
  const said = statements.map(({ what, low, high }) => `${what} ${decimal(low, 2)} to ${decimal(high, 2)}`).join('; ');
  return html`<p class="note">The paper (${statements[0].place}): ${said}.</p>`;
}

function decisions(config: readonly ConfigRow[]): Content {
  if (config.length === 0) return '';
  return html`<h2>Where alva decides</h2>
<p class="note">What this run took for every choice, and what the paper says of it; where it is silent or can be read in two ways, why alva took this.</p>
${scroll(html`<table><thead><tr><th scope="col">field</th><th scope="col" class="prose">value</th><th scope="col" class="prose">what it does</th><th scope="col" class="prose">the paper</th></tr></thead>
<tbody>${config.map((row) => html`<tr><th scope="row"><code>${row.field}</code></th><td class="mono"><code>${row.value}</code></td><td class="prose">${row.help}</td><td class="prose">${row.paper}</td></tr>`)}</tbody></table>`)}`;
}

function provenance({ alignment, provenance: rows }: PageContent): Markup {
  const seeds = [...new Set(alignment.spaces.flatMap(({ seed }) => seed ?? []))];
  const all: readonly ProvenanceRow[] = [
    ...rows,
    { name: 'sentences', value: `${alignment.sentences.count}, sha256 ${alignment.sentences.sha256}` },
    { name: 'seeds', value: seeds.join(', ') || 'none' },
    { name: 'relabellings', value: `${alignment.permutations}, drawn from seed ${alignment.seed}` },
    ...Object.entries(alignment.versions).map(([name, value]) => ({ name, value })),
  ];
  const line = (name: string, value: string) =>
    html`<tr><th scope="row">${name}</th><td class="mono"><code>${value}</code></td></tr>`;
  return html`<h2>Where the numbers come from</h2>
${scroll(html`<table><tbody>${all.map(({ name, value }) => line(name, value))}</tbody></table>`)}
<h2>The spaces</h2>
${scroll(html`<table><thead><tr><th scope="col">space</th><th scope="col">columns</th><th scope="col" class="prose">source</th><th scope="col" class="text">sha256</th></tr></thead>
<tbody>${alignment.spaces.map((space) => html`<tr><th scope="row">${space.name}</th><td>${space.columns}</td><td class="prose">${space.source}</td><td class="hash"><code>${space.sha256}</code></td></tr>`)}</tbody></table>`)}
<h2>Definitions</h2>
${scroll(html`<table><tbody>${Object.entries(alignment.definitions).map(([name, value]) => html`<tr><th scope="row">${name}</th><td class="prose">${value}</td></tr>`)}</tbody></table>`)}`;
}

const scroll = (inner: Content) => html`<div class="scroll">${inner}</div>`;
