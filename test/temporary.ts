// The folder that all tests of a run have their own temporary ones in: whatever they leave there goes with it.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'alva-tests-'));
  chmodSync(folder, 0o1777); // as of the system's own: some tests run alva as another user
  process.env[process.platform === 'win32' ? 'TEMP' : 'TMPDIR'] = folder;
  return () => {
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    } catch (error) {
      console.warn(`${folder} could not be taken away: ${error}`);
    }
  };
}
