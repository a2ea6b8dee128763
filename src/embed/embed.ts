// The public entry of `alva/embed`: spaces from files, from controls, and from pretrained models.

export { sentencesHash } from '../base/files.ts';
export { type Random, randomFrom } from '../base/random.ts';
export { bagOfWords, randomSpace, verbOnly } from './controls.ts';
export { embedLayers, embedWithModel, type ModelRequest } from './encoding.ts';
export type { EngineName, Layers, Pooling } from './engine.ts';
export { fetchedModel, type ModelFiles, modelFor } from './fetched.ts';
export { type FileOptions, type MatchedSpace, spaceFromFile } from './files.ts';
export { models } from './models.ts';
export { readSentences, type SentenceList } from './sentences.ts';
export { readSpace, requireSameSentences, type Space, writeSpace } from './space.ts';
export type { Model } from './table.ts';
