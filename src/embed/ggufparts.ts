// Large GGUF models come in several files: NAME-00001-of-00003.gguf and so on, of which llama.cpp is told the first.
import { missing } from '../base/errors.ts';

const PART = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/;

/** Of GGUF files, those that stand for a model: whole ones, and the first of several. */
export function ggufModels(names: readonly string[]): string[] {
  return names.filter((name) => name.endsWith('.gguf') && (PART.exec(name)?.[2] ?? '00001') === '00001');
}

/** The files of the model that `first` stands for, in order; throws where some of them are not among `names`. */
export function ggufParts(first: string, names: readonly string[]): string[] {
  const match = PART.exec(first);
  if (!match) return [first];
  const [, stem, , count] = match;
  const numbers = Array.from({ length: Number(count) }, (_, i) => String(i + 1).padStart(5, '0'));
  const parts = numbers.map((number) => `${stem}-${number}-of-${count}.gguf`);
  const here = new Set(names);
  const absent = parts.filter((part) => !here.has(part));
  const shown = absent.slice(0, 5).join(', ') + (absent.length > 5 ? ` and ${absent.length - 5} more` : '');
  if (absent.length > 0) throw missing(`${shown}, parts of ${first}`, 'put all parts into one folder');
  return parts;
}
