// The cosine of two rows, to the last bit the same whoever asks.
#include "cosines.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

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

// The order in which dot joins its running sums.
inline double joined(const double* lane) {
  return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

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

struct Tiling {
  int rows, columns;
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
  constexpr int n = 24;
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

constexpr std::size_t kBlockBytes = 384 << 10;  // of rows x that stay in the second cache while rows y pass by

// A row with such a sum of squares is taken as it is: no product of two of them comes near either end of the range of numbers.
constexpr double kLeastSquare = 0x1p-300, kMostSquare = 0x1p300;

// All rows at their scales in whole vectors: where they stand if they are so already, else in `room`. Zeros add nothing to a sum, and
// leave no tail to treat apart.
const double* vector_rows(const Rows& space, const std::vector<Measure>& measures, std::size_t stride, std::unique_ptr<double[]>& room) {
  const bool stand = stride == space.columns && std::all_of(measures.begin(), measures.end(), [](Measure of) { return of.exponent == 0; });
  if (stand) return space.wide;
  room = std::make_unique_for_overwrite<double[]>(space.rows * stride);
  for (std::size_t i = 0; i < space.rows; ++i) {
    double* out = &room[i * stride];
    const double* row = scaled_row(space, i, measures[i].exponent, out);
    if (row != out) std::copy_n(row, space.columns, out);
    std::fill(out + space.columns, out + stride, 0.0);
  }
  return room.get();
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

std::int64_t cosine_similarity(const double* space, std::size_t rows, std::size_t columns, double* similarity) {
  const Rows source{space, nullptr, rows, columns};
  const std::size_t stride = (columns + kLanes - 1) / kLanes * kLanes;
  std::vector<Measure> measures(rows);
  std::vector<double> row(columns);
  for (std::size_t i = 0; i < rows; ++i) {
    measures[i] = measured_row(source, i, row.data());
    if (std::isnan(measures[i].square)) return static_cast<std::int64_t>(i);
  }
  std::unique_ptr<double[]> room;
  const double* vectors = vector_rows(source, measures, stride, room);

  const Tiling tile = tiling();
  const std::size_t height = tile.rows, width = tile.columns;
  const std::size_t block = std::max<std::size_t>(1, kBlockBytes / (stride * sizeof(double) * height)) * height;
  std::vector<const double*> x(height), y(width);
  std::vector<double> square_x(height * width), square_y(height * width), cosines(height * width);
  const Sides sides{x.data(), y.data(), square_x.data(), square_y.data(), stride};
  for (std::size_t first = 0; first < rows; first += block) {
    const std::size_t end = std::min(rows, first + block);
    for (std::size_t j = 0; j < end; j += width) {
      for (std::size_t c = 0; c < width; ++c) {
        const std::size_t item = std::min(j + c, rows - 1);
        y[c] = vectors + item * stride;
        for (std::size_t r = 0; r < height; ++r) square_y[r * width + c] = measures[item].square;
      }
      for (std::size_t i = first + (j > first ? (j - first) / height * height : 0); i < end; i += height) {
        for (std::size_t r = 0; r < height; ++r) {
          const std::size_t item = std::min(i + r, rows - 1);
          x[r] = vectors + item * stride;
          for (std::size_t c = 0; c < width; ++c) square_x[r * width + c] = measures[item].square;
        }
        tile.cosines(sides, cosines.data());
        for (std::size_t r = 0; r < height && i + r < end; ++r)
          for (std::size_t c = 0; c < width && j + c <= i + r; ++c)
            similarity[(i + r) * rows + j + c] = similarity[(j + c) * rows + i + r] = cosines[r * width + c];
      }
    }
  }
  return -1;
}

}  // namespace alva
