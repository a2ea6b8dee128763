// The only file that loads the addon. Every native function is declared here; all of them borrow the caller's buffers for the call.
import { createRequire } from 'node:module';
import { AlvaError } from './base/errors.ts';

export interface Native {
  /** What the addon was built with, for `alva doctor`: e.g. { blas: 'OpenBLAS 0.3.21 ...', compiler: 'g++ 12.2.0', builder: 'cmake-js' }. */
  buildInfo(): { blas: string; compiler: string; builder: string };

  /** Draws n views (n x 147 codes) as n 64x64 RGB images (n x 64 x 64 x 3) into `out`. */
  renderViews(codes: Uint8Array, resized: boolean, out: Uint8Array): void;
}

export const native: Native = load();

function load(): Native {
  try {
    return createRequire(import.meta.url)('../build/Release/alva.node') as Native;
  } catch (error) {
    throw new AlvaError(`cannot load the native addon: ${(error as Error).message}; run "npm run setup" to build it`);
  }
}
