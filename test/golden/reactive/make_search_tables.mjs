// Searches for the tables of src/world/searching.ts and prints them: `node test/golden/reactive/make_search_tables.mjs`.
// Within a level only the agent's pose changes, so that the whole rule becomes a map from pose to pose, and a change of
// one letter is tried in a millisecond. Simulated annealing: half a minute.
// Levels, trials and seed may be given; seeds differ by some 0.4 % of the levels. It reads dist, which the set-up builds.
import { randomFrom } from '../../../dist/base/random.js';
import { copyOf, FORWARD, headingX, headingY, LEFT, NOTHING, RIGHT } from '../../../dist/world/grid.js';
import { instructions } from '../../../dist/world/instructions.js';
import { level, paperLevels } from '../../../dist/world/levels.js';
import { targetsInView, wayInView } from '../../../dist/world/reactive.js';
import { isNearWallLeft, searchKey } from '../../../dist/world/searching.js';
import { isEscaped } from '../../../dist/world/tasks.js';
import { roomInView, VIEW_BYTES, viewCodes } from '../../../dist/world/view.js';

const [nLevels = 6000, nTrials = 60_000, seed = 2] = process.argv.slice(2).map(Number);
const COLUMNS = 24;
const LETTERS = 8 * COLUMNS; // of one table; two tables, the target out of sight and in sight, make one search
const DONE = -1;
const SOLVED = 64; // steps that a solved level is worth; an unsolved one costs as many
const HEAT = 0.02; // steps for each level: what the first trials may lose, gladly
const SLACK = 8; // steps over all levels that a plainer table may cost, for each of its letters
const codes = new Uint8Array(VIEW_BYTES);

/** By pose: the pose that each action leads to, and what is done there: an action, DONE, or 3 + a letter's place. */
function mapOf({ room, instruction, targets }) {
  const next = new Int16Array(256 * 3);
  const rule = new Int16Array(256);
  const turnsLeft = new Uint8Array(256); // for N
  const at = copyOf(room);
  const target = room.cells.indexOf(targets[0]);
  for (let cell = 0; cell < room.cells.length; cell++)
    for (let heading = 0; heading < 4 && room.cells[cell] === NOTHING; heading++) {
      const pose = 4 * cell + heading;
      [at.x, at.y, at.heading] = [Math.floor(cell / 8), cell % 8, heading];
      const ahead = cell + 8 * headingX[heading] + headingY[heading];
      next[3 * pose + LEFT] = 4 * cell + ((heading + 3) & 3);
      next[3 * pose + RIGHT] = 4 * cell + ((heading + 1) & 3);
      next[3 * pose + FORWARD] = room.cells[ahead] === NOTHING ? 4 * ahead + heading : pose;
      rule[pose] = isDone(at, instruction.task, target, ahead) ? DONE : ruleAt(at, instruction.task, targets, pose, turnsLeft);
    }
  return { next, rule, turnsLeft, start: 4 * (8 * room.x + room.y) + room.heading };
}

function ruleAt(room, task, targets, pose, turnsLeft) {
  viewCodes(room, codes);
  const view = roomInView(codes);
  const shown = targetsInView(room, targets);
  const way = shown.length > 0 ? wayInView(view, shown, task) : undefined;
  if (way) return way[0];
  const { row, column } = searchKey(view);
  turnsLeft[pose] = isNearWallLeft(view) ? 1 : 0;
  return 3 + (shown.length > 0 ? LETTERS : 0) + row * COLUMNS + column;
}

/** Facing the target is all of GO-TO, and all but the last step of PICK-UP. */
function isDone(room, task, target, ahead) {
  if (task !== 'ESCAPE') return ahead === target;
  return isEscaped(room, Math.floor(target / 8), target % 8, room.x, room.y, room.heading);
}

/** Plays one level by the letters, calls `meets` with the place of each letter used, and returns what it is worth. */
function play({ next, rule, turnsLeft, start }, letters, meets) {
  let pose = start;
  for (let n = 0; n < paperLevels.maxSteps; n++) {
    let action = rule[pose];
    if (action === DONE) return SOLVED - n;
    if (action > 2) {
      const place = action - 3;
      meets?.(place);
      const letter = letters[place];
      action = letter === FORWARD ? FORWARD : letter === turnsLeft[pose] ? LEFT : RIGHT;
    }
    pose = next[3 * pose + action];
  }
  return -paperLevels.maxSteps;
}

/** Letters in use, what each level is worth by them, and which levels meet which letter: only those are played again. */
class Trial {
  constructor(maps) {
    this.maps = maps;
    this.letters = new Uint8Array(2 * LETTERS); // places in 'ANF'
    this.worths = new Int16Array(maps.length);
    this.meets = Array.from({ length: 2 * LETTERS }, () => new Uint8Array(maps.length));
    for (let i = 0; i < maps.length; i++) this.replay(i);
  }

  replay(i) {
    for (const meets of this.meets) meets[i] = 0;
    this.worths[i] = play(this.maps[i], this.letters, (place) => {
      this.meets[place][i] = 1;
    });
  }

  /** Changes a letter, and keeps the change where `accepts` its gain. Returns the gain, 0 where it was taken back. */
  change(place, letter, accepts) {
    const before = this.letters[place];
    this.letters[place] = letter;
    const concerned = [];
    let gain = 0;
    for (let i = this.meets[place].indexOf(1); i >= 0; i = this.meets[place].indexOf(1, i + 1)) {
      concerned.push(i);
      gain += play(this.maps[i], this.letters) - this.worths[i];
    }
    if (accepts(gain)) for (const i of concerned) this.replay(i);
    else this.letters[place] = before;
    return this.letters[place] === letter ? gain : 0;
  }
}

function anneal(maps, random) {
  const trial = new Trial(maps);
  const used = new Set(maps.flatMap(({ rule }) => [...rule].filter((action) => action > 2)));
  const places = [...used].map((action) => action - 3).sort((a, b) => a - b);
  for (let n = 0; n < nTrials; n++) {
    const place = places[random.below(places.length)];
    const letter = (trial.letters[place] + 1 + random.below(2)) % 3;
    const heat = maps.length * HEAT * (1 - n / nTrials) ** 3;
    trial.change(place, letter, (gain) => gain >= 0 || random.uniform() < Math.exp(gain / heat));
  }
  for (const place of places) trial.change(place, 0, (loss) => loss >= -SLACK); // as plain as it can be
  return trial.letters;
}

function summary(maps, letters) {
  const worths = maps.map((map) => play(map, letters));
  const solved = worths.filter((worth) => worth > 0);
  const steps = solved.reduce((sum, worth) => sum + SOLVED - worth, 0) / solved.length;
  return `solves ${((100 * solved.length) / maps.length).toFixed(2)} % in ${steps.toFixed(2)} steps`;
}

function mapsOf(task, stream) {
  const some = instructions().filter((each) => each.task === task);
  return Array.from({ length: nLevels }, (_, i) =>
    mapOf(level(some[i % some.length], paperLevels, randomFrom(seed, stream, i))),
  );
}

function printed(letters) {
  const row = (i) => [...letters.subarray(i * COLUMNS, (i + 1) * COLUMNS)].map((letter, column) => (column % 4 === 3 ? ' ' : 'ANF'[letter]));
  return Array.from({ length: letters.length / COLUMNS }, (_, i) => `    '${row(i).join('').trim()}',`).join('\n');
}

for (const task of ['GO-TO', 'ESCAPE']) {
  const maps = mapsOf(task, 'search');
  const letters = anneal(maps, randomFrom(seed, 'anneal', task));
  console.log(`${task} ${summary(maps, letters)}; fresh levels: ${summary(mapsOf(task, 'check'), letters)}`);
  console.log(printed(letters));
}
