// How long each export, and each comparison, keeps the event loop waiting on large inputs: a table in Markdown.
import { gaussianSpace, measures, randomFrom } from '../../dist/alignment/alignment.js';
import { compare, compareHere } from '../../dist/alignment/compare.js';
import { blockedNeighbours } from '../../dist/alignment/nearest.js';
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

console.log('| export | sizes | ms |\n|---|---|---|');
for (const [name, given] of [...Object.entries(large), ...Object.entries(quick)]) {
  const args = given(scale);
  const sizes = args.filter((arg) => typeof arg === 'number').join(' ');
  const turns = [];
  for (let i = 0; i < 3; i++) turns.push(await longestTurn(async () => addon[name](...args)));
  console.log(`| ${name} | ${sizes} | ${least(turns).toFixed(0)} |`);
}

const [rows, columns] = [Math.round(20_000 * scale), 768];
const values = Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i * 12.9898 + i ** 1.5));
const search = await longestTurn(() => blockedNeighbours({ rows, columns, values }, 15));
console.log(`| searchStep (all of a search) | ${rows} ${columns} 15 | ${search.toFixed(0)} |`);

const options = { measures: measures.map(({ name }) => name), measurePermutations: 0, procrustesPermutations: 9 };
const random = randomFrom(1);
console.log(
  '\n| comparison of two spaces by all measures | rows x columns | longest wait, ms | all, s |\n|---|---|---|---|',
);
for (const [n, width] of [
  [108, 768],
  [Math.round(3000 * scale), 768],
]) {
  const spaces = ['a', 'b'].map((name) => ({ name, space: gaussianSpace(n, width, random) }));
  for (const work of [compareHere, compare]) {
    const begun = performance.now();
    const longest = await longestTurn(() => work(spaces, options));
    const seconds = (performance.now() - begun) / 1000;
    console.log(`| ${work.name} | ${n} x ${width} | ${longest.toFixed(0)} | ${seconds.toFixed(1)} |`);
  }
}
