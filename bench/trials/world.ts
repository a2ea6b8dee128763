// Stepping and demonstrating without images, beside MiniGrid on the same levels with the same actions.
import { createHash } from 'node:crypto';
import { recordDemos } from '../../src/demos/record.ts';
import type { Episode } from '../../src/world/episode.ts';
import { instructions, type Mission } from '../../src/world/instructions.ts';
import { paperLevels } from '../../src/world/levels.ts';
import { VIEW_BYTES, viewCodes } from '../../src/world/view.ts';
import { openPeer, type Peer } from '../peer.ts';
import { type Contender, cpuTimed, type Figure, perThread, ratesInTurn } from '../trial.ts';
import { chosenActions, demonstrate, walk } from './walks.ts';

const STEPS = 1_000_000;
const EPISODES = 20_000;
const RIVAL_STEPS = 10_000;
const RIVAL_EPISODES = 300;
const PAPER_DEMOS = 10_000;
const SEED = 1000;

const view = new Uint8Array(VIEW_BYTES);
const look = ({ room }: Episode<Mission>) => viewCodes(room, view);

export async function* world(say: (line: string) => void): AsyncIterable<Figure> {
  const peer = openPeer('minigrid_world.py', 'requirements.txt', say);
  if (peer) say(`rival: ${JSON.stringify(await peer.ask('versions'))}`);
  say(`n: ${STEPS} steps, ${EPISODES} episodes; rival ${RIVAL_STEPS} and ${RIVAL_EPISODES}; CPU time, 1 thread`);
  const isVerified = peer ? await isSame(peer) : false;
  yield figure('steps with symbolic view, resets included', isVerified, await steppingRates(peer));
  yield figure('demonstrations of the babyai bot, no images', isVerified, await demonstratingRates(peer));
  yield figure("demonstrations of the paper's set, recorded", isVerified, await recordingRates());
  peer?.close();
}

function figure(trial: string, verified: boolean, rates: { ours: number; minigrid?: number }): Figure {
  const { ours, minigrid } = rates;
  const rivals: Record<string, number> = minigrid === undefined ? {} : { minigrid };
  const ratio = minigrid === undefined ? null : ours / minigrid;
  return { trial, unit: '/s', ours, rivals, ratio, limit: null, verified };
}

/** Whether every view and every action of the bot are MiniGrid's, over levels of the seeds that are timed. */
async function isSame(peer: Peer): Promise<boolean> {
  const request = { steps: 5000, episodes: 300, seed: SEED };
  const walked = createHash('sha256');
  walk(chosenActions(request.steps), SEED, hashing(walked));
  const played = createHash('sha256');
  const taken: number[][] = Array.from({ length: request.episodes }, () => []);
  demonstrate(request.episodes, SEED, hashing(played), (action, i) => taken[i].push(action));
  played.update(JSON.stringify(taken));
  const theirs = await peer.ask<{ hash: string }>('walk_hash', request);
  const bots = await peer.ask<{ hash: string }>('demonstration_hash', request);
  return theirs.hash === walked.digest('hex') && bots.hash === played.digest('hex');
}

function hashing(hash: ReturnType<typeof createHash>): (episode: Episode<Mission>) => void {
  return (episode) => {
    look(episode);
    hash.update(view);
  };
}

function steppingRates(peer: Peer | undefined) {
  const actions = chosenActions(STEPS);
  const ours = () =>
    cpuTimed(() => {
      walk(actions, SEED, look);
      return STEPS;
    });
  return beside(peer?.timing('steps', { steps: RIVAL_STEPS, seed: SEED }), ours);
}

function demonstratingRates(peer: Peer | undefined) {
  const ours = () =>
    cpuTimed(() => {
      demonstrate(EPISODES, SEED, look, () => {});
      return EPISODES;
    });
  return beside(peer?.timing('demonstrations', { episodes: RIVAL_EPISODES, seed: SEED }), ours);
}

async function beside(rival: Contender | undefined, ours: Contender): Promise<{ ours: number; minigrid?: number }> {
  return rival ? await ratesInTurn({ ours, minigrid: rival }) : await ratesInTurn({ ours });
}

/** All 108 instructions, views kept: what `alva demos` does. */
function recordingRates() {
  return ratesInTurn({
    ours: () =>
      perThread(1, async () => {
        await recordDemos({
          instructions: instructions(),
          episodes: PAPER_DEMOS,
          seed: 1,
          demonstrator: 'babyai',
          level: paperLevels,
        });
        return PAPER_DEMOS;
      }),
  });
}
