// Products of packed columns, a tile at a time: every form sums in one order with fused multiply-adds, and so to the same bits.
#pragma once
#include <cstddef>
#include <vector>

namespace alva {

constexpr std::size_t kPanel = 16;  // columns that are packed side by side
constexpr std::size_t kTileColumns = 8;
constexpr std::size_t kTile = kPanel * kTileColumns;

struct TileForm {
  const char* name;
  // out[c * kPanel + r] = fma(a[i * kPanel + r], b[i * kPanel + c], .) for i = 0 .. rows - 1 in turn, beginning with what is there if the
  // tile is `begun`, else with 0.
  void (*add)(const double* a, const double* b, std::size_t rows, bool begun, double* out);
};

// The forms that this CPU runs, the fastest first; the last is the portable one, slow where the CPU itself has no fused multiply-add.
const std::vector<const TileForm*>& tile_forms();

}  // namespace alva
