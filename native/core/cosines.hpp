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

// The power of two that brings a row's largest magnitude into [0.5, 1), and the sum of squares of the row so brought: 0 for a
// zero row, NaN where an entry is not finite.
struct Measure {
  double square;
  std::int32_t exponent;
};

// Row i times 2^-exponent: exact, and safe from overflow and underflow.
void scaled_row(const Rows& space, std::size_t i, std::int32_t exponent, double* out);

// Measures row i and leaves it scaled in `scaled` (`columns` doubles).
Measure measured_row(const Rows& space, std::size_t i, double* scaled);

// Eight running sums joined as a tree: an order that no compiler, thread count, block or BLAS changes.
double dot(const double* x, const double* y, std::size_t columns);

// From a product of scaled rows and their squares; 0 where either row is zero.
double cosine(double product, double square_x, double square_y);

// similarity[i * rows + j]: the cosine of rows i and j of a row-major rows x columns space; 0 where either row is zero. Each entry
// is cosine(dot(i, j)) whatever its place, so identical rows have identical similarities.
void cosine_similarity(const double* space, std::size_t rows, std::size_t columns, double* similarity);

}  // namespace alva
