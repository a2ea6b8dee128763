// What a reader takes away: figures as SVG and PNG with their font inside, and their data as CSV. Nothing is fetched.

/** Three times the size on the page: 300 dots an inch for a figure drawn at 100. */
const SCALE = 3;

export function download(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export function downloadText(name: string, type: string, text: string): void {
  download(name, new Blob([text], { type: `${type};charset=utf-8` }));
}

/** The drawing by itself, in its light colours, which stand in its attributes. */
export function standalone(svg: SVGElement): string {
  const copy = svg.cloneNode(true) as SVGElement;
  const style = document.createElementNS('http://www.w3.org/2000/svg', 'style');
  style.textContent = fontRules();
  copy.prepend(style);
  return new XMLSerializer().serializeToString(copy);
}

/** The page's own font, whose bytes stand in its style sheet. */
function fontRules(): string {
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
  return rules
    .filter((rule) => rule instanceof CSSFontFaceRule)
    .map((rule) => rule.cssText)
    .join('\n');
}

export async function pngOf(svg: SVGSVGElement): Promise<Blob> {
  const { width, height } = svg.viewBox.baseVal;
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(standalone(svg))}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(SCALE * width);
  canvas.height = Math.round(SCALE * height);
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the browser made no PNG'))), 'image/png'),
  );
}

/** The rows that are shown, as CSV; a minus becomes one that programs read. */
export function csvOfTable(table: HTMLTableElement): string {
  const rows = [...table.rows].filter(({ hidden }) => !hidden);
  return rows.map((row) => `${[...row.cells].map((cell) => csvField(cell.textContent ?? '')).join(',')}\n`).join('');
}

function csvField(text: string): string {
  const plain = text.trim().replaceAll('\u2212', '-');
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
