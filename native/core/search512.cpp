// The search's products by AVX-512: 12 x 32 sums stay in registers over all columns, and the thresholds are tested on them there.
#include "searchforms.hpp"
#include "selection.hpp"

#if defined(__GNUC__) && defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>
#include <bit>
#include <limits>

// GCC 12 warns of its own intrinsics: the "undefined" source of an unmasked conversion.
#pragma GCC diagnostic ignored "-Wuninitialized"
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#define ALVA_AVX512 __attribute__((target("avx512f")))

namespace alva {
namespace {

constexpr int kTileRows = 12;
constexpr std::size_t kStripRows = 192;  // of some hundred columns each: they stay in the second cache
constexpr std::size_t kItemPanels = 8;

// Column by column, so that a tile reads one panel from its start to its end.
void pack(const float* unit, std::size_t columns, float* panel) {
  constexpr std::size_t kTogether = 16;
  for (std::size_t from = 0; from < columns; from += kTogether)
    for (std::size_t row = 0; row < panel_rows; ++row)
      for (std::size_t c = from; c < std::min(columns, from + kTogether); ++c) panel[c * panel_rows + row] = unit[row * columns + c];
}

struct Tile {
  std::size_t row, n_rows, query;  // its first corpus row, how many rows count, its first query
};

// Offers what reached a threshold.
template <bool Self>
void offer(const Tile& tile, const Products& p, const std::uint32_t* reached, const float (*products)[panel_rows], Selection& selection) {
  for (std::size_t r = 0; r < tile.n_rows; ++r) {
    const std::size_t row = tile.row + r;
    std::uint32_t left = reached[r];
    if (p.n_queries - tile.query < panel_rows) left &= (1u << (p.n_queries - tile.query)) - 1;
    if (Self && row >= tile.query) {
      const std::size_t skipped = row + 1 - tile.query;
      left = skipped < panel_rows ? left & (~0u << skipped) : 0;
    }
    for (; left; left &= left - 1) {
      const int j = std::countr_zero(left);
      selection.offer(tile.query + j, products[r][j], row);
      if (Self) selection.offer(row, products[r][j], tile.query + j);
    }
  }
}

template <bool Self>
ALVA_AVX512 void multiply(const Tile& tile, const Products& p, const float* strip, const float* panel, Selection& selection) {
  __m512 sum[kTileRows][2];
#pragma GCC unroll 12
  for (int r = 0; r < kTileRows; ++r) sum[r][0] = sum[r][1] = _mm512_setzero_ps();
  const std::size_t columns = p.columns;
  for (std::size_t c = 0; c < columns; ++c) {
    const __m512 left = _mm512_loadu_ps(panel + c * panel_rows), right = _mm512_loadu_ps(panel + c * panel_rows + 16);
#pragma GCC unroll 12
    for (int r = 0; r < kTileRows; ++r) {
      const __m512 of_row = _mm512_set1_ps(strip[r * columns + c]);
      sum[r][0] = _mm512_fmadd_ps(of_row, left, sum[r][0]);
      sum[r][1] = _mm512_fmadd_ps(of_row, right, sum[r][1]);
    }
  }
  const float* thresholds = selection.thresholds();
  const __m512 least_left = _mm512_loadu_ps(thresholds + tile.query), least_right = _mm512_loadu_ps(thresholds + tile.query + 16);
  std::uint32_t reached[kTileRows], any = 0;
#pragma GCC unroll 12
  for (int r = 0; r < kTileRows; ++r) {
    const __m512 of_row = _mm512_set1_ps(Self ? thresholds[tile.row + r] : std::numeric_limits<float>::infinity());
    const std::uint32_t low = _mm512_cmp_ps_mask(sum[r][0], _mm512_min_ps(least_left, of_row), _CMP_GE_OQ);
    const std::uint32_t high = _mm512_cmp_ps_mask(sum[r][1], _mm512_min_ps(least_right, of_row), _CMP_GE_OQ);
    any |= reached[r] = low | high << 16;
  }
  if (!any) return;
  alignas(64) float products[kTileRows][panel_rows];
#pragma GCC unroll 12
  for (int r = 0; r < kTileRows; ++r) {
    _mm512_store_ps(products[r], sum[r][0]);
    _mm512_store_ps(products[r] + 16, sum[r][1]);
  }
  offer<Self>(tile, p, reached, products, selection);
}

template <bool Self>
void compare_all(const Products& p, Selection& selection) {
  for (std::size_t number = p.first_panel; number < p.end_panel; ++number) {
    const float* panel = p.prepared + number * panel_rows * p.columns;
    const std::size_t query = number * panel_rows;
    for (std::size_t at = 0; at < p.count; at += kTileRows) {
      const Tile tile{p.first + at, std::min<std::size_t>(kTileRows, p.count - at), query};
      if (Self && tile.row >= query + panel_rows - 1) break;
      multiply<Self>(tile, p, p.strip + at * p.columns, panel, selection);
    }
  }
}

void compare(const Products& p, Selection& selection) {
  if (p.self)
    compare_all<true>(p, selection);
  else
    compare_all<false>(p, selection);
}

constexpr SearchForm form{"avx512", kStripRows, kItemPanels, 0, pack, compare};

}  // namespace

const SearchForm* avx512_search() { return __builtin_cpu_supports("avx512f") ? &form : nullptr; }

}  // namespace alva
#else
const alva::SearchForm* alva::avx512_search() { return nullptr; }
#endif
