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
constexpr int image_row = 3 * image_side;
constexpr int agent_cell = 3 * view_side + 6;
constexpr int agent_heading = 3;  // in its own view the agent always looks up
constexpr int n_kinds = n_objects * n_colours * n_states;
constexpr int n_tiles = 2 * n_kinds;  // every kind alone, then every kind with the agent on it

int tile_index(const std::uint8_t* codes, int cell) {
  const std::uint8_t* code = codes + 3 * cell;
  return (code[0] * n_colours + code[1]) * n_states + code[2] + (cell == agent_cell ? n_kinds : 0);
}

// What is seen is highlighted; object code 0 is what is not.
std::vector<std::uint8_t> drawn_tiles() {
  std::vector<std::uint8_t> tiles(n_tiles * tile_bytes);
  for (int i = 0; i < n_tiles; i++) {
    const auto object = static_cast<std::uint8_t>(i / (n_states * n_colours) % n_objects);
    const auto colour = static_cast<std::uint8_t>(i / n_states % n_colours);
    const auto state = static_cast<std::uint8_t>(i % n_states);
    draw_tile({object, colour, state, i < n_kinds ? no_agent : agent_heading, object != 0}, tile_side,
              tiles.data() + i * tile_bytes);
  }
  return tiles;
}

const std::uint8_t* tile_at(int index) {
  static const std::vector<std::uint8_t> tiles = drawn_tiles();
  return tiles.data() + index * tile_bytes;
}

void pad(const std::uint8_t* codes, std::uint8_t* image) {
  for (int vy = 0; vy < view_side; vy++)
    for (int vx = 0; vx < view_side; vx++) {
      const std::uint8_t* tile = tile_at(tile_index(codes, vx * view_side + vy));
      std::uint8_t* to = image + vy * tile_side * image_row + vx * row_bytes;
      for (int row = 0; row < tile_side; row++) std::memcpy(to + row * image_row, tile + row * row_bytes, row_bytes);
    }
  constexpr int used = 3 * scene_side;
  for (int row = 0; row < scene_side; row++) std::memset(image + row * image_row + used, 0, image_row - used);
  std::memset(image + scene_side * image_row, 0, (image_side - scene_side) * image_row);
}

// Output pixel X lies at source (14 X - 1) / 16, clamped at the edges: `far` sixteenths of it come from the source
// pixel `after`, the rest from `before`.
struct Taps {
  int before;
  int after;
  int far;
};

constexpr std::array<Taps, image_side> taps = [] {
  std::array<Taps, image_side> result{};
  for (int i = 0; i < image_side; i++) {
    const int at = 14 * i - 1;
    const int before = at < 0 ? 0 : at / 16;
    const int after = before + 1 < scene_side ? before + 1 : scene_side - 1;
    result[i] = {before, after, at < 0 ? 0 : at % 16};
  }
  return result;
}();

// A tile of column vx reaches into the ten output pixels from 9 vx on; the last is the first of the next tile, and the
// only one that two tiles share. Its share in them, in 16ths, is computed once for each tile, column and row.
constexpr int reach = 10;
constexpr int reach_step = 9;
constexpr int share_row = 3 * reach;
constexpr int share_size = tile_side * share_row;

std::vector<std::uint16_t> tile_shares() {
  std::vector<std::uint16_t> shares(static_cast<std::size_t>(n_tiles) * view_side * share_size);
  std::uint16_t* out = shares.data();
  for (int index = 0; index < n_tiles; index++)
    for (int vx = 0; vx < view_side; vx++)
      for (int row = 0; row < tile_side; row++)
        for (int i = 0; i < share_row; i++) {
          const auto [before, after, far] = taps[reach_step * vx + i / 3];
          const auto pixel = [&](int x) {
            const bool inside = x / tile_side == vx;
            return inside ? tile_at(index)[row * row_bytes + x % tile_side * 3 + i % 3] : 0;
          };
          *out++ = static_cast<std::uint16_t>((16 - far) * pixel(before) + far * pixel(after));
        }
  return shares;
}

const std::uint16_t* shares_of(int index, int vx) {
  static const std::vector<std::uint16_t> shares = tile_shares();
  return shares.data() + (static_cast<std::size_t>(index) * view_side + vx) * share_size;
}

// Rows first, into 16ths, then columns into 256ths with one rounding, half up. `wide` is room for 56 x 64 x 3 values.
void resize(const std::uint8_t* codes, std::uint16_t* wide, std::uint8_t* image) {
  for (int vy = 0; vy < view_side; vy++)
    for (int vx = 0; vx < view_side; vx++) {
      const std::uint16_t* share = shares_of(tile_index(codes, vx * view_side + vy), vx);
      std::uint16_t* to = wide + vy * tile_side * image_row + 3 * reach_step * vx;
      for (int row = 0; row < tile_side; row++, share += share_row, to += image_row) {
        for (int i = 0; i < 3; i++) to[i] = static_cast<std::uint16_t>((vx > 0 ? to[i] : 0) + share[i]);
        std::memcpy(to + 3, share + 3, (share_row - 3) * sizeof(std::uint16_t));
      }
    }
  for (int y = 0; y < image_side; y++) {
    const auto far = static_cast<std::uint16_t>(taps[y].far);
    const auto near = static_cast<std::uint16_t>(16 - far);
    const std::uint16_t *upper = wide + taps[y].before * image_row, *lower = wide + taps[y].after * image_row;
    std::uint8_t* to = image + y * image_row;
    for (int i = 0; i < image_row; i++) {
      const auto sum = static_cast<std::uint16_t>(near * upper[i] + far * lower[i] + 128);  // at most 65,408
      to[i] = static_cast<std::uint8_t>(sum >> 8);
    }
  }
}

}  // namespace

bool are_drawable(const std::uint8_t* codes, std::size_t n) {
  for (std::size_t i = 0; i < n * view_bytes; i += 3)
    if (codes[i] >= n_objects || codes[i + 1] >= n_colours || codes[i + 2] >= n_states) return false;
  return true;
}

void render_views(const std::uint8_t* codes, std::size_t n, Observation observation, std::uint8_t* out) {
  std::vector<std::uint16_t> wide(scene_side * image_row);
  for (std::size_t i = 0; i < n; i++, codes += view_bytes, out += image_bytes) {
    if (observation == Observation::padded64) pad(codes, out);
    else resize(codes, wide.data(), out);
  }
}

}  // namespace alva
