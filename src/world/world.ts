// The public entry `alva/world`: instructions, rooms, levels, episodes, demonstrators and observations.
export { type Random, randomFrom } from '../base/random.ts';
export { type Demonstrator, type DemonstratorName, demonstrator, demonstratorNames } from './bot.ts';
export { begin, type Chooser, type Episode, perform, play, reward } from './episode.ts';
export { levelFamilies, seededLevel } from './families.ts';
export * from './grid.ts';
export { environments, gymnasiumLevel } from './gymnasium.ts';
export * from './instructions.ts';
export { anotherInstruction, itemsOf, type Level, type LevelOptions, level, paperLevels } from './levels.ts';
export * from './mirror.ts';
export { type BabyAIMission, type Description, mission, type Side } from './missions.ts';
export * from './observation.ts';
export { Pcg64 } from './pcg64.ts';
export * from './picture.ts';
export { type Arrival, shortestWay } from './poses.ts';
export { ESCAPE_END, ESCAPE_START, type Goal, goal, isDone, isEscaped, type Status } from './tasks.ts';
export * from './view.ts';
