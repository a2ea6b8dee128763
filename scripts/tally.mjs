// Sums up the counts of vitest (JSON) and CTest (JUnit) in one line, for CI.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** A file that fails before its first test has none to count: it counts as one failure. */
export function vitestCounts(report) {
  const broken = report.testResults.filter((file) => file.status === 'failed' && noneFailed(file)).length;
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken, skipped: report.numPendingTests };
}

const noneFailed = (file) => !file.assertionResults.some((test) => test.status === 'failed');

export function ctestCounts(xml) {
  const suite = /<testsuite\b[^>]*>/.exec(xml)?.[0] ?? '';
  const [tests, failed, skipped, disabled] = ['tests', 'failures', 'skipped', 'disabled'].map((name) =>
    Number(new RegExp(`\\b${name}="(\\d+)"`).exec(suite)?.[1] ?? 0),
  );
  return { passed: tests - failed - skipped - disabled, failed, skipped: skipped + disabled };
}

/** A report that is not there is a run that died: one failure. */
function counted(path, parse) {
  if (!existsSync(path)) return { passed: 0, failed: 1, skipped: 0 };
  return parse(readFileSync(path, 'utf8'));
}

function main([vitest, ctest]) {
  const all = [counted(vitest, (text) => vitestCounts(JSON.parse(text))), counted(ctest, ctestCounts)];
  const [passed, failed, skipped] = ['passed', 'failed', 'skipped'].map((name) =>
    all.reduce((sum, counts) => sum + counts[name], 0),
  );
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  if (failed > 0 || passed === 0) process.exitCode = 1;
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href)
  main(process.argv.slice(2));
