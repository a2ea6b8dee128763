// Runs that are killed again and again, in every stage, and gone on with each time: the same bytes as of one that was left alone. 24 kills by default;
// ALVA_ADVERSITY=1 does as many as docs/reliability.md tells, ALVA_ADVERSITY=0.1 a tenth.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { count, type Outcome, type StageName, stageNames, stageOf, times, wholeRun } from './wholerun.ts';

const signals = ['SIGKILL', 'SIGINT', 'SIGTERM'] as const;
/** Of one run, unless it comes to its end before. */
const MOST_KILLS = 12;

describe.each(['recorded', 'fresh'])('demonstrations=%s', (demonstrations) => {
  const { folder, lasted, begun, isWhole, expectWhole } = wholeRun('killing', `demonstrations=${demonstrations}`);

  /** Ends the run some milliseconds after the stage has begun, or a later one where that is behind it. */
  function killIn(stage: StageName, run: string, signal: NodeJS.Signals, delay: number): Promise<Outcome> {
    const later = stageNames.slice(stageNames.indexOf(stage));
    let timer: NodeJS.Timeout | undefined;
    const begin = () => {
      timer ??= setTimeout(() => child.kill(signal), delay);
    };
    const { child, outcome } = begun(run, { hear: (said) => later.includes(stageOf(said)) && begin() });
    if (stage === 'start') begin();
    return outcome.finally(() => clearTimeout(timer));
  }

  test('kills at random moments of each stage by three signals leave no trace', async () => {
    const random = randomFrom(11, `kills, ${demonstrations}`);
    const counts: Record<string, number> = { SIGKILL: 0, SIGINT: 0, SIGTERM: 0, 'too late': 0 };
    const places: Record<string, number> = {};
    const n = times(100, 12);
    const nOfOne = Math.min(n, MOST_KILLS);
    let nKills = 0;
    for (let nRuns = 0; nKills < n; nRuns++) {
      const run = join(folder, `${nRuns}`);
      for (let of = 0; of < nOfOne && nKills < n; of++) {
        const signal = signals[nKills % 3];
        const stage = stageNames[Math.floor((of * stageNames.length) / nOfOne)];
        const { status, signal: by, said } = await killIn(stage, run, signal, random.uniform() * lasted[stage]);
        // Some 80 ms of a run are Node's own leaving, when all is made and nothing is listening any more.
        if (status === 0 || (by === signal && isWhole(run))) {
          counts['too late']++;
          break;
        }
        counts[signal]++;
        count(places, stageOf(said));
        nKills++;
        if (nKills % 20 === 0) console.log(`${nKills} kills so far: ${JSON.stringify(places)}`);
        // While Node itself still starts, nothing is listening yet and nothing is begun.
        const isStarting = by === signal && said === '';
        expect(by ?? status, said).toBe(signal === 'SIGKILL' || isStarting ? signal : signal === 'SIGINT' ? 130 : 143);
        // What is stopped while disk and memory are looked at has stored nothing to go on from.
        const next = existsSync(join(run, 'config.json')) ? /alva replicate --resume --out/ : /^nothing was begun in/m;
        if (signal !== 'SIGKILL' && !isStarting) expect(said).toMatch(next);
      }
      await expectWhole(run);
    }
    console.log(`kills: ${JSON.stringify(counts)}, in ${JSON.stringify(places)}; every run the same bytes afterwards`);
  }, 7_200_000);
});
