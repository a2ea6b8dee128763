// Every different tile is drawn when it first occurs in a call, and copied from then on.
#include "mosaics.hpp"

#include <cstring>
#include <memory>
#include <vector>

#include "tiles.hpp"

namespace alva {
namespace {

constexpr int n_headings = 4;
constexpr int n_agents = n_headings + 1;

class Sheet {
 public:
  explicit Sheet(int side) : side_(side), drawn_(n_objects * n_colours * n_states * n_agents * 2) {}

  const std::uint8_t* tile(const std::uint8_t* t) {
    auto& pixels = drawn_[(((t[0] * n_colours + t[1]) * n_states + t[2]) * n_agents + t[3]) * 2 + t[4]];
    if (!pixels) {
      pixels = std::make_unique<std::uint8_t[]>(std::size_t{3} * side_ * side_);
      draw_tile({t[0], t[1], t[2], t[3] == n_headings ? no_agent : t[3], t[4] != 0}, side_, pixels.get());
    }
    return pixels.get();
  }

 private:
  int side_;
  std::vector<std::unique_ptr<std::uint8_t[]>> drawn_;
};

}  // namespace

bool are_tiles(const std::uint8_t* tiles, std::size_t n) {
  for (const std::uint8_t* t = tiles; t < tiles + n * tile_fields; t += tile_fields)
    if (t[0] >= n_objects || t[1] >= n_colours || t[2] >= n_states || t[3] >= n_agents || t[4] > 1) return false;
  return true;
}

void draw_mosaics(const std::uint8_t* tiles, std::size_t n, int rows, int columns, int side, std::uint8_t* out) {
  Sheet sheet(side);
  const std::size_t tile_row = std::size_t{3} * side, image_row = tile_row * columns;
  for (std::size_t i = 0; i < n * rows; i++, out += image_row * side)
    for (int column = 0; column < columns; column++, tiles += tile_fields) {
      const std::uint8_t* tile = sheet.tile(tiles);
      for (int y = 0; y < side; y++) std::memcpy(out + y * image_row + column * tile_row, tile + y * tile_row, tile_row);
    }
}

}  // namespace alva
