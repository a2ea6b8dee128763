// One set-up at a time in one working tree: a lock file that a dead process does not hold.
import { closeSync, linkSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';

/** Does `work` while holding `path`; waits, saying so once, while another living process holds it. */
export function withLock(path, work, say = () => {}) {
  mkdirSync(dirname(path), { recursive: true });
  const mine = `${hostname()} ${process.pid} ${startOf(process.pid)}`;
  for (let waited = false; !taken(path, mine); ) {
    const holder = contentOf(path);
    if (holder === undefined) continue;
    if (!lives(holder)) removeStale(path, holder);
    else {
      if (!waited) say(`waiting for another set-up of this folder (process ${holder.split(' ')[1]})`);
      waited = true;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
  try {
    return work();
  } finally {
    rmSync(path, { force: true });
  }
}

/** Whether the process that wrote a lock still runs. One on another machine is taken to live: it cannot be asked. */
export function lives(holder) {
  const [host, pid, start] = holder.split(' ');
  if (host !== hostname()) return host !== '';
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if (error.code === 'ESRCH') return false;
  }
  return startOf(pid) === start;
}

function taken(path, mine) {
  // Linked, not written in place: nobody can read a lock whose text is not there yet.
  const beside = `${path}.${process.pid}`;
  const file = openSync(beside, 'w');
  writeSync(file, mine);
  closeSync(file);
  try {
    linkSync(beside, path);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(beside, { force: true });
  }
}

function contentOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Moves a stale lock away. Where another process was faster and the lock moved is its new one, puts that back. */
function removeStale(path, judged) {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
    if (contentOf(aside) !== judged) linkSync(aside, path);
  } catch {
    // somebody else has moved it or taken it: the caller looks again
  } finally {
    rmSync(aside, { force: true });
  }
}

/** When a process started, in clock ticks: a number used again by the system is then told apart. */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return '-';
  }
}
