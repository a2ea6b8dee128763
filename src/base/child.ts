// Child processes that end with the one that began them, whatever either is at.
import type { ChildProcess } from 'node:child_process';
import { Worker } from 'node:worker_threads';

const children = new Set<ChildProcess>();

/** The child is killed when this process exits, also one that is stopped and hears of nothing else. */
export function bound(child: ChildProcess): ChildProcess {
  if (children.size === 0) process.on('exit', killAll);
  children.add(child);
  return child.on('close', () => {
    children.delete(child);
    if (children.size === 0) process.off('exit', killAll);
  });
}

function killAll(): void {
  for (const child of children) child.kill('SIGKILL');
}

const MS_BETWEEN_LOOKS = 500;

/**
 * To be called in a child: however the parent ends, be it by SIGKILL, the child ends too. A thread of its own looks after the parent,
 * since long work hears nothing. A terminal sends Ctrl-C to all processes; the child is ended by its parent.
 */
export function endWithParent(): void {
  process.on('SIGINT', () => {});
  process.on('disconnect', () => process.exit());
  if (!process.connected) process.exit();
  const isOrphan = `process.ppid !== ${process.ppid}`;
  const watch = `setInterval(() => ${isOrphan} && process.kill(process.pid, 'SIGKILL'), ${MS_BETWEEN_LOOKS})`;
  new Worker(watch, { eval: true }).unref();
}
