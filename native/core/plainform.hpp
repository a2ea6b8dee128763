// The renderer's inner loops in plain C++. They are inlined into functions that are compiled for one kind of CPU or another,
// where a fixed-size memcpy and a loop over an array become that CPU's own vector instructions.
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>

#include "drawings.hpp"
#include "resizing.hpp"

#if defined(__GNUC__)
#define ALVA_INLINE inline __attribute__((always_inline))
#else
#define ALVA_INLINE inline
#endif

namespace alva::plain {

// How a row of 32 bytes is copied: in two halves, or at once where the CPU has registers as wide. (Of a memcpy of 32 bytes GCC
// makes two halves everywhere.)
struct Halves {
  static ALVA_INLINE void copy(const std::uint8_t* from, std::uint8_t* to) { std::memcpy(to, from, wide_row); }
};
#if defined(__GNUC__)
struct Whole {
  typedef std::uint8_t Bytes __attribute__((vector_size(wide_row)));
  struct __attribute__((packed, may_alias)) Row {  // at any address
    Bytes bytes;
  };
  static ALVA_INLINE void copy(const std::uint8_t* from, std::uint8_t* to) {
    reinterpret_cast<Row*>(to)->bytes = reinterpret_cast<const Row*>(from)->bytes;
  }
};
#endif

// The high bytes of sums of 16 bits, for 32 lanes.
ALVA_INLINE void high_bytes(const std::uint16_t* a, const std::uint16_t* b, std::uint8_t* out) {
  for (int i = 0; i < 32; i++) out[i] = static_cast<std::uint8_t>(static_cast<std::uint16_t>(a[i] + b[i]) >> 8);
}

ALVA_INLINE void decode(const std::uint8_t* codes, std::uint8_t* numbers) {
  const Drawings& all = drawings();
  for (int vx = 0; vx < view_side; vx++)
    for (int vy = 0; vy < view_side; vy++)
      numbers[vy * view_side + vx] = all.alone[key_of(codes + 3 * (vx * view_side + vy))];
  numbers[agent_cell] = all.under_agent[key_of(codes + agent_code)];
}

// One row of tiles, image rows `row_step` bytes apart.
template <typename Copy>
ALVA_INLINE std::uint8_t* tile_rows(const std::uint8_t* numbers, std::size_t row_step, std::uint8_t* out) {
  const Drawings& all = drawings();
  const std::uint8_t* tiles[view_side];
  for (int vx = 0; vx < view_side; vx++) tiles[vx] = all.rows[numbers[vx]][0];
  for (int row = 0; row < tile_side; row++, out += row_step)
    for (int vx = 0; vx < view_side; vx++) Copy::copy(tiles[vx] + row * wide_row, out + vx * tile_row);
  return out;
}

template <typename Copy>
ALVA_INLINE std::uint8_t* partial56(const std::uint8_t* numbers, int vy, std::uint8_t* out) {
  return tile_rows<Copy>(numbers + vy * view_side, view_side * tile_row, out);
}

template <typename Copy>
ALVA_INLINE std::uint8_t* padded64(const std::uint8_t* numbers, int vy, std::uint8_t* out) {
  constexpr int used = view_side * tile_row, n_below = image_side - view_side * tile_side;
  std::uint8_t* end = tile_rows<Copy>(numbers + vy * view_side, image_row, out);
  for (; out < end; out += image_row) std::memset(out + used, 0, image_row - used);
  if (vy < view_side - 1) return end;
  std::memset(end, 0, n_below * image_row);
  return end + n_below * image_row;
}

// The output rows that lie within tile row vy.
template <typename Copy>
ALVA_INLINE std::uint8_t* inner_rows(const Resizing& tables, const std::uint8_t* numbers, int vy, std::uint8_t* out) {
  std::uint8_t seams[n_seams][64];  // 9 rows of RGB0
  const std::uint8_t* tiles[view_side];
  for (int vx = 0; vx < view_side; vx++) tiles[vx] = tables.inner(Resizing::cell(vy, vx), numbers[vx]).rows[0];
  for (int seam = 0; seam < n_seams; seam++) {
    const int place = Resizing::column_seam(vy, seam);
    const std::uint16_t* left = tables.of_left.at(place, numbers[seam]).shares;
    const std::uint16_t* right = tables.of_right.at(place, numbers[seam + 1]).shares;
    high_bytes(left, right, seams[seam]);
    if (n_inner(vy) > 8) high_bytes(left + 32, right + 32, seams[seam] + 32);
  }
  for (int row = 0; row < n_inner(vy); row++, out += image_row) {
    Copy::copy(tiles[0] + row * wide_row, out);
    // A tile's wide row reaches over the next seam, so seams come after.
    for (int vx = 1; vx < view_side; vx++) Copy::copy(tiles[vx] + row * wide_row, out + unit_step * vx);
    for (int seam = 0; seam < n_seams; seam++) std::memcpy(out + unit_step * (seam + 1), seams[seam] + 4 * row, 3);
  }
  return out;
}

// The output row between the tile rows vy and vy + 1.
ALVA_INLINE std::uint8_t* seam_row(const Resizing& tables, const std::uint8_t* numbers, int vy, std::uint8_t* out) {
  constexpr int n_lanes = 32;
  std::uint16_t crossing[3] = {0, 0, 0};  // what the tiles to the left give to the pixel where seams cross
  for (int vx = 0; vx < view_side; vx++) {
    const int place = Resizing::row_seam(vy, vx);
    const std::uint16_t* upper = tables.of_upper.at(place, numbers[vx]).shares;
    const std::uint16_t* lower = tables.of_lower.at(place, numbers[view_side + vx]).shares;
    std::uint16_t sum[n_lanes];
    for (int i = 0; i < n_lanes; i++) sum[i] = static_cast<std::uint16_t>(upper[i] + lower[i]);
    for (int i = 0; i < 3; i++) sum[i] = static_cast<std::uint16_t>(sum[i] + crossing[i]);
    for (int i = 0; i < n_lanes; i++) out[unit_step * vx + i] = static_cast<std::uint8_t>(sum[i] >> 8);
    std::copy(sum + unit_step, sum + unit_step + 3, crossing);
  }
  return out + image_row;
}

template <typename Copy>
ALVA_INLINE std::uint8_t* resized64(const std::uint8_t* numbers, int vy, std::uint8_t* out) {
  numbers += vy * view_side;
  out = inner_rows<Copy>(resizing(), numbers, vy, out);
  return vy < n_seams ? seam_row(resizing(), numbers, vy, out) : out;
}

}  // namespace alva::plain
