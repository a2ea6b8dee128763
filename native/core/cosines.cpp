// The cosine of two rows, to the last bit the same whoever asks.
#include "cosines.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "threads.hpp"
#include "vectors.hpp"

#if defined(__GNUC__) && defined(__x86_64__)
#include <immintrin.h>
// GCC 12 warns of its own intrinsics: the "undefined" source of an unmasked conversion.
#pragma GCC diagnostic ignored "-Wuninitialized"
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#endif

namespace alva {
namespace {

constexpr std::size_t kLanes = 8;

template <typename From>
void scaled(const From* row, std::size_t columns, std::int32_t exponent, double* out) {
  // One multiplication rounds as ldexp does wherever the factor itself is a normal number.
  if (exponent >= -1000 && exponent <= 1000) {
    const double factor = std::ldexp(1.0, -exponent);
    for (std::size_t j = 0; j < columns; ++j) out[j] = row[j] * factor;
  } else {
    for (std::size_t j = 0; j < columns; ++j) out[j] = std::ldexp(static_cast<double>(row[j]), -std::max(exponent, -1100));
  }
}

// NaN where an entry is not finite.
double largest_magnitude(const double* row, std::size_t columns) {
  double most[kLanes] = {}, nothing[kLanes] = {};  // an entry times 0 is 0 only where it is finite
  std::size_t at = 0;
  const auto take = [&](std::size_t lane, double value) {
    const double magnitude = std::fabs(value);
    most[lane] = magnitude > most[lane] ? magnitude : most[lane];
    nothing[lane] += value * 0;
  };
  for (; at + kLanes <= columns; at += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane) take(lane, row[at + lane]);
  for (; at < columns; ++at) take(0, row[at]);
  for (std::size_t lane = 1; lane < kLanes; ++lane) take(0, most[lane] + nothing[lane]);
  return most[0] + nothing[0];
}

// A tile: the cosines of all pairs of R rows x and C rows y, each pair's products summed in the order of dot. Vectors of eight doubles are
// as wide as the target allows; the operations, and so the bits, are those of eight numbers one by one.
using Lanes = Numbers<kLanes>::Vector;

struct Sides {
  const double* const *x, * const *y;
  const double *square_x, *square_y;  // R x C each, as the tile has its pairs
  std::size_t columns;                // a multiple of kLanes
};

template <int R, int C>
inline __attribute__((always_inline)) void sum_up(const Sides& of, Lanes (&sum)[R * C]) {
#pragma GCC unroll 24  // else they are cleared in memory as well as in registers
  for (int at = 0; at < R * C; ++at) sum[at] = Lanes{};
  for (std::size_t at = 0; at < of.columns; at += kLanes) {
    Lanes right[C];
    for (int c = 0; c < C; ++c) right[c] = Numbers<kLanes>::at(of.y[c] + at);
    for (int r = 0; r < R; ++r) {
      const Lanes left = Numbers<kLanes>::at(of.x[r] + at);
      for (int c = 0; c < C; ++c) sum[r * C + c] += left * right[c];
    }
  }
}

template <int R, int C>
inline __attribute__((always_inline)) void tile(const Sides& of, double* out) {
  Lanes sum[R * C];
  sum_up<R, C>(of, sum);
  for (int at = 0; at < R * C; ++at)
    out[at] = cosine(joined(reinterpret_cast<const double*>(&sum[at])), of.square_x[at], of.square_y[at]);
}

constexpr std::size_t kMostPairs = 24;

struct Tiling {
  int rows, columns;  // at most kMostPairs of them together
  void (*cosines)(const Sides& of, double* out);
};

void tile_plain(const Sides& of, double* out) { tile<1, 3>(of, out); }
#if defined(__GNUC__) && defined(__x86_64__)
__attribute__((target("avx2"))) void tile_avx2(const Sides& of, double* out) { tile<2, 3>(of, out); }

#define ALVA_AVX512 __attribute__((target("avx512f")))

// Two vectors' halves added, side by side, four lanes each; then their quarters, and so on: eight vectors' sums in the order of `joined`.
ALVA_AVX512 inline __attribute__((always_inline)) __m512d joined_eight(const Lanes* sum) {
  __m512d four[4], two[2];
  for (int i = 0; i < 4; ++i) {
    const __m512d u = _mm512_loadu_pd(&sum[2 * i]), v = _mm512_loadu_pd(&sum[2 * i + 1]);
    four[i] = _mm512_add_pd(_mm512_shuffle_f64x2(u, v, 0x44), _mm512_shuffle_f64x2(u, v, 0xee));
  }
  for (int i = 0; i < 2; ++i)
    two[i] = _mm512_add_pd(_mm512_shuffle_f64x2(four[2 * i], four[2 * i + 1], 0x88), _mm512_shuffle_f64x2(four[2 * i], four[2 * i + 1], 0xdd));
  const __m512d all = _mm512_add_pd(_mm512_unpacklo_pd(two[0], two[1]), _mm512_unpackhi_pd(two[0], two[1]));
  return _mm512_permutexvar_pd(_mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7), all);
}

ALVA_AVX512 void tile_avx512(const Sides& of, double* out) {
  constexpr int n = kMostPairs;
  Lanes sum[n];
  sum_up<4, 6>(of, sum);
  for (int at = 0; at < n; at += 8) {
    const __m512d norms = _mm512_sqrt_pd(_mm512_mul_pd(_mm512_loadu_pd(of.square_x + at), _mm512_loadu_pd(of.square_y + at)));
    const __mmask8 known = _mm512_cmp_pd_mask(norms, _mm512_setzero_pd(), _CMP_NEQ_OQ);
    const __m512d quotient = _mm512_maskz_div_pd(known, joined_eight(sum + at), norms);
    _mm512_storeu_pd(out + at, _mm512_min_pd(_mm512_max_pd(quotient, _mm512_set1_pd(-1)), _mm512_set1_pd(1)));
  }
}
#endif

Tiling tiling() {
#if defined(__GNUC__) && defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return {4, 6, tile_avx512};
  if (__builtin_cpu_supports("avx2")) return {2, 3, tile_avx2};
#endif
  return {1, 3, tile_plain};
}

constexpr std::size_t kBlockBytes = 384 << 10, kBlockRows = 64;  // of rows x that stay in the second cache while rows y pass by

// A row with such a sum of squares is taken as it is: no product of two of them comes near either end of the range of numbers.
constexpr double kLeastSquare = 0x1p-300, kMostSquare = 0x1p300;

// All rows at their scales in whole vectors: where they stand if they are so already, else in `room`. Zeros add nothing to a sum, and
// leave no tail to treat apart.
const double* vector_rows(const Rows& space, const std::vector<Measure>& measures, std::size_t stride, unsigned threads, std::unique_ptr<double[]>& room) {
  const bool stand = stride == space.columns && std::all_of(measures.begin(), measures.end(), [](Measure of) { return of.exponent == 0; });
  if (stand) return space.wide;
  room = std::make_unique_for_overwrite<double[]>(space.rows * stride);
  on_threads(threads, [&](unsigned part) {
    for (std::size_t i = space.rows * part / threads; i < space.rows * (part + 1) / threads; ++i) {
      double* out = &room[i * stride];
      const double* row = scaled_row(space, i, measures[i].exponent, out);
      if (row != out) std::copy_n(row, space.columns, out);
      std::fill(out + space.columns, out + stride, 0.0);
    }
  });
  return room.get();
}

// Of each row; where one is not finite, all is not known, and the answer is the first such row, else -1.
std::int64_t measure_rows(const Rows& space, unsigned threads, std::vector<Measure>& measures) {
  std::vector<std::int64_t> broken(threads, -1);
  on_threads(threads, [&](unsigned part) {
    std::vector<double> room(space.columns);
    for (std::size_t i = space.rows * part / threads; i < space.rows * (part + 1) / threads && broken[part] < 0; ++i) {
      measures[i] = measured_row(space, i, room.data());
      if (std::isnan(measures[i].square)) broken[part] = static_cast<std::int64_t>(i);
    }
  });
  const auto first = std::find_if(broken.begin(), broken.end(), [](std::int64_t row) { return row >= 0; });
  return first == broken.end() ? -1 : *first;
}

struct Vectors {
  const double* at;
  const Measure* measures;
  std::size_t rows, stride;
};

// The cosines of rows first .. end - 1 with all rows up to themselves, both ways round.
void block_of_cosines(const Vectors& of, const Tiling& tile, std::size_t first, std::size_t end, double* similarity) {
  const std::size_t height = tile.rows, width = tile.columns;
  const double *x[kMostPairs], *y[kMostPairs];
  double square_x[kMostPairs], square_y[kMostPairs], cosines[kMostPairs];
  const Sides sides{x, y, square_x, square_y, of.stride};
  for (std::size_t j = 0; j < end; j += width) {
    for (std::size_t c = 0; c < width; ++c) {
      const std::size_t item = std::min(j + c, of.rows - 1);
      y[c] = of.at + item * of.stride;
      for (std::size_t r = 0; r < height; ++r) square_y[r * width + c] = of.measures[item].square;
    }
    for (std::size_t i = first + (j > first ? (j - first) / height * height : 0); i < end; i += height) {
      for (std::size_t r = 0; r < height; ++r) {
        const std::size_t item = std::min(i + r, of.rows - 1);
        x[r] = of.at + item * of.stride;
        for (std::size_t c = 0; c < width; ++c) square_x[r * width + c] = of.measures[item].square;
      }
      tile.cosines(sides, cosines);
      for (std::size_t r = 0; r < height && i + r < end; ++r)
        for (std::size_t c = 0; c < width && j + c <= i + r; ++c)
          similarity[(i + r) * of.rows + j + c] = similarity[(j + c) * of.rows + i + r] = cosines[r * width + c];
    }
  }
}

}  // namespace

const double* scaled_row(const Rows& space, std::size_t i, std::int32_t exponent, double* room) {
  if (space.wide && exponent == 0) return space.wide + i * space.columns;
  if (space.wide)
    scaled(space.wide + i * space.columns, space.columns, exponent, room);
  else
    scaled(space.narrow + i * space.columns, space.columns, exponent, room);
  return room;
}

Measure measured_row(const Rows& space, std::size_t i, double* room) {
  const double* row = scaled_row(space, i, 0, room);
  const double square = dot(row, row, space.columns);
  if (square >= kLeastSquare && square <= kMostSquare) return {square, 0};
  const double largest = largest_magnitude(row, space.columns);
  if (std::isnan(largest)) return {std::numeric_limits<double>::quiet_NaN(), 0};
  int exponent = 0;
  std::frexp(largest, &exponent);
  row = scaled_row(space, i, exponent, room);
  return {dot(row, row, space.columns), exponent};
}

double dot(const double* x, const double* y, std::size_t columns) {
  double lane[kLanes] = {};
  std::size_t at = 0;
  for (; at + kLanes <= columns; at += kLanes)
    for (std::size_t l = 0; l < kLanes; ++l) lane[l] += x[at + l] * y[at + l];
  for (std::size_t l = 0; at + l < columns; ++l) lane[l] += x[at + l] * y[at + l];
  return joined(lane);
}

double cosine(double product, double square_x, double square_y) {
  // Divided once, at the end: rows of small whole numbers (bags of words) then tie exactly where they tie in truth.
  const double norms = std::sqrt(square_x * square_y);
  return norms == 0 ? 0 : std::clamp(product / norms, -1.0, 1.0);
}

std::int64_t cosine_similarity(const double* space, std::size_t rows, std::size_t columns, unsigned threads, double* similarity) {
  const Rows source{space, nullptr, rows, columns};
  const double n = static_cast<double>(rows);
  threads = threads_for(n * n / 2 * static_cast<double>(columns), threads);
  std::vector<Measure> measures(rows);
  if (const std::int64_t broken = measure_rows(source, threads, measures); broken >= 0) return broken;
  const std::size_t stride = (columns + kLanes - 1) / kLanes * kLanes;
  std::unique_ptr<double[]> room;
  const Vectors vectors{vector_rows(source, measures, stride, threads, room), measures.data(), rows, stride};

  const Tiling tile = tiling();
  const std::size_t height = tile.rows, most = std::min(kBlockRows, kBlockBytes / (stride * sizeof(double)));
  const std::size_t block = std::max<std::size_t>(1, most / height) * height, blocks = (rows + block - 1) / block;
  on_free_threads(threads, blocks, [&](unsigned, std::size_t item) {
    const std::size_t first = (blocks - 1 - item) * block;  // the longest first, so that all threads end at about the same time
    block_of_cosines(vectors, tile, first, std::min(rows, first + block), similarity);
  });
  return -1;
}

}  // namespace alva
