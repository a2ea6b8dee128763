// One tile as MiniGrid draws it: an object, the agent over it, the highlight of what is seen.
#pragma once
#include <cstdint>

namespace alva {

constexpr int no_agent = -1;

// MiniGrid's codes. `agent` is the heading of the triangle drawn on top, or no_agent.
struct Tile {
  std::uint8_t object;
  std::uint8_t colour;
  std::uint8_t state;
  int agent;
  bool highlighted;
};

constexpr int n_objects = 8;
constexpr int n_colours = 6;
constexpr int n_states = 3;

// Draws `tile` as side x side RGB bytes, rows from the top.
void draw_tile(const Tile& tile, int side, std::uint8_t* out);

}  // namespace alva
