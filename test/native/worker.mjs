// A worker thread that is in the middle of a native call when it is ended.
import { parentPort, workerData } from 'node:worker_threads';
import { addon, large } from './large.mjs';

function call() {
  try {
    addon[name](...given);
  } catch (error) {
    if (!failing) throw error;
  }
}

const { name, failing } = workerData;
const given = large[name](0.4);
if (failing) given[0].fill(Number.NaN, given[0].length - 2);
parentPort.postMessage('begins');
for (;;) call();
