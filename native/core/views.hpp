// Batches of 7x7 views as images.
#pragma once
#include <cstddef>
#include <cstdint>

namespace alva {

constexpr int view_side = 7;
constexpr std::size_t view_bytes = 3 * view_side * view_side;
constexpr int image_side = 64;
constexpr std::size_t image_bytes = 3 * image_side * image_side;

enum class Observation {
  padded64,   // the 56x56 view top-left on black
  resized64,  // the 56x56 view stretched bilinearly
};

// Whether every code of n views has a tile.
bool are_drawable(const std::uint8_t* codes, std::size_t n);

// Draws n views ([vx][vy][object, colour, state], 147 bytes each) as n 64x64 RGB images, rows from the top.
void render_views(const std::uint8_t* codes, std::size_t n, Observation observation, std::uint8_t* out);

}  // namespace alva
