// Imports in src go downward only.
import { expect, test } from 'vitest';
import { type Imports, importsOf, readImports, violations } from './layers.ts';

test('the imports of src keep to the layers', () => {
  const imports = readImports('src');
  expect(Object.keys(imports).length).toBeGreaterThan(5);
  expect(violations(imports)).toEqual([]);
});

const base = { 'base/errors.ts': [], 'base/files.ts': ['node:fs', './errors.ts'] };

test.each<[string, Imports]>([
  ['downward', { ...base, 'world/grid.ts': ['../base/errors.ts'], 'demos/record.ts': ['../world/grid.ts'] }],
  ['within a folder', { ...base, 'world/grid.ts': [], 'world/view.ts': ['./grid.ts', '../base/errors.ts'] }],
  ['the one importer', { 'native.ts': ['../build/Release/alva.node'], 'onnx.ts': ['onnxruntime-node'] }],
  ['the entry of the package', { 'world/grid.ts': [], 'alva.ts': ['./world/grid.ts'] }],
  ['files outside src', { 'report/page.ts': ['../../data/reference/README.md', '../../package.json'] }],
])('an import %s is allowed', (_, imports) => {
  expect(violations(imports)).toEqual([]);
});

test.each<[string, Imports, string]>([
  [
    'upward',
    { ...base, 'base/matrix.ts': ['../world/grid.ts'], 'world/grid.ts': [] },
    'upward: base/matrix.ts imports world/grid.ts',
  ],
  [
    'upward over several rows',
    { 'world/grid.ts': ['../cli/alva.ts'], 'cli/alva.ts': [] },
    'upward: world/grid.ts imports cli/alva.ts',
  ],
  [
    'sideways',
    { 'world/grid.ts': ['../graph/value.ts'], 'graph/value.ts': [] },
    'sideways: world/grid.ts imports graph/value.ts',
  ],
  [
    'sideways on the lowest row but one',
    { 'native.ts': ['./onnx.ts'], 'onnx.ts': [] },
    'sideways: native.ts imports onnx.ts',
  ],
  [
    'circular',
    { 'alm/model.ts': ['./tokens.ts'], 'alm/tokens.ts': ['./weights.ts'], 'alm/weights.ts': ['./model.ts'] },
    'circular: alm/model.ts -> alm/tokens.ts -> alm/weights.ts -> alm/model.ts',
  ],
  ['of itself', { 'alm/model.ts': ['./model.ts'] }, 'circular: alm/model.ts -> alm/model.ts'],
  [
    'of ONNX Runtime elsewhere',
    { 'alm/train.ts': ['onnxruntime-node'] },
    'alm/train.ts imports onnxruntime-node: only onnx.ts may',
  ],
  [
    'of the addon elsewhere',
    { 'world/view.ts': ['../../build/Release/alva.node'] },
    'world/view.ts imports ../../build/Release/alva.node: only native.ts may',
  ],
  [
    'of an entry from its own folder',
    { 'world/world.ts': [], 'world/grid.ts': ['./world.ts'] },
    'world/grid.ts imports world/world.ts: an entry is for users of the package',
  ],
  [
    'of an entry from above',
    { 'embed/embed.ts': [], 'cli/alva.ts': ['../embed/embed.ts'] },
    'cli/alva.ts imports embed/embed.ts: an entry is for users of the package',
  ],
  ['from an unknown folder', { 'utils/things.ts': [] }, 'utils/things.ts stands in no row of the layers'],
  ['from an unknown file', { 'index.ts': [] }, 'index.ts stands in no row of the layers'],
  [
    'of a missing file',
    { 'alm/model.ts': ['./gone.ts'] },
    'alm/model.ts imports ./gone.ts: there is no such file in src',
  ],
])('an import %s is refused', (_, imports, sentence) => {
  expect(violations(imports)).toEqual([sentence]);
});

test('every way to import is seen, and comments are not', () => {
  const source = `
    import { a } from '../base/a.ts';
    import type { B } from "../base/b.ts";
    import {
      c,
    } from './c.ts';
    import './d.ts';
    export { e } from './e.ts';
    const f = await import('./f.ts');
    const g = createRequire(import.meta.url)('../build/Release/g.node');
    new Worker(new URL('./h.ts', import.meta.url));
    require('onnxruntime-node');
    // import { x } from './x.ts';
    /* import { y } from './y.ts'; */
  `;
  const seen = ['../base/a.ts', '../base/b.ts', './c.ts', './d.ts', './e.ts', './f.ts', './h.ts', 'onnxruntime-node'];
  expect(importsOf(source)).toEqual([...seen, '../build/Release/g.node']);
});
