// What an agent may be shown of a room, by name: codes, its own view in pixels, or the whole room.
import { invalid, unknown } from '../base/errors.ts';
import { native } from '../native.ts';
import type { Room } from './grid.ts';
import { roomTiles } from './picture.ts';
import {
  IMAGE,
  imageSide,
  type RenderOptions,
  renderViews,
  VIEW,
  VIEW_BYTES,
  type ViewImage,
  viewCodes,
} from './view.ts';

/**
 * `symbolic`: the view's codes, [vx][vy][object, colour, state]. `partial`: the view in pixels, any tile size.
 * `padded64`, `resized64`: the partial view at 8 pixels a tile on 64x64. `full64`: a whole 8x8 room at 8 pixels a tile,
 * what the agent sees highlighted (MiniGrid's RGBImgObsWrapper).
 */
export type RoomObservation = 'symbolic' | ViewImage | 'full64';
export const roomObservations: readonly RoomObservation[] = ['symbolic', 'partial', 'padded64', 'resized64', 'full64'];

const ROOM = 8;

/** The shape of one observation; for pixels height, width, RGB. */
export function observationShape(observation: RoomObservation, tile?: number): [number, number, 3] {
  if (!roomObservations.includes(observation)) throw unknown('observation', observation, roomObservations);
  if (observation === 'symbolic') return [VIEW, VIEW, 3];
  const side = observation === 'full64' ? IMAGE : imageSide(observation, tile);
  return [side, side, 3];
}

/** Writes what the agents of n rooms observe, one after another: n x the bytes of `observationShape`. */
export function observe(
  rooms: readonly Room[],
  observation: RoomObservation,
  out: Uint8Array,
  options: RenderOptions = {},
): void {
  const size = rooms.length * observationShape(observation, options.tile).reduce((a, b) => a * b);
  if (out.length !== size) throw invalid('observations', `${size} bytes for ${rooms.length} rooms`, out.length);
  if (observation === 'symbolic') writeCodes(rooms, out);
  else if (observation === 'full64') drawRooms(rooms, out);
  else {
    const codes = new Uint8Array(rooms.length * VIEW_BYTES);
    writeCodes(rooms, codes);
    renderViews(codes, observation, out, options);
  }
}

function writeCodes(rooms: readonly Room[], out: Uint8Array): void {
  rooms.forEach((room, i) => {
    viewCodes(room, out, i * VIEW_BYTES);
  });
}

function drawRooms(rooms: readonly Room[], out: Uint8Array): void {
  const size = 5 * ROOM * ROOM;
  const tiles = new Uint8Array(rooms.length * size);
  rooms.forEach((room, i) => {
    if (room.width !== ROOM || room.height !== ROOM)
      throw invalid('room', `${ROOM} x ${ROOM} cells for full64`, `${room.width} x ${room.height}`);
    tiles.set(roomTiles(room), i * size);
  });
  native.drawMosaics(tiles, ROOM, ROOM, ROOM, out);
}
