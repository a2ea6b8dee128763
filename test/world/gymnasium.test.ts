// MiniGrid's levels from their seeds, and what BabyAI's bot does in them.
import { expect, test } from 'vitest';
import { reward } from '../../src/world/episode.ts';
import { roomCodes } from '../../src/world/grid.ts';
import { gymnasiumLevel } from '../../src/world/gymnasium.ts';
import { describedCells } from '../../src/world/missions.ts';
import { type BotEpisode, goldenLines, hex, playedByBot, report } from './golden.ts';

const episodes = goldenLines<BotEpisode>('bot_episodes.jsonl.gz');
const codes = (room: Parameters<typeof roomCodes>[0]) => {
  const out = new Uint8Array(3 * room.cells.length);
  roomCodes(room, out);
  return hex(out);
};

test('levels from seeds are those of MiniGrid', () => {
  const counts: Record<string, number> = {};
  for (const golden of episodes) {
    const where = `${golden.env} seed ${golden.seed}`;
    const { room, instruction, targets, maxSteps } = gymnasiumLevel(golden.env, golden.seed);
    const { description } = instruction;
    const cells = describedCells(room, description);
    expect({
      where,
      g: codes(room),
      agent: [room.x, room.y, room.heading],
      mission: instruction.sentence,
      instr: { 'GO-TO': 'GoToInstr', 'PICK-UP': 'PickupInstr', ESCAPE: '' }[instruction.task],
      desc: [description.object ?? null, description.colour ?? null, description.side ?? null],
      targets: cells.map((cell) => [Math.floor(cell / room.height), cell % room.height]),
      max_steps: maxSteps,
    }).toEqual({
      where,
      g: golden.g,
      agent: golden.agent,
      mission: golden.mission,
      instr: golden.instr,
      desc: golden.desc,
      targets: golden.targets,
      max_steps: golden.max_steps,
    });
    expect(targets, where).toEqual(cells.map((cell) => room.cells[cell]).filter((item) => item !== 1));
    counts[golden.env] = (counts[golden.env] ?? 0) + 1;
  }
  for (const [environment, cases] of Object.entries(counts)) report(cases, `levels from seeds of ${environment}`);
});

test('from the seed on, the babyai demonstrator does what BabyAIBot does and earns the same', () => {
  for (const golden of episodes) {
    const { episode, actions } = playedByBot(gymnasiumLevel(golden.env, golden.seed));
    const { room } = episode;
    const where = `${golden.env} seed ${golden.seed}`;
    expect({
      where,
      actions,
      reward: reward(episode),
      end: [room.x, room.y, room.heading],
      g_end: codes(room),
    }).toEqual({
      where,
      actions: golden.actions,
      reward: golden.reward,
      end: golden.end,
      g_end: golden.g_end,
    });
  }
  report(episodes.length, 'bot episodes from their seeds');
});
