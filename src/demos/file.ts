// demos.safetensors: demonstrations on disk, checked when they are read.
import { AlvaError } from '../base/errors.ts';
import { sentencesHash } from '../base/files.ts';
import { readSafetensors, type Tensor, type TensorValues, writeSafetensors } from '../base/tensors.ts';
import { actionNames } from '../world/grid.ts';
import type { Instruction } from '../world/instructions.ts';
import { VIEW_BYTES } from '../world/view.ts';
import type { Demos, DemosRequest } from './record.ts';

const FORMAT = 'alva demos 1';
const N_INSTRUCTIONS = 108;
/** Object, colour and state codes are below these. */
const codeLimits = [8, 6, 3];

/** What demonstrations say of themselves besides their numbers, as text. */
export type DemosMetadata = Record<string, string>;

/** Where demonstrations come from: enough to record the same ones again. */
export function demosMetadata(request: DemosRequest): DemosMetadata {
  return {
    sentences: sentencesHash(request.instructions.map(({ sentence }) => sentence)),
    demonstrator: request.demonstrator,
    seed: String(request.seed),
    episodes: String(request.episodes),
    distractors: String(request.level.distractors),
    maxSteps: String(request.level.maxSteps),
  };
}

/** Writes demonstrations whole or not at all. The same demonstrations and metadata give the same bytes. */
export function writeDemos(path: string, demos: Demos, metadata: DemosMetadata = {}): void {
  const { views, actions, instructions, starts } = demos;
  const tensors = {
    views: { shape: [actions.length, VIEW_BYTES], values: views },
    actions: { shape: [actions.length], values: actions },
    instructions: { shape: [instructions.length], values: instructions },
    starts: { shape: [starts.length], values: starts },
  };
  writeSafetensors(path, tensors, { format: FORMAT, ...metadata });
}

/**
 * Reads demonstrations; an AlvaError names the file and what in it is not as it should be. Where `instructions` are
 * given, demonstrations that were recorded for other sentences are refused.
 */
export function readDemos(
  path: string,
  instructions?: readonly Instruction[],
): Demos & { readonly metadata: DemosMetadata } {
  const { tensors, metadata } = readSafetensors(path);
  const refuse = (why: string) => new AlvaError(`cannot read ${path}: ${why}; record the demonstrations again`);
  if (metadata.format !== FORMAT) throw refuse(`expected format "${FORMAT}", got "${metadata.format ?? 'none'}"`);
  if (instructions && metadata.sentences !== sentencesHash(instructions.map(({ sentence }) => sentence)))
    throw refuse('it was recorded for other sentences than the 108 asked for');
  const one = <T extends TensorValues>(name: string, type: new (n: number) => T, ...shape: number[]): T => {
    const tensor: Tensor | undefined = tensors[name];
    if (!tensor) throw refuse(`it has no tensor "${name}"`);
    if (!(tensor.values instanceof type))
      throw refuse(`"${name}" is ${tensor.values.constructor.name}, not ${type.name}`);
    if (shape.length > 0 && tensor.shape.join() !== shape.join())
      throw refuse(`"${name}" has shape ${tensor.shape.join(' x ')}, not ${shape.join(' x ')}`);
    return tensor.values;
  };
  const actions = one('actions', Uint8Array);
  const views = one('views', Uint8Array, actions.length, VIEW_BYTES);
  const indices = one('instructions', Int32Array);
  const starts = one('starts', Int32Array, indices.length);
  const demos = { views, actions, instructions: indices, starts };
  const problem = problemOf(demos);
  if (problem) throw refuse(problem);
  return { ...demos, metadata };
}

function problemOf({ views, actions, instructions, starts }: Demos): string | undefined {
  const wrongCode = views.findIndex((code, i) => code >= codeLimits[i % 3]);
  if (wrongCode >= 0)
    return `view ${Math.floor(wrongCode / VIEW_BYTES)} holds code ${views[wrongCode]}, which is no tile`;
  const wrongAction = actions.findIndex((action) => action >= actionNames.length);
  if (wrongAction >= 0) return `action ${actions[wrongAction]} of step ${wrongAction} is not one of 0 to 5`;
  const wrong = instructions.findIndex((index) => index < 0 || index >= N_INSTRUCTIONS);
  if (wrong >= 0)
    return `instruction ${instructions[wrong]} of episode ${wrong} is not one of 0 to ${N_INSTRUCTIONS - 1}`;
  if (starts.length === 0) return 'it holds no episode';
  const isOutOfPlace = (start: number, i: number) =>
    i === 0 ? start !== 0 : start <= starts[i - 1] || start >= actions.length;
  const misplaced = starts.findIndex(isOutOfPlace);
  if (misplaced >= 0 || actions.length === 0)
    return `episode ${misplaced} starts at step ${starts[misplaced]}, out of place`;
  return undefined;
}
