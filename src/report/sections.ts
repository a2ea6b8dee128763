// The parts of the page: figures and tables, each with the words that a reader needs to judge them.
import type { AlignmentRecord } from '../base/records.ts';
import type { SuccessRecord } from '../base/trainingrecords.ts';
import { comparisonsOf, tiedFamilies } from './comparisons.ts';
import { hasAlm, headlineK, label } from './families.ts';
import type { Figure } from './figures.ts';
import { type Content, html, type Markup, trusted } from './markup.ts';
import { seedTable, successTable, testTable, trajectoryTable, verbTable, withinTable } from './pagetables.ts';
import type { PaperStatement } from './paper.ts';
import { paperTable } from './papertable.ts';
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

export function besidePaper(alignment: AlignmentRecord): Markup {
  const seeds = comparisonsOf(alignment)[0].disparity.n;
  return html`<h2>Beside the paper’s Table 1</h2>
<p class="note">Mean P@k with its standard deviation over replications: ten in the paper, ${seeds} here. A difference is this run’s less the paper’s; it is within sd where it is no more than the larger of the two standard deviations. It is taken where this run has a space of the same model, known by its name, and for random vectors; a model of the paper that was not run has an empty right side, and ours stand under their own names.</p>
${scroll('The paper’s Table 1 beside this run', paperTable(alignment))}`;
}

export function againstChance(alignment: AlignmentRecord): Markup {
  const k = headlineK(alignment);
  const title = hasAlm(alignment) ? 'Against chance, and against the network before training' : 'Against chance';
  return html`<h2>${title}</h2>
<p class="note">Chance is the mean over all joint relabellings of the sentences; z is the distance from it in their standard deviations, mean over seeds; p is the largest of any seed, (b + 1) / (m + 1) of m = ${alignment.permutations} relabellings for P@${k}; the interval over items (see precision_interval) spans those of the seeds; corrected, by the largest z that a relabelling reaches over all pairs and k of this run (Westfall and Young). A small p only says that two spaces share more than chance: shared words are enough for that, as the control rows show.${hasAlm(alignment) ? ' The shuffled network learned from the same demonstrations with their instructions permuted among the episodes: it learned to act, and nothing of what the words mean.' : ''}</p>
${scroll(title, testTable(alignment))}
${tieNotes(alignment)}`;
}

export function withinGroups(alignment: AlignmentRecord): Content {
  const within = comparisonsOf(alignment).length > 0 ? withinTable(alignment) : null;
  if (within === null) return '';
  return html`<h2>What is left within a group of sentences</h2>
<p class="note">The same test where sentences are relabelled only among those that share what heads the columns. Where the chance of such a test comes near the value, the grouping by itself gives the alignment. Share is how much of P@k above chance the grouping accounts for, mean over seeds: 0 for a grouping that means nothing, 1 where the spaces share nothing but the groups, more where they share less than that; a dash where P@k is not above chance. Shares do not add up.</p>
${scroll('What is left within a group of sentences', within)}`;
}

function tieNotes(alignment: AlignmentRecord): Content {
  const tied = tiedFamilies(alignment)
    .filter(({ a, b }) => a !== 'random' && b !== 'random')
    .map(({ a, b, min, max }) => `${label(a)} with ${label(b)} ${decimal(min, 3)} to ${decimal(max, 3)}`);
  if (tied.length === 0) return '';
  return html`<p class="note">Equal similarities leave P@${headlineK(alignment)} open; here ties go to the lowest index. Over all ways to break them: ${tied.join('; ')}.</p>`;
}

export function successTables(success: readonly SuccessRecord[]): Markup {
  return html`<p class="note">Two intervals that answer two questions. Over seeds: that of the mean, by Student’s t; what other seeds could give, and nothing for a single seed. Over levels: from the lowest to the highest bound of the seeds’ Wilson intervals; what other levels could give to these seeds.</p>
${scroll('Success by task', successTable(success))}${scroll('Success by verb phrase', verbTable(success))}${scroll('Success of each seed', seedTable(success))}`;
}

export function trainingTable(alignment: AlignmentRecord): Content {
  if ((alignment.training ?? []).length === 0) return '';
  return scroll('P@k and PICK-UP success over training', trajectoryTable(alignment));
}

/** `before` stands between the title and the drawing. On paper the title stays with the drawing. */
export function figureMarkup({ name, title, caption, svg, absence }: Figure, before: Content = ''): Markup {
  if (svg === null) return html`<h2>${title}</h2>${before}<p class="note">Not drawn: ${absence}.</p>`;
  return html`<div class="kept"><h2>${title}</h2>${before}
<figure data-figure="${name}"><div class="scroll" tabindex="0" role="group" aria-label="${title}">${trusted(labelled(svg, title))}</div>
<figcaption>${caption} <span class="file">figures/${name}.svg, .png, .pdf</span></figcaption></figure></div>`;
}

/** A reader that cannot see the drawing hears its title and not its marks, one by one; the caption and the tables carry the numbers. */
function labelled(svg: string, title: string): string {
  return svg
    .replaceAll(/ (role|aria-[a-z]+)="[^"]*"/g, '')
    .replace('<svg ', () => html`<svg role="img" aria-label="${title}" `.text);
}

export function paperSays(statements: readonly PaperStatement[]): Markup {
  const said = statements.map(({ what, low, high }) => `${what} ${decimal(low, 2)} to ${decimal(high, 2)}`).join('; ');
  return html`<p class="note">The paper (${statements[0].place}): ${said}.</p>`;
}

export function decisions(config: readonly ConfigRow[]): Content {
  if (config.length === 0) return '';
  return html`<h2>Where alva decides</h2>
<p class="note">What this run took for every choice, and what the paper says of it; where it is silent or can be read in two ways, why alva took this.</p>
${scroll(
  'Where alva decides',
  html`<table class="prose"><thead><tr><th scope="col">field</th><th scope="col" class="prose">value</th><th scope="col" class="prose">what it does</th><th scope="col" class="prose">the paper</th></tr></thead>
<tbody>${config.map((row) => html`<tr><th scope="row"><code>${row.field}</code></th><td class="mono"><code>${row.value}</code></td><td class="prose">${row.help}</td><td class="prose">${row.paper}</td></tr>`)}</tbody></table>`,
)}`;
}

export function provenance(alignment: AlignmentRecord, rows: readonly ProvenanceRow[]): Markup {
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
${scroll('Where the numbers come from', html`<table><tbody>${all.map(({ name, value }) => line(name, value))}</tbody></table>`)}
<h2>The spaces</h2>
${scroll(
  'The spaces',
  html`<table><thead><tr><th scope="col">space</th><th scope="col">columns</th><th scope="col" class="prose">source</th><th scope="col" class="text">sha256</th></tr></thead>
<tbody>${alignment.spaces.map((space) => html`<tr><th scope="row">${space.name}</th><td>${space.columns}</td><td class="prose">${space.source}</td><td class="hash"><code>${space.sha256}</code></td></tr>`)}</tbody></table>`,
)}
<h2>Definitions</h2>
${scroll('Definitions', html`<table class="prose"><tbody>${Object.entries(alignment.definitions).map(([name, value]) => html`<tr><th scope="row">${name}</th><td class="prose">${value}</td></tr>`)}</tbody></table>`)}`;
}

/** What is wider than the page scrolls by itself, by keyboard too. */
const scroll = (name: string, inner: Content) =>
  html`<div class="scroll" tabindex="0" role="group" aria-label="${name}">${inner}</div>`;
