import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { AlvaError } from '../../src/base/errors.ts';
import { readModelConfig } from '../../src/embed/modelconfig.ts';
import { scratch } from '../base/scratch.ts';

const at = scratch();

function read(config: unknown) {
  writeFileSync(at('config.json'), JSON.stringify(config));
  return readModelConfig(at('config.json'));
}

test('a config is read as it is; what is null is not there', () => {
  const config = {
    architectures: ['BertModel'],
    hidden_size: 16,
    text_config: { projection_dim: 8, max_position_embeddings: 77 },
    vocab: { '[CLS]': [1] },
  };
  expect(read(config)).toEqual(config);
  expect(read({ architectures: null, n_layer: null, text_config: null, hidden_size: 4 })).toEqual({ hidden_size: 4 });
});

describe('refused, naming the file:', () => {
  test.each([
    [null, 'it to be an object, got null'],
    [[1], 'it to be an object, got a list'],
    ['{}', 'it to be an object, got a string'],
    [{ architectures: 'BertModel' }, 'its architectures to be a list of texts, got a string'],
    [{ architectures: [null] }, 'its architectures to be a list of texts, got another list'],
    [{ architectures: { 0: 'BertModel' } }, 'its architectures to be a list of texts, got an object'],
    [{ num_hidden_layers: '2' }, 'its num_hidden_layers to be a number, got a string'],
    [{ text_config: 5 }, 'its text_config to be an object, got a number'],
    [
      { text_config: { max_position_embeddings: [] } },
      'its text_config.max_position_embeddings to be a number, got a list',
    ],
  ])('%j', (config, why) => {
    expect(() => read(config)).toThrow(
      new AlvaError(`cannot read ${at('config.json')}: expected ${why}; take the config.json that came with the model`),
    );
  });
});
