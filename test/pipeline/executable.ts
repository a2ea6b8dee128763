// The real executable, called as a user calls it.
import { spawnSync } from 'node:child_process';

export const executable = 'dist/cli/alva.js';

export function alva(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [executable, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}
