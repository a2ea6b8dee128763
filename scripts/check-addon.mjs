// Loads the addon and asks it who built it: for CI, which builds it in both ways.
import { createRequire } from 'node:module';
import { addonPath } from './build-native.mjs';

const { blas, compiler, builder } = createRequire(import.meta.url)(addonPath).buildInfo();
console.log(`addon by ${builder}, ${compiler}, ${blas}`);
if (builder !== process.argv[2]) throw new Error(`expected an addon by ${process.argv[2]}, got one by ${builder}`);
