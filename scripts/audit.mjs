// Asks the registry for known flaws of the packages in the lock file; leaves with 1 where one is high or critical. A registry that cannot be asked is no failure.
import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const GRAVE = ['high', 'critical'];

/** What `npm audit --json` printed, as a sentence, and whether it is to be believed safe. */
export function verdictOn(stdout) {
  let report;
  try {
    report = JSON.parse(stdout);
  } catch {
    report = {};
  }
  const counts = report.metadata?.vulnerabilities;
  if (!report.auditReportVersion || !counts)
    return {
      isSafe: true,
      sentence: `not checked: the registry answers no audit${report.message ? ` (${report.message})` : ''}`,
    };
  const flaws = Object.values(report.vulnerabilities ?? {}).filter(({ severity }) => GRAVE.includes(severity));
  const named = flaws.map(({ name, severity, range }) => `${name} ${range} (${severity})`).join(', ');
  const nGrave = GRAVE.reduce((total, severity) => total + (counts[severity] ?? 0), 0);
  if (nGrave > 0)
    return { isSafe: false, sentence: `${nGrave} high or critical: ${named}; see "npm audit", update or replace them` };
  return {
    isSafe: true,
    sentence: `none high or critical among ${report.metadata.dependencies?.total} packages; ${counts.total} lower`,
  };
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  const { stdout } = spawnSync('npm', ['audit', '--json', '--fetch-retries=1', '--fetch-timeout=30000'], {
    encoding: 'utf8',
  });
  const { isSafe, sentence } = verdictOn(stdout ?? '');
  console.log(`known flaws of dependencies: ${sentence}`);
  process.exitCode = isSafe ? 0 : 1;
}
