// The only file that loads the addon. Every native function is declared here; all of them borrow the caller's buffers for the call.
import { createRequire } from 'node:module';
import { AlvaError } from './base/errors.ts';

export interface Native {
  /** What the addon was linked with, for `alva doctor`: e.g. { blas: 'OpenBLAS 0.3.21 ...', compiler: 'g++ 12.2.0' }. */
  buildInfo(): { blas: string; compiler: string };
}

export const native: Native = load();

function load(): Native {
  try {
    return createRequire(import.meta.url)('../build/Release/alva.node') as Native;
  } catch (error) {
    throw new AlvaError(`cannot load the native addon: ${(error as Error).message}; run "npm run setup" to build it`);
  }
}
