// The public entry of `alva/embed`: spaces from files, from controls, and from pretrained models.

export { sentencesHash } from '../base/files.ts';
export { bagOfWords, randomSpace, verbOnly } from './controls.ts';
export { embedLayers, embedWithModel, type ModelRequest } from './encoding.ts';
export type { Layers, Pooling } from './engine.ts';
export { type Model, models } from './models.ts';
export { readSpace, requireSameSentences, type Space, writeSpace } from './space.ts';
