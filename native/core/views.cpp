// Views are put together from tiles drawn once; resizing is exact in 256ths.
#include "views.hpp"

#include <array>
#include <cstring>
#include <vector>

#include "tiles.hpp"

namespace alva {
namespace {

constexpr int tile_side = 8;
constexpr int row_bytes = 3 * tile_side;
constexpr int tile_bytes = tile_side * row_bytes;
constexpr int scene_side = tile_side * view_side;  // 56
constexpr int agent_cell = 3 * view_side + 6;
constexpr int agent_heading = 3;  // in its own view the agent always looks up
constexpr int n_tiles = n_objects * n_colours * n_states;

int tile_index(const std::uint8_t* code) { return (code[0] * n_colours + code[1]) * n_states + code[2]; }

// Every tile of a view, then every tile with the agent on it. What is seen is highlighted; code 0 is what is not.
struct Atlas {
  std::vector<std::uint8_t> bytes = std::vector<std::uint8_t>(2 * n_tiles * tile_bytes);

  Atlas() {
    for (int i = 0; i < 2 * n_tiles; i++) {
      Tile tile;
      tile.state = static_cast<std::uint8_t>(i % n_states);
      tile.colour = static_cast<std::uint8_t>(i / n_states % n_colours);
      tile.object = static_cast<std::uint8_t>(i / (n_states * n_colours) % n_objects);
      tile.agent = i < n_tiles ? -1 : agent_heading;
      tile.highlighted = tile.object != 0;
      draw_tile(tile, tile_side, bytes.data() + i * tile_bytes);
    }
  }

  const std::uint8_t* tile(const std::uint8_t* codes, int cell) const {
    return bytes.data() + (tile_index(codes + 3 * cell) + (cell == agent_cell ? n_tiles : 0)) * tile_bytes;
  }
};

const Atlas& atlas() {
  static const Atlas drawn;
  return drawn;
}

// The view as 56x56 pixels, rows `stride` bytes apart.
void compose(const Atlas& tiles, const std::uint8_t* codes, std::uint8_t* out, std::size_t stride) {
  for (int vy = 0; vy < view_side; vy++)
    for (int vx = 0; vx < view_side; vx++) {
      const std::uint8_t* tile = tiles.tile(codes, vx * view_side + vy);
      std::uint8_t* to = out + vy * tile_side * stride + vx * row_bytes;
      for (int row = 0; row < tile_side; row++) std::memcpy(to + row * stride, tile + row * row_bytes, row_bytes);
    }
}

void pad(std::uint8_t* image) {
  constexpr int used = 3 * scene_side, whole = 3 * image_side;
  for (int row = 0; row < scene_side; row++) std::memset(image + row * whole + used, 0, whole - used);
  std::memset(image + scene_side * whole, 0, (image_side - scene_side) * whole);
}

// Where an output pixel lies between two source pixels: (14 X - 1) / 16, clamped at the edges. `far` of 16 parts
// come from the source pixel `after`, the rest from `before`.
struct Taps {
  int before;
  int after;
  int far;
};

constexpr std::array<Taps, image_side> taps = [] {
  std::array<Taps, image_side> result{};
  for (int i = 0; i < image_side; i++) {
    const int at = 14 * i - 1;  // in 16ths of a source pixel
    const int before = at < 0 ? 0 : at / 16;
    const int after = before + 1 < scene_side ? before + 1 : scene_side - 1;
    result[i] = {before, after, at < 0 ? 0 : at % 16};
  }
  return result;
}();

// Rows first into 16ths, then columns into 256ths with one rounding, half up.
void resize(const std::uint8_t* scene, std::uint16_t* wide, std::uint8_t* image) {
  constexpr int width = 3 * image_side;
  for (int y = 0; y < scene_side; y++)
    for (int x = 0; x < image_side; x++)
      for (int channel = 0; channel < 3; channel++) {
        const std::uint8_t* row = scene + y * 3 * scene_side + channel;
        const auto [before, after, far] = taps[x];
        wide[y * width + 3 * x + channel] =
            static_cast<std::uint16_t>((16 - far) * row[3 * before] + far * row[3 * after]);
      }
  for (int y = 0; y < image_side; y++) {
    const auto [before, after, far] = taps[y];
    const std::uint16_t *upper = wide + before * width, *lower = wide + after * width;
    for (int i = 0; i < width; i++)
      image[y * width + i] = static_cast<std::uint8_t>(((16 - far) * upper[i] + far * lower[i] + 128) >> 8);
  }
}

}  // namespace

bool are_drawable(const std::uint8_t* codes, std::size_t n) {
  for (std::size_t i = 0; i < n * view_bytes; i += 3)
    if (codes[i] >= n_objects || codes[i + 1] >= n_colours || codes[i + 2] >= n_states) return false;
  return true;
}

void render_views(const std::uint8_t* codes, std::size_t n, Observation observation, std::uint8_t* out) {
  const Atlas& tiles = atlas();
  std::vector<std::uint8_t> scene(3 * scene_side * scene_side);
  std::vector<std::uint16_t> wide(scene_side * 3 * image_side);
  for (std::size_t i = 0; i < n; i++, codes += view_bytes, out += image_bytes) {
    if (observation == Observation::padded64) {
      compose(tiles, codes, out, 3 * image_side);
      pad(out);
    } else {
      compose(tiles, codes, scene.data(), 3 * scene_side);
      resize(scene.data(), wide.data(), out);
    }
  }
}

}  // namespace alva
