// The pictures that views are put together from, at tile size 8: each different one once.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include "tiles.hpp"

namespace alva {

constexpr int view_side = 7;
constexpr int n_view_cells = view_side * view_side;
constexpr std::size_t view_bytes = 3 * n_view_cells;
constexpr int agent_row = 6;
constexpr int agent_column = 3;
constexpr int agent_cell = agent_row * view_side + agent_column;
constexpr int agent_code = 3 * (agent_column * view_side + agent_row);  // codes go column by column

constexpr int tile_side = 8;
constexpr int tile_row = 3 * tile_side;
// Rows lie 32 bytes apart, so that a row is copied by one wide load and store; what it writes too much is overwritten.
constexpr int wide_row = 32;

// Most of the 144 codes look like another one (the colour of an empty cell is not seen), so a drawing's number fits in 6 bits.
constexpr int n_drawings = 64;

// A code's three numbers in one byte.
inline std::uint8_t key_of(const std::uint8_t* code) {
  return static_cast<std::uint8_t>(code[0] | code[1] << 3 | code[2] << 6);
}

struct Drawings {
  // By key: the number of its drawing, below n_drawings; in the agent's cell, n_drawings and above.
  alignas(64) std::array<std::uint8_t, 256> alone;
  alignas(64) std::array<std::uint8_t, 256> under_agent;
  alignas(64) std::uint8_t rows[2 * n_drawings][tile_side][wide_row];
  int n_alone = 0, n_under_agent = 0;

  const std::uint8_t* pixel(int drawing, int x, int y) const { return rows[drawing][y] + 3 * x; }
};

// Drawn at the first call.
const Drawings& drawings();

}  // namespace alva
