// Rendering views, beside MiniGrid's own renderer and beside memset, which is the limit of everything that writes images.
import { native } from '../../src/native.ts';
import { imageSide, renderViews, VIEW_BYTES, type ViewImage, viewCodes } from '../../src/world/view.ts';
import { Fillers } from '../filling.ts';
import { openPeer, type Peer } from '../peer.ts';
import { cpuTimed, type Figure, perThread, ratesInTurn } from '../trial.ts';
import { resizedPlainly } from './resizing.ts';
import { chosenActions, walk } from './walks.ts';

const VIEWS = 16_384;
const ROUNDS = 10;
const RIVAL_STEPS = 3000;
const STEPS = 100_000;
const BATCH = 1024;
const SEED = 1000;
const images: readonly ViewImage[] = ['partial', 'padded64', 'resized64'];
const GIGA = 1e9;

const bytesOf = (image: ViewImage) => 3 * imageSide(image) ** 2;

export async function* render(say: (line: string) => void): AsyncIterable<Figure> {
  const peer = openPeer('minigrid_world.py', 'requirements.txt', say);
  if (peer) say(`rival: ${JSON.stringify(await peer.ask('versions'))}`);
  say(
    `n: ${VIEWS} views of walks at once, ${ROUNDS} times; rival ${RIVAL_STEPS} views; forms: ${native.renderForms()}`,
  );
  const codes = walkedViews(VIEWS);
  const out = new Uint8Array(VIEWS * bytesOf('resized64'));
  const isVerified = isOneTruth(codes) && (await isSame(peer));
  yield* besideMinigrid(peer, codes, out, isVerified);
  peer?.close();
  yield* besideMemset(codes, out, isVerified);
}

/** The rival draws 56x56 and does not resize: its one rate stands beside all of ours. */
async function* besideMinigrid(
  peer: Peer | undefined,
  codes: Uint8Array,
  out: Uint8Array,
  verified: boolean,
): AsyncIterable<Figure> {
  for (const image of images) {
    const size = bytesOf(image);
    const drawn = out.subarray(0, VIEWS * size);
    const contenders = {
      ours: () => cpuTimed(() => rounds(() => renderViews(codes, image, drawn))),
      memset: () => cpuTimed(() => rounds(() => drawn.fill(3))),
      minigrid: peer?.timing('images', { steps: RIVAL_STEPS, seed: SEED, keep: false }),
    };
    const { ours, memset, minigrid } = await rated(contenders);
    const trial = `${image} rendered, ${minigrid === undefined ? 'to memory' : 'MiniGrid: partial'}, CPU time, 1 thread`;
    yield { trial, unit: ' images/s', ours, ...rivalled(ours, minigrid), limit: memset!, verified };
  }
  for (const image of images) {
    const contenders = {
      ours: () => cpuTimed(() => stepped(image)),
      minigrid: peer?.timing('steps_with_images', { steps: RIVAL_STEPS, seed: SEED }),
    };
    const { ours, minigrid } = await rated(contenders);
    const trial = `steps with ${image}${minigrid === undefined ? '' : ', MiniGrid: RGBImgPartialObsWrapper'}, CPU time, 1 thread`;
    yield { trial, unit: '/s', ours, ...rivalled(ours, minigrid), limit: null, verified };
  }
}

/** Every form of the renderer on one thread and on two, as bytes written, beside fills by as many threads. */
async function* besideMemset(codes: Uint8Array, out: Uint8Array, verified: boolean): AsyncIterable<Figure> {
  for (const threads of [1, 2]) {
    const fillers = new Fillers(threads, out.length);
    for (const image of images) {
      const drawn = out.subarray(0, VIEWS * bytesOf(image));
      const draw = (form: number) => () => rounds(() => renderViews(codes, image, drawn, { threads, form }));
      const forms = native.renderForms().map((name, form) => [name, () => perThread(threads, draw(form))] as const);
      const rates: Record<string, number> = await ratesInTurn({
        ...Object.fromEntries(forms),
        memset: () => fillers.fill(ROUNDS),
      });
      for (const [name] of forms) {
        const trial = `${image} to memory, ${name}, ${threads} thread${threads > 1 ? 's' : ''}`;
        const ours = (rates[name] * bytesOf(image)) / GIGA;
        yield { trial, unit: ' GB/s', ours, rivals: {}, ratio: null, limit: rates.memset / GIGA, verified };
      }
    }
    await fillers.close();
  }
}

function rounds(draw: () => unknown): number {
  for (let round = 0; round < ROUNDS; round++) draw();
  return ROUNDS * VIEWS;
}

type Contenders = Parameters<typeof ratesInTurn>[0];

/** The rates of those contenders that are there. */
async function rated(contenders: Readonly<Record<string, Contenders[string] | undefined>>): Promise<{
  ours: number;
  memset?: number;
  minigrid?: number;
}> {
  const there = Object.entries(contenders).filter(([, contender]) => contender !== undefined);
  return (await ratesInTurn(Object.fromEntries(there) as Contenders)) as { ours: number };
}

function rivalled(ours: number, minigrid: number | undefined): Pick<Figure, 'rivals' | 'ratio'> {
  if (minigrid === undefined) return { rivals: {}, ratio: null };
  return { rivals: { minigrid }, ratio: ours / minigrid };
}

/** Views of n steps of a walk through levels. */
function walkedViews(n: number): Uint8Array {
  const codes = new Uint8Array(n * VIEW_BYTES);
  let at = 0;
  walk(chosenActions(n), SEED, ({ room }) => {
    if (at < codes.length) viewCodes(room, codes, at);
    at += VIEW_BYTES;
  });
  return codes;
}

/** Steps, looks, and renders a batch of views whenever there is one: what an agent's training does. */
function stepped(image: ViewImage): number {
  const codes = new Uint8Array(BATCH * VIEW_BYTES);
  const drawn = new Uint8Array(BATCH * bytesOf(image));
  let at = 0;
  walk(chosenActions(STEPS), SEED, ({ room }) => {
    viewCodes(room, codes, at);
    at += VIEW_BYTES;
    if (at < codes.length) return;
    renderViews(codes, image, drawn);
    at = 0;
  });
  return STEPS;
}

/** Whether all forms agree, and resized64 is the plain resize of partial. */
function isOneTruth(codes: Uint8Array): boolean {
  const drawn = (image: ViewImage, form: number, threads: number) => {
    const out = new Uint8Array(VIEWS * bytesOf(image));
    renderViews(codes, image, out, { form, threads });
    return out;
  };
  const portable = native.renderForms().indexOf('portable');
  const agree = images.every((image) => {
    const reference = drawn(image, portable, 1);
    return native.renderForms().every((_, form) => Buffer.compare(drawn(image, form, 2), reference) === 0);
  });
  const partial = drawn('partial', 0, 1);
  const resized = drawn('resized64', 0, 1);
  const [from, to] = [bytesOf('partial'), bytesOf('resized64')];
  return (
    agree &&
    Array.from({ length: 500 }, (_, i) => resizedPlainly(partial.subarray(i * from, (i + 1) * from))).every(
      (image, i) => Buffer.compare(image, resized.subarray(i * to, (i + 1) * to)) === 0,
    )
  );
}

/** Whether MiniGrid's images of its own views are ours. */
async function isSame(peer: Peer | undefined): Promise<boolean> {
  if (peer === undefined) return false;
  const answer = await peer.ask<{ codes: string; pixels: string }>('images', { steps: 500, seed: SEED, keep: true });
  const codes = Uint8Array.from(Buffer.from(answer.codes, 'base64'));
  const pixels = Buffer.from(answer.pixels, 'base64');
  const out = new Uint8Array(pixels.length);
  renderViews(codes, 'partial', out);
  return Buffer.compare(out, pixels) === 0;
}
