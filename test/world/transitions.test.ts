// Every recorded transition of MiniGrid: rooms, poses, views and BabyAI's verifiers, after each action.
import { expect, test } from 'vitest';
import { act, NOTHING, type Room, roomCodes } from '../../src/world/grid.ts';
import { goal, isDone } from '../../src/world/tasks.ts';
import { VIEW_BYTES, viewCodes } from '../../src/world/view.ts';
import { goldenLines, hex, type Init, report, roomOf } from './golden.ts';

interface State {
  readonly p: [number, number];
  readonly d: number;
  readonly c: [number, number] | null;
  readonly g: string;
  readonly o: string;
  readonly vg?: number[];
  readonly vp?: number[];
}
interface Transitions {
  readonly seed: number;
  readonly see_through_walls: boolean;
  readonly init: Init;
  readonly actions: string;
  readonly states: State[];
}

const KINDS = [5, 6, 7].flatMap((object) => [0, 1, 2, 3, 4, 5].map((colour) => object * 10 + colour));

test.each(['transitions.jsonl.gz', 'transitions_doors.jsonl.gz'])('%s', (file) => {
  const episodes = goldenLines<Transitions>(file);
  let nStates = 0;
  for (const episode of episodes) {
    const room = roomOf(episode.init);
    const goals = KINDS.map((kind) => ({
      kind,
      goTo: goalOf(room, kind, 'GO-TO'),
      pickUp: goalOf(room, kind, 'PICK-UP'),
    }));
    episode.states.forEach((state, i) => {
      const carried = room.carried;
      const action = Number(episode.actions[i - 1]);
      if (i > 0) act(room, action);
      const where = `seed ${episode.seed}, state ${i}`;
      expect(stateOf(room, episode.see_through_walls), where).toEqual({
        p: state.p,
        d: state.d,
        c: state.c,
        g: state.g,
        o: state.o,
      });
      if (i > 0) {
        const done = (task: 'goTo' | 'pickUp') =>
          goals.filter((each) => isDone(each[task], room, action, carried)).map((each) => each.kind);
        expect([done('goTo'), done('pickUp')], where).toEqual([sorted(state.vg!), sorted(state.vp!)]);
      }
      nStates++;
    });
  }
  report(nStates, `states of ${episodes.length} episodes in ${file}`);
});

/** Everything of a kind that stands in the room at the start; what is boxed or carried then is not meant. */
function goalOf(room: Room, kind: number, task: 'GO-TO' | 'PICK-UP') {
  const isMeant = (item: number) => room.objects[item] * 10 + room.colours[item] === kind;
  return goal(room, task, [...room.cells].filter(isMeant));
}

function stateOf(room: Room, seeThroughWalls: boolean) {
  const grid = new Uint8Array(3 * room.cells.length);
  const view = new Uint8Array(VIEW_BYTES);
  roomCodes(room, grid);
  viewCodes(room, view, 0, seeThroughWalls);
  const c = room.carried === NOTHING ? null : [room.objects[room.carried], room.colours[room.carried]];
  return { p: [room.x, room.y], d: room.heading, c, g: hex(grid), o: hex(view) };
}

const sorted = (kinds: readonly number[]) => [...kinds].sort((a, b) => a - b);
