// What the runtime must not do behind the user's back.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('a session leaves no telemetry in the temporary folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'alva-onnx-'));
  const program = `
    const { openSession } = await import('alva/onnx');
    const session = await openSession('test/golden/embed/tiny-causal/onnx/model.onnx', { threads: 1 });
    await session.close();
    console.log('opened', process.env.ORT_DISABLE_TELEMETRY);`;
  const { ORT_DISABLE_TELEMETRY: _, ...env } = process.env;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    env: { ...env, TMPDIR: folder },
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(stdout).toBe('opened 1\n');
  expect(readdirSync(folder)).toEqual([]);
});
