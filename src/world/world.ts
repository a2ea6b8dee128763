// The public entry `alva/world`: instructions, rooms, levels, episodes, demonstrators and observations.
export { type Demonstrator, type DemonstratorName, demonstrator, demonstratorNames } from './bot.ts';
export { begin, type Chooser, type Episode, perform, play } from './episode.ts';
export * from './grid.ts';
export * from './instructions.ts';
export { anotherInstruction, itemsOf, type Level, type LevelOptions, level, paperLevels } from './levels.ts';
export * from './mirror.ts';
export * from './picture.ts';
export { type Arrival, shortestWay } from './poses.ts';
export { ESCAPE_END, ESCAPE_START, type Goal, goal, isDone, isEscaped, type Status } from './tasks.ts';
export * from './view.ts';
