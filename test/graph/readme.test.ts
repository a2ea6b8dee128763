import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('the example of the README runs as it stands there, by the sub-paths of the package, and learns', () => {
  const [, example] = /```js\n([\s\S]*?)```/.exec(readFileSync('src/graph/README.md', 'utf8'))!;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', example], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number));
  expect(rows.map(([update]) => update)).toEqual([100, 200, 300]);
  expect(rows[2][1]).toBeLessThan(rows[0][1]);
  expect(rows[2][1]).toBeLessThan(1e-3); // the mean square of the sine itself is 0.5
});
