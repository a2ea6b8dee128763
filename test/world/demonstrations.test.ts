// BabyAI's bot, action for action, in its own levels.
import { expect, test } from 'vitest';
import { roomCodes, WALLS } from '../../src/world/grid.ts';
import { instructions } from '../../src/world/instructions.ts';
import { type BotEpisode, bytes, goldenLines, hex, playedByBot, report, roomFromCodes } from './golden.ts';

const goTo = instructions().find((each) => each.task === 'GO-TO')!;
const pickUp = instructions().find((each) => each.task === 'PICK-UP')!;

function levelOf(golden: BotEpisode) {
  const room = roomFromCodes(bytes(golden.g), golden.agent);
  const targets = golden.targets.map(([x, y]) => room.cells[x * room.height + y]).filter((item) => item !== WALLS);
  return { room, instruction: golden.instr === 'GoToInstr' ? goTo : pickUp, targets, maxSteps: golden.max_steps };
}

test('the babyai demonstrator does what BabyAIBot does', () => {
  const episodes = goldenLines<BotEpisode>('bot_episodes.jsonl.gz');
  for (const golden of episodes) {
    const { episode, actions } = playedByBot(levelOf(golden));
    const { room } = episode;
    const grid = new Uint8Array(3 * room.cells.length);
    roomCodes(room, grid);
    const where = `${golden.env} seed ${golden.seed}`;
    expect({ where, actions, status: episode.status }).toEqual({
      where,
      actions: golden.actions,
      status: golden.terminated ? 'success' : 'failure',
    });
    expect([room.x, room.y, room.heading], where).toEqual(golden.end);
    expect(hex(grid), where).toBe(golden.g_end);
  }
  report(episodes.length, 'bot episodes');
});
