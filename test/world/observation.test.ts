// Observations of rooms by name, against the pictures that golden data has checked.
import { expect, test } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import type { Room } from '../../src/world/grid.ts';
import { instructions } from '../../src/world/instructions.ts';
import { level, paperLevels } from '../../src/world/levels.ts';
import { observationShape, observe, type RoomObservation, roomObservations } from '../../src/world/observation.ts';
import { roomPicture, viewPicture } from '../../src/world/picture.ts';
import { renderViews, VIEW_BYTES, viewCodes } from '../../src/world/view.ts';
import { drawnRoom } from './drawings.ts';

const rooms = instructions()
  .filter((_, i) => i % 20 === 0)
  .map((instruction, i) => level(instruction, paperLevels, randomFrom(i)).room);

function observed(shown: readonly Room[], observation: RoomObservation, tile?: number): Uint8Array {
  const size = observationShape(observation, tile).reduce((a, b) => a * b);
  const out = new Uint8Array(shown.length * size);
  observe(shown, observation, out, { tile });
  return out;
}

function codesOf(room: Room): Uint8Array {
  const codes = new Uint8Array(VIEW_BYTES);
  viewCodes(room, codes);
  return codes;
}

const joined = (parts: readonly Uint8Array[]) => Uint8Array.from(Buffer.concat(parts));

test('symbolic is the 147 codes', () => {
  expect(observationShape('symbolic')).toEqual([7, 7, 3]);
  expect(observed(rooms, 'symbolic')).toEqual(joined(rooms.map(codesOf)));
});

test('full64 is the whole room at 8 pixels a tile, what is seen highlighted', () => {
  expect(observationShape('full64')).toEqual([64, 64, 3]);
  expect(observed(rooms, 'full64')).toEqual(joined(rooms.map((room) => roomPicture(room, 8).values)));
});

test('partial is the view at its tile size', () => {
  expect(observationShape('partial')).toEqual([56, 56, 3]);
  expect(observationShape('partial', 12)).toEqual([84, 84, 3]);
  for (const tile of [8, 12])
    expect(observed(rooms, 'partial', tile)).toEqual(
      joined(rooms.map((room) => viewPicture(codesOf(room), tile).values)),
    );
});

test('padded64 and resized64 are the rendered codes', () => {
  for (const observation of ['padded64', 'resized64'] as const) {
    const out = new Uint8Array(rooms.length * 64 * 64 * 3);
    renderViews(joined(rooms.map(codesOf)), observation, out);
    expect(observed(rooms, observation)).toEqual(out);
  }
});

test('what cannot be observed is refused', () => {
  expect(() => observationShape('full65' as RoomObservation)).toThrow(
    `unknown observation: full65 (did you mean "full64"?); known: ${roomObservations.join(', ')}`,
  );
  expect(() => observe(rooms, 'symbolic', new Uint8Array(146))).toThrow('invalid observations: expected 882 bytes');
  expect(() => observed([drawnRoom('...', '.>.')], 'full64')).toThrow('8 x 8 cells for full64, got "5 x 4"');
});
