// The public entry of `alva/graph`; nothing inside alva imports it.
export * from './adamw.ts';
export * from './averaging.ts';
export * from './convolutions.ts';
export { gradients } from './gradients.ts';
export * from './graph.ts';
export { rebuilt } from './imported.ts';
export * from './layers.ts';
export * from './loops.ts';
export { type ModelOptions, onnxModel } from './model.ts';
export { readModelFile, type StoredModel, type StoredTensor } from './modelfile.ts';
export * from './operators.ts';
export { noGradient, type Rule, rules } from './rules.ts';
