// Tiles as they look after the 56x56 view was stretched to 64x64, computed beforehand.
//
// Output pixel X lies at source (14 X - 1) / 16, so weights are exact 16ths and a pixel an exact 256th, rounded once, half
// up. Only the output columns (and rows) 9, 18, 27, 36, 45 and 54 take from two tiles: these are seams. All others
// belong to one tile and are stored finished. A seam pixel is the sum of what each tile beside it gives, which depends
// on the tile's edge alone; many drawings share an edge, so these tables go by the edge's number and stay small.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "drawings.hpp"

namespace alva {

constexpr int image_side = 64;
constexpr int image_row = 3 * image_side;
constexpr std::size_t image_bytes = image_side * image_row;
constexpr int n_seams = view_side - 1;
constexpr int unit_step = 27;  // bytes from one tile to the next in an output row: [seam pixel | 8 pixels]

// Output pixels that belong to one tile, of a column (or row) of tiles: the first one, and how many.
constexpr int first_inner(int tile) { return tile == 0 ? 0 : 9 * tile + 1; }
constexpr int n_inner(int tile) { return tile == 0 || tile == view_side - 1 ? 9 : 8; }

// A tile's finished pixels; except in tile column 0 three zero bytes lead, where the seam pixel comes.
struct Inner {
  std::uint8_t rows[9][wide_row];
};
// What an edge column gives to the seam beside it, in 256ths: 4 numbers (RGB and 0) for each of 9 rows.
struct alignas(64) SeamColumn {
  std::uint16_t shares[64];
};
// What an edge row gives to the seam above or below it: [seam pixel to its left | its own | seam pixel to its right], from
// tile column 0 on [its own | seam pixel to its right].
struct alignas(64) SeamRow {
  std::uint16_t shares[32];
};

// Shares by place and edge. Drawings with the same edge share a number.
template <typename Share>
struct Edges {
  std::uint8_t numbers[2 * n_drawings] = {};
  std::size_t n = 0;
  std::vector<Share> shares;

  const Share& at(int place, int drawing) const { return shares[place * n + numbers[drawing]]; }
  Share& at(int place, int drawing) { return shares[place * n + numbers[drawing]]; }
};

struct Resizing {
  std::vector<Inner> inner_tiles;
  Edges<SeamColumn> of_left, of_right;   // what the tile to the left (right) of a seam gives
  Edges<SeamRow> of_upper, of_lower;

  static constexpr int cell(int vy, int vx) { return vy * view_side + vx; }
  // The seam to the right of (below) cell (vx, vy).
  static constexpr int column_seam(int vy, int vx) { return vy * n_seams + vx; }
  static constexpr int row_seam(int vy, int vx) { return vy * view_side + vx; }

  // The agent's cell has drawings of its own, numbered from n_drawings on, and no others.
  const Inner& inner(int cell, int drawing) const { return inner_tiles[cell * n_drawings + drawing % n_drawings]; }
  Inner& inner(int cell, int drawing) { return inner_tiles[cell * n_drawings + drawing % n_drawings]; }
};

// Computed at the first call.
const Resizing& resizing();

}  // namespace alva
