// A canvas that writes PDF: what Vega draws on it becomes paths and text, with the font embedded.
import { fontFiles, textWidth } from './font.ts';
import { darkOf } from './theme.ts';

type Document = PDFKit.PDFDocument;
type Paint = string | PDFKit.PDFGradient;
type Point = readonly [x: number, y: number];

const pointsPerPixel = 0.75;

/** Draws with `draw` on a page of `width` by `height` pixels. The same drawing gives the same bytes: the date it tells is that of no clock. */
export async function pdfOf(
  width: number,
  height: number,
  theme: 'light' | 'dark',
  draw: (context: object) => Promise<unknown>,
): Promise<Uint8Array> {
  const { default: PDFDocument } = await import('pdfkit');
  const size: [number, number] = [width * pointsPerPixel, height * pointsPerPixel];
  const document = new PDFDocument({ size, margin: 0, info: { Creator: 'alva', CreationDate: new Date(0) } });
  const parts: Buffer[] = [];
  const done = new Promise((resolve, reject) => {
    document.on('data', (part: Buffer) => parts.push(part));
    document.on('end', resolve);
    document.on('error', reject);
  });
  for (const [i, name] of ['regular', 'semibold'].entries()) document.registerFont(name, fontFiles[i]);
  document.scale(pointsPerPixel);
  await draw(new PdfContext(document, theme === 'dark' ? darkOf : (colour) => colour));
  document.end();
  await done;
  return Buffer.concat(parts);
}

/** What a canvas keeps and restores beside the transform. */
interface State {
  fillStyle: Paint;
  strokeStyle: Paint;
  globalAlpha: number;
  lineWidth: number;
  lineCap: 'butt' | 'round' | 'square';
  lineJoin: 'miter' | 'round' | 'bevel';
  miterLimit: number;
  font: string;
  textAlign: 'left' | 'start' | 'center' | 'right' | 'end';
  dash: readonly number[];
  transform: Transform;
}

/** x' = a x + c y + e, y' = b x + d y + f */
type Transform = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** The part of a canvas context that Vega's renderer uses (HTML standard, 4.12.5.1). */
class PdfContext implements State {
  fillStyle: Paint = '#000000';
  strokeStyle: Paint = '#000000';
  globalAlpha = 1;
  lineWidth = 1;
  lineCap: State['lineCap'] = 'butt';
  lineJoin: State['lineJoin'] = 'miter';
  miterLimit = 10;
  font = '11px';
  textAlign: State['textAlign'] = 'start';
  dash: readonly number[] = [];
  transform: Transform = [1, 0, 0, 1, 0, 0];
  lineDashOffset = 0;
  readonly document: Document;
  private readonly shown: (colour: string) => string;
  private readonly saved: State[] = [];
  /** A canvas keeps its path when it was filled or moved on, PDF does not: so it is held on the page's own axes, and told anew. */
  private path: Segment[] = [];

  constructor(document: Document, shown: (colour: string) => string) {
    this.document = document;
    this.shown = shown;
  }

  save() {
    const {
      fillStyle,
      strokeStyle,
      globalAlpha,
      lineWidth,
      lineCap,
      lineJoin,
      miterLimit,
      font,
      textAlign,
      dash,
      transform,
    } = this;
    this.saved.push({
      fillStyle,
      strokeStyle,
      globalAlpha,
      lineWidth,
      lineCap,
      lineJoin,
      miterLimit,
      font,
      textAlign,
      dash,
      transform,
    });
    this.document.save();
  }

  restore() {
    Object.assign(this, this.saved.pop());
    this.document.restore();
  }

  scale(x: number, y: number) {
    this.change([x, 0, 0, y, 0, 0]);
  }

  translate(x: number, y: number) {
    this.change([1, 0, 0, 1, x, y]);
  }

  rotate(radians: number) {
    const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
    this.change([cos, sin, -sin, cos, 0, 0]);
  }

  private change([a, b, c, d, e, f]: Transform) {
    const [a0, b0, c0, d0] = this.transform;
    const [x, y] = applied(this.transform, [e, f]);
    this.transform = [a0 * a + c0 * b, b0 * a + d0 * b, a0 * c + c0 * d, b0 * c + d0 * d, x, y];
    this.document.transform(a, b, c, d, e, f);
  }

  beginPath() {
    this.path = [];
  }

  moveTo(...to: Point) {
    this.add('moveTo', to);
  }

  lineTo(...to: Point) {
    this.add('lineTo', to);
  }

  bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number) {
    this.add('bezierCurveTo', [x1, y1], [x2, y2], [x, y]);
  }

  rect(x: number, y: number, width: number, height: number) {
    this.moveTo(x, y);
    this.lineTo(x + width, y);
    this.lineTo(x + width, y + height);
    this.lineTo(x, y + height);
    this.closePath();
  }

  closePath() {
    this.add('closePath');
  }

  private add(kind: Segment['kind'], ...points: Point[]) {
    this.path.push({ kind, points: points.map((point) => applied(this.transform, point)) });
  }

  /** Bézier curves of a quarter of a turn at most, off a circle by 0.03 % of its radius. */
  arc(x: number, y: number, radius: number, from: number, to: number, isCounterclockwise = false) {
    const turn = isCounterclockwise ? Math.min(to - from, 0) : Math.max(to - from, 0);
    const pieces = Math.max(1, Math.ceil(Math.abs(turn) / (Math.PI / 2) - 1e-9));
    const step = turn / pieces;
    const handle = (4 / 3) * Math.tan(step / 4) * radius;
    const at = (angle: number, along: number): Point => [
      x + radius * Math.cos(angle) - along * Math.sin(angle),
      y + radius * Math.sin(angle) + along * Math.cos(angle),
    ];
    if (this.path.length === 0) this.moveTo(...at(from, 0));
    else this.lineTo(...at(from, 0));
    for (let i = 0; i < pieces; i++) {
      const angle = from + i * step;
      this.bezierCurveTo(...at(angle, handle), ...at(angle + step, -handle), ...at(angle + step, 0));
    }
  }

  clip() {
    this.draw();
    this.document.clip();
  }

  fill() {
    this.draw();
    this.document.fillOpacity(this.globalAlpha).fill(this.paintOf(this.fillStyle));
  }

  stroke() {
    this.draw();
    this.useStroke();
    this.document.stroke(this.paintOf(this.strokeStyle));
  }

  fillRect(x: number, y: number, width: number, height: number) {
    this.document.rect(x, y, width, height).fillOpacity(this.globalAlpha).fill(this.paintOf(this.fillStyle));
  }

  setLineDash(dash: readonly number[]) {
    this.dash = dash;
  }

  createLinearGradient(x1: number, y1: number, x2: number, y2: number) {
    const gradient = this.document.linearGradient(x1, y1, x2, y2);
    return Object.assign(gradient, {
      addColorStop: (at: number, colour: string) => gradient.stop(at, hexOf(colour)),
    });
  }

  fillText(text: string, x: number, y: number) {
    this.document.fillOpacity(this.globalAlpha).fillColor(this.paintOf(this.fillStyle));
    this.write(text, x, y, {});
  }

  strokeText(text: string, x: number, y: number) {
    this.useStroke();
    this.document.strokeColor(this.paintOf(this.strokeStyle));
    this.write(text, x, y, { stroke: true, fill: false });
  }

  measureText(text: string) {
    return { width: textWidth(text, this.size, this.isBold) };
  }

  private get size(): number {
    return Number(/([\d.]+)px/.exec(this.font)![1]);
  }

  private get isBold(): boolean {
    return /\b(?:bold|[6-9]00)\b/.test(this.font);
  }

  private write(text: string, x: number, y: number, options: PDFKit.Mixins.TextOptions) {
    const { document, textAlign, size } = this;
    document.font(this.isBold ? 'semibold' : 'regular').fontSize(size);
    const share = textAlign === 'center' ? 0.5 : textAlign === 'right' || textAlign === 'end' ? 1 : 0;
    const left = x - share * document.widthOfString(text);
    document.text(text, left, y, { ...options, lineBreak: false, baseline: 'alphabetic' });
  }

  private paintOf(paint: Paint): Paint {
    return typeof paint === 'string' ? this.shown(hexOf(paint)) : paint;
  }

  private draw() {
    const back = inverse(this.transform);
    for (const { kind, points } of this.path) {
      const [x1, y1, x2, y2, x3, y3] = points.flatMap((point) => applied(back, point));
      if (kind === 'closePath') this.document.closePath();
      else if (kind === 'bezierCurveTo') this.document.bezierCurveTo(x1, y1, x2, y2, x3, y3);
      else this.document[kind](x1, y1);
    }
  }

  private useStroke() {
    const { document, dash } = this;
    document.lineWidth(this.lineWidth).strokeOpacity(this.globalAlpha);
    document.lineCap(this.lineCap).lineJoin(this.lineJoin).miterLimit(this.miterLimit);
    // A gap of no length is none, which PDF has no dash for.
    if (dash.every((length, i) => i % 2 === 0 || length === 0)) document.undash();
    else document.dash([...dash] as unknown as number, { phase: this.lineDashOffset });
  }
}

interface Segment {
  readonly kind: 'moveTo' | 'lineTo' | 'bezierCurveTo' | 'closePath';
  readonly points: readonly Point[];
}

function applied([a, b, c, d, e, f]: Transform, [x, y]: Point): Point {
  return [a * x + c * y + e, b * x + d * y + f];
}

function inverse([a, b, c, d, e, f]: Transform): Transform {
  const area = a * d - b * c;
  return [d / area, -b / area, -c / area, a / area, (c * f - d * e) / area, (b * e - a * f) / area];
}

/** Of `rgb(1, 2, 3)`, as Vega's gradients have it. */
function hexOf(colour: string): string {
  const parts = /^rgb\((\d+), ?(\d+), ?(\d+)\)$/.exec(colour);
  return parts
    ? `#${parts
        .slice(1)
        .map((part) => Number(part).toString(16).padStart(2, '0'))
        .join('')}`
    : colour;
}
