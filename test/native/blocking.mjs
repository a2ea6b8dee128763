// How long each export keeps the event loop waiting on large inputs, called at once and, where it has a twin, later: a table in Markdown.
import { addon, large, quick } from './large.mjs';

/** The longest time between two turns of the event loop while `work` goes on. */
async function longestTurn(work) {
  let longest = 0;
  let last = performance.now();
  let isDone = false;
  const look = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isDone) setImmediate(look);
  };
  setImmediate(look);
  await new Promise((resolve) => setImmediate(resolve));
  longest = 0;
  last = performance.now();
  await work();
  look();
  isDone = true;
  return longest;
}

const least = (values) => Math.min(...values);
const scale = Number(process.argv[2] ?? 1);

console.log('| export | sizes | at once, ms | later, ms |\n|---|---|---|---|');
for (const [name, given] of [...Object.entries(large), ...Object.entries(quick)]) {
  const args = given(scale);
  const sizes = args.filter((arg) => typeof arg === 'number').join(' ');
  const atOnce = [];
  const later = [];
  for (let i = 0; i < 3; i++) {
    atOnce.push(await longestTurn(async () => addon[name](...args)));
    if (`${name}Later` in addon) later.push(await longestTurn(() => addon[`${name}Later`](...args)));
  }
  const ms = (values) => (values.length > 0 ? least(values).toFixed(0) : '');
  console.log(`| ${name} | ${sizes} | ${ms(atOnce)} | ${ms(later)} |`);
}
