// The cosine of two rows, to the last bit the same whoever asks: rows of float64 or float32, one pair or a whole matrix.
#pragma once
#include <cstddef>
#include <cstdint>

namespace alva {

// A row-major space as the caller has it; exactly one pointer is set. Float32 values are widened, which is exact.
struct Rows {
  const double* wide;
  const float* narrow;
  std::size_t rows, columns;
};

// A row's scale and its sum of squares at that scale: 0 for a zero row, NaN where an entry is not finite. Rows of ordinary magnitude
// have the exponent 0; of others it brings the largest magnitude into [0.5, 1).
struct Measure {
  double square;
  std::int32_t exponent;
};

// Row i times 2^-exponent, exact, and safe from overflow and underflow: where it stands if it is so already, else in `room`
// (`columns` doubles).
const double* scaled_row(const Rows& space, std::size_t i, std::int32_t exponent, double* room);

Measure measured_row(const Rows& space, std::size_t i, double* room);

// Eight running sums joined as a tree: an order that no compiler, thread count, block or BLAS changes.
double dot(const double* x, const double* y, std::size_t columns);

// The tree: of eight running sums.
inline double joined(const double* lane) {
  return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

// From a product of scaled rows and their squares; 0 where either row is zero.
double cosine(double product, double square_x, double square_y);

// similarity[i * rows + j]: the cosine of rows i and j of a row-major rows x columns space; 0 where either row is zero. Each entry
// is cosine(dot(i, j)) whatever its place and thread, so identical rows have identical similarities. Answers -1, or the first row with
// an entry that is not finite.
std::int64_t cosine_similarity(const double* space, std::size_t rows, std::size_t columns, unsigned threads, double* similarity);

}  // namespace alva
