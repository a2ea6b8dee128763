// Images of any tiles, at any tile size: whole rooms, and views larger or smaller than 8 pixels a tile.
#pragma once
#include <cstddef>
#include <cstdint>

namespace alva {

// Object, colour, state, the agent's heading or 4 for none, and whether it is highlighted (0 or 1).
constexpr std::size_t tile_fields = 5;

// Whether n tiles, described by `tile_fields` bytes each, can be drawn.
bool are_tiles(const std::uint8_t* tiles, std::size_t n);

// Draws n images of rows x columns tiles each, `side` pixels a tile: n x (rows side) x (columns side) RGB, rows from the top.
// A tile that occurs often is drawn once.
void draw_mosaics(const std::uint8_t* tiles, std::size_t n, int rows, int columns, int side, std::uint8_t* out);

}  // namespace alva
