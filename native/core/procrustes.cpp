// The best rotation of one space onto another: its nuclear norm, as observed and with the items of one space permuted.
#include "procrustes.hpp"

#include <algorithm>
#include <vector>

#include "bidiagonal.hpp"
#include "lapack.hpp"
#include "rootsum.hpp"
#include "threads.hpp"

namespace alva {
namespace {

// One thread's room for the product of a pair of spaces and its bidiagonal form.
class Rotation {
 public:
  Rotation(const double* a, std::size_t a_columns, std::size_t b_columns, std::size_t rows)
      : a_(a), a_columns_(static_cast<int>(a_columns)), b_columns_(static_cast<int>(b_columns)), rows_(static_cast<int>(rows)),
        product_(std::max(a_columns, b_columns), std::min(a_columns, b_columns)) {}

  double nuclear_norm(const double* b) {
    // Row-major A'B is column-major B'A; either has the singular values, and the taller one is reduced.
    if (a_columns_ >= b_columns_)
      multiply(b, b_columns_, a_, a_columns_);
    else
      multiply(a_, a_columns_, b, b_columns_);
    product_.reduce();
    return sum_of_singular_values(product_.diagonal(), product_.above());
  }

 private:
  void multiply(const double* x, int x_columns, const double* y, int y_columns) {
    const double one = 1, zero = 0;
    const int stride = static_cast<int>(product_.stride());
    dgemm_("N", "T", &x_columns, &y_columns, &rows_, &one, x, &x_columns, y, &y_columns, &zero, product_.matrix(), &stride);
  }

  const double* a_;
  int a_columns_, b_columns_, rows_;
  Bidiagonal product_;
};

}  // namespace

double nuclear_norm(const double* a, std::size_t a_columns, const double* b, std::size_t b_columns, std::size_t rows) {
  one_blas_thread();
  return Rotation(a, a_columns, b_columns, rows).nuclear_norm(b);
}

void permuted_nuclear_norms(const double* a, std::size_t a_columns, const double* b, std::size_t b_columns, std::size_t rows,
                            const Shuffle& shuffle, std::uint32_t first, std::uint32_t count, unsigned threads, double* norms) {
  one_blas_thread();
  threads = std::max(1u, threads);
  on_threads(threads, [&](unsigned part) {
    Rotation rotation(a, a_columns, b_columns, rows);
    std::vector<double> permuted(rows * b_columns);
    std::vector<std::uint32_t> image;
    for (std::uint64_t i = part; i < count; i += threads) {
      shuffle.draw(static_cast<std::uint32_t>(first + i), image);
      for (std::size_t row = 0; row < rows; ++row) std::copy_n(b + image[row] * b_columns, b_columns, &permuted[row * b_columns]);
      norms[i] = rotation.nuclear_norm(permuted.data());
    }
  });
}

}  // namespace alva
