import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('the example of the README runs as it stands there', () => {
  const [, example] = /```js\n([\s\S]*?)```/.exec(readFileSync('src/graph/README.md', 'utf8'))!;
  const program = `${example}\nconsole.log(session.outputs.join());`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(stdout.trim()).toBe('loss,dp,dq');
});
