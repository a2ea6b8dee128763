// The share of every tile in every output pixel, by the definition of bilinear resizing.
#include "resizing.hpp"

#include <array>
#include <map>

namespace alva {
namespace {

constexpr int scene_side = tile_side * view_side;  // 56
constexpr int half = 128;                          // rounds 256ths half up

// `far` sixteenths of an output pixel come from the source pixel `after`, the rest from `before`; edges are clamped.
struct Taps {
  int before;
  int after;
  int far;
};

Taps taps(int output) {
  const int at = 14 * output - 1;
  if (at < 0) return {0, 0, 0};
  const int before = at / 16;
  return {before, before + 1 < scene_side ? before + 1 : before, at % 16};
}

// One drawing in one cell.
struct Placed {
  int drawing;
  int vx;
  int vy;

  // What it gives to output pixel (x, y), in 256ths.
  int share(int x, int y, int channel) const {
    const Taps h = taps(x), v = taps(y);
    const auto source = [&](int column, int row) {
      const bool is_mine = column / tile_side == vx && row / tile_side == vy;
      return is_mine ? drawings().pixel(drawing, column % tile_side, row % tile_side)[channel] : 0;
    };
    const int upper = (16 - h.far) * source(h.before, v.before) + h.far * source(h.after, v.before);
    const int lower = (16 - h.far) * source(h.before, v.after) + h.far * source(h.after, v.after);
    return (16 - v.far) * upper + v.far * lower;
  }
};

void fill_inner(const Placed& tile, Inner& inner) {
  const int indent = tile.vx == 0 ? 0 : 3;
  for (int row = 0; row < n_inner(tile.vy); row++)
    for (int i = 0; i < 3 * n_inner(tile.vx); i++) {
      const int share = tile.share(first_inner(tile.vx) + i / 3, first_inner(tile.vy) + row, i % 3);
      inner.rows[row][indent + i] = static_cast<std::uint8_t>((share + half) >> 8);
    }
}

void fill_column(const Placed& tile, int x, int rounding, SeamColumn& seam) {
  for (int row = 0; row < n_inner(tile.vy); row++)
    for (int channel = 0; channel < 3; channel++)
      seam.shares[4 * row + channel] =
          static_cast<std::uint16_t>(tile.share(x, first_inner(tile.vy) + row, channel) + rounding);
}

// A pixel where two seams cross is the sum of four: the rounding must not come from its left and its right tile both.
void fill_row(const Placed& tile, int y, int rounding, SeamRow& seam) {
  const int first = tile.vx == 0 ? 0 : first_inner(tile.vx) - 1;
  const int last = first_inner(tile.vx) + n_inner(tile.vx);
  for (int x = first; x <= last && x < image_side; x++)
    for (int channel = 0; channel < 3; channel++)
      seam.shares[3 * (x - first) + channel] =
          static_cast<std::uint16_t>(tile.share(x, y, channel) + (x < last ? rounding : 0));
}

void fill(const Placed& tile, Resizing& tables) {
  const auto [drawing, vx, vy] = tile;
  fill_inner(tile, tables.inner(Resizing::cell(vy, vx), drawing));
  const int right = first_inner(vx) + n_inner(vx), bottom = first_inner(vy) + n_inner(vy);
  if (vx < n_seams) fill_column(tile, right, 0, tables.of_left.at(Resizing::column_seam(vy, vx), drawing));
  if (vx > 0)
    fill_column(tile, first_inner(vx) - 1, half, tables.of_right.at(Resizing::column_seam(vy, vx - 1), drawing));
  if (vy < n_seams) fill_row(tile, bottom, half, tables.of_upper.at(Resizing::row_seam(vy, vx), drawing));
  if (vy > 0) fill_row(tile, first_inner(vy) - 1, 0, tables.of_lower.at(Resizing::row_seam(vy - 1, vx), drawing));
}

// Calls visit(drawing) for the drawings of an ordinary cell, or of the agent's.
template <typename Visit>
void for_each_drawing(bool is_agents, Visit visit) {
  const int first = is_agents ? n_drawings : 0;
  const int n = is_agents ? drawings().n_under_agent : drawings().n_alone;
  for (int drawing = first; drawing < first + n; drawing++) visit(drawing);
}

// Numbers the different edges, an edge being 8 pixels from (x, y) on in steps of (dx, dy), and makes room at all places.
template <typename Share>
void number_edges(Edges<Share>& edges, int x, int y, int dx, int dy) {
  std::map<std::array<std::uint8_t, tile_row>, std::size_t> known;
  for (const bool is_agents : {false, true})
    for_each_drawing(is_agents, [&](int drawing) {
      std::array<std::uint8_t, tile_row> edge;
      for (int i = 0; i < tile_row; i++) edge[i] = drawings().pixel(drawing, x + i / 3 * dx, y + i / 3 * dy)[i % 3];
      edges.numbers[drawing] = static_cast<std::uint8_t>(known.emplace(edge, known.size()).first->second);
    });
  edges.n = known.size();
  edges.shares.resize(view_side * n_seams * edges.n);
}

Resizing all_shares() {
  Resizing tables;
  tables.inner_tiles.resize(static_cast<std::size_t>(n_view_cells) * n_drawings);
  number_edges(tables.of_left, tile_side - 1, 0, 0, 1);
  number_edges(tables.of_right, 0, 0, 0, 1);
  number_edges(tables.of_upper, 0, tile_side - 1, 1, 0);
  number_edges(tables.of_lower, 0, 0, 1, 0);
  for (int vy = 0; vy < view_side; vy++)
    for (int vx = 0; vx < view_side; vx++)
      for_each_drawing(Resizing::cell(vy, vx) == agent_cell, [&](int drawing) { fill({drawing, vx, vy}, tables); });
  return tables;
}

}  // namespace

const Resizing& resizing() {
  static const Resizing made = all_shares();
  return made;
}

}  // namespace alva
