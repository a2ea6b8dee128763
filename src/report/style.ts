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
.file{white-space:nowrap;opacity:.8}
td.mono{text-align:left;white-space:normal;min-width:10rem}
@media (max-width:40rem){main{padding:1.4rem 1rem 3rem}h1{font-size:1.5rem}figure svg{max-width:none;min-width:34rem;width:100%}th[scope=row]{position:sticky;left:0;background:var(--ground)}}
@media print{:root{${variables(colours)};--shade:#fff}main{max-width:none;padding:0}h2{break-after:avoid}figure,tr,.answer{break-inside:avoid}.scroll{overflow:visible}table{font-size:.68rem}td.hash code{white-space:normal}.answer{border:1px solid var(--line)}}
`.trim();
}
