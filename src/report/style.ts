// The style sheet of the report page: one column of text, wide tables and figures, light and dark, screen and paper.
import { fontFaceRule } from './font.ts';
import { colours, darkColours } from './theme.ts';

const keys = Object.keys(colours) as (keyof typeof colours)[];

/** Figures carry their light colours as attributes; in the dark each is replaced by its counterpart, matched by value. */
const darkFigures = keys
  .map((key) => `svg [fill="${colours[key]}"]{fill:var(--${key})}svg [stroke="${colours[key]}"]{stroke:var(--${key})}`)
  .join('');

const variables = (palette: Record<string, string>) => keys.map((key) => `--${key}:${palette[key]}`).join(';');

export function style(): string {
  return `
${fontFaceRule()}
:root{color-scheme:light dark;${variables(colours)};--shade:#f4f6f7}
@media (prefers-color-scheme:dark){:root{${variables(darkColours)};--shade:#1d2125}${darkFigures}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:1.0625rem/1.55 "Source Sans 3","Source Sans Pro",system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;-webkit-text-size-adjust:100%}
main{max-width:62rem;margin:0 auto;padding:2.5rem 1.25rem 5rem}
h1,h2,p,.answer,dl{max-width:44rem}
h1{font-size:1.9rem;line-height:1.2;font-weight:600;margin:0 0 .3rem;text-wrap:balance}
h2{font-size:1.2rem;font-weight:600;line-height:1.3;margin:3rem 0 .4rem;text-wrap:balance}
p{margin:.4rem 0 .8rem}
.sub,.note,figcaption{color:var(--muted)}
.note,figcaption{font-size:.9rem;line-height:1.45;max-width:44rem}
.answer{margin:1.6rem 0 0;padding:.9rem 1.2rem .5rem;background:var(--shade);border-radius:6px}
.answer p{margin:0 0 .7rem}
.scroll{overflow-x:auto;margin:.8rem 0}
figure{margin:.8rem 0 0}
figure svg{display:block;max-width:100%;height:auto}
figure svg text{font-family:inherit}
table{border-collapse:collapse;font-size:.875rem;line-height:1.35;font-variant-numeric:tabular-nums}
th,td{padding:.28rem .6rem;text-align:right;vertical-align:baseline;font-weight:400;white-space:nowrap}
thead th{color:var(--muted)}
thead th[colspan]{text-align:center;color:var(--ink);font-weight:600}
th[scope=row],th[scope=col]:first-child,.text{text-align:left}
tbody{border-top:1px solid var(--line)}
table{border-bottom:1px solid var(--line)}
tbody tr:hover{background:var(--shade)}
.wide th,.wide td{padding:.28rem .42rem}
.wide .sd{display:block}
.wide .first{padding-left:1.1rem}
.sd{color:var(--muted);font-size:.92em}
td.prose,th.prose{white-space:normal;text-align:left;min-width:12rem;max-width:26rem}
code{font:.82rem/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere;white-space:normal}
td.hash code{white-space:nowrap}
.file{white-space:nowrap}
td.mono{text-align:left;white-space:normal;min-width:10rem}
${parts}
${explorer}
@media (max-width:40rem){main{padding:1.4rem 1rem 3rem}h1{font-size:1.5rem}figure svg{max-width:none;min-width:34rem;width:100%}.lists{grid-template-columns:1fr}.scroll th[scope=row]{white-space:normal;min-width:6rem;max-width:8.5rem}nav ol{columns:2}}
@media print{${paper}}
`;
}

const parts = `
section{scroll-margin-top:1rem}
a{color:var(--trained)}
:focus-visible{outline:2px solid var(--trained);outline-offset:2px}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:.5rem;background:var(--ground);padding:.3rem .6rem}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
nav{margin:1.4rem 0 0;font-size:.9rem}
nav ol{margin:0;padding-left:1.4rem;columns:3;max-width:44rem}
.bar{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;max-width:none;font-size:.9rem}
.field{display:inline-flex;gap:.4rem;align-items:center}
button,select,input{font:inherit;color:var(--ink);background:var(--ground);border:1px solid var(--chance);border-radius:4px;padding:.15rem .5rem}
button,summary{cursor:pointer}
button:hover{background:var(--shade)}
thead th button{border:0;background:none;padding:0;color:inherit;font-weight:inherit;text-decoration:underline dotted;text-underline-offset:.25em}
th[aria-sort=ascending] button::after{content:" \\2191"}
th[aria-sort=descending] button::after{content:" \\2193"}
.sortable th,.sortable td{padding:.28rem .42rem}
.sortable .sd{display:block}
.exports{font-size:.8rem;margin:.3rem 0}`;

/** The interactive heatmap, its drill-down and its table; where they are, the drawn heatmap is for paper. */
const explorer = `
.explored figure[data-figure=heatmap]>.scroll{display:none}
.grid{border:0;line-height:1.1}
.grid th,.grid td{padding:1px;border:0}
.grid thead th{vertical-align:bottom;text-align:center;color:var(--ink)}
.grid thead span{display:inline-block;writing-mode:vertical-rl;transform:rotate(180deg);max-height:11rem}
.grid th[scope=row]{padding-right:.5rem}
.grid tbody,.grid tbody tr:hover{border:0;background:none}
.grid button{position:relative;width:3.6rem;height:2.6rem;padding:0;border:0;border-radius:3px;display:grid;place-content:center;text-align:center}
.grid button small{font-size:.72rem}
.grid button.within-chance{outline:1.5px dashed currentColor;outline-offset:-4px}
.grid button:hover,.grid button:focus-visible{box-shadow:0 0 0 2px var(--ground),0 0 0 4px var(--ink)}
.readout{min-height:6.2rem;font-size:.9rem;line-height:1.45;margin:.6rem 0}
.readout b,.readout span{display:block;font-variant-numeric:tabular-nums}
.panel{border:1px solid var(--chance);border-radius:6px;padding:.4rem 1.1rem 1rem;margin:1rem 0}
.panel h3{margin:.4rem 0;font-size:1.1rem}
.panel h4{margin:1.2rem 0 .2rem;font-size:1rem}
.panel h5{margin:.2rem 0;font-size:.9rem;font-weight:600}
.scroll th[scope=row]{position:sticky;left:0;background:var(--ground);z-index:1}
.sharing thead th{white-space:normal}
.panel .close{margin-left:auto}
.sentences{max-height:32rem;overflow-y:auto;border-top:1px solid var(--line)}
.sentences details{border-bottom:1px solid var(--line);padding:.2rem 0}
.sentences summary b{font-weight:600}
.lists{display:grid;grid-template-columns:1fr 1fr;gap:0 1.5rem;font-size:.875rem}
.lists ol{margin:.2rem 0 .6rem;padding-left:2rem}
.lists small{color:var(--muted)}
.agreed b{font-weight:600}`;

/** Chromium keeps a title with its drawing only in a flex column, and a table whole only in an inline block, which a long one must not be. */
const paper = `:root{${variables(colours)};--shade:#fff}
@page{size:A4;margin:14mm 12mm}
html{font-size:10.5pt}
main{max-width:none;padding:0}
nav,.bar,.skip,.readout,#explorer>*{display:none}
#explorer>*:has(.panel){display:block}
.explored figure[data-figure=heatmap]>.scroll{display:block}
h2,h3,h4,section .note{break-after:avoid}
figcaption{break-before:avoid}
figure,tr,table,.note,.answer,svg,.kept{break-inside:avoid}
.kept{display:flex;flex-direction:column}
.sentences details:not([open]){display:none}
figure svg{max-width:100%;max-height:22cm}
.scroll{overflow:visible}
.scroll:has(table):not(:has(.prose,tr:nth-child(36))){display:inline-block;width:100%}
.sentences{max-height:none;overflow:visible}
thead{display:table-header-group}
table{font-size:.7rem}
code{font-size:.95em}
th,td{padding:.16rem .3rem}
.wide .sd,.sortable .sd{display:block}
th,td,thead th,td.hash code{white-space:normal}
.sortable td{white-space:nowrap}
.sortable th,.sortable td{padding:.16rem .25rem}
.scroll th[scope=row]{position:static}
td.prose,th.prose{min-width:0}
.answer{border:1px solid var(--line)}
a{color:inherit;text-decoration:none}`;
