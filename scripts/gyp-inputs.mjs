// Answers what binding.gyp asks: the sources of a folder listing, and what to link with.
import { adviceOnBlas, findBlas } from './blas.mjs';
import { root } from './build-native.mjs';
import { filesBelow } from './stamps.mjs';

const answers = {
  sources: () => ['core', 'binding'].flatMap((folder) => filesBelow(root, `native/${folder}`, ['.cpp'])),
  libraries: () => blas().flags.map(quoted),
  defines: () => (blas().openblas ? ['ALVA_OPENBLAS'] : []),
};

/** gyp splits its answer as a shell does, make takes $$ for $, and then a shell reads the line: $ORIGIN has to outlive all three. */
function quoted(flag) {
  return `'${flag.replaceAll('$', '\\$$$$')}'`;
}

function blas() {
  const found = findBlas(root);
  if (!found) throw new Error(adviceOnBlas);
  return found;
}

console.log(answers[process.argv[2]]().join('\n'));
