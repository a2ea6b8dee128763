import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/temporary.ts',
    // The addon and ONNX Runtime own threads of their own: one process for each file keeps them apart.
    pool: 'forks',
    // Vitest leaves a core free for itself, which would be half of a machine of two.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 30_000,
    hookTimeout: 60_000,
    env: { ALVA_GOLDEN: process.env.ALVA_GOLDEN ?? 'test/golden' },
  },
});
