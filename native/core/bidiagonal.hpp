// The bidiagonal form of a dense matrix, which has its singular values.
#pragma once
#include <cstddef>
#include <vector>

namespace alva {

// Room for matrices of one size, and the diagonals of the last one.
class Bidiagonal {
 public:
  Bidiagonal(std::size_t rows, std::size_t columns);  // rows >= columns >= 1

  // Where the next matrix has to be written, row i at i * stride(); reduce() destroys it. What lies between the rows stays 0.
  double* matrix() { return matrix_.data(); }
  std::size_t stride() const { return stride_; }

  // By Householder reflections from both sides in turn, each pair in one sweep over what is left (the idea of Howell et al. 2008,
  // "Cache efficient bidiagonalization using BLAS 2.5 operators"). Entries should be about 1 at most, and what is below 1e-145 counts as 0.
  void reduce();

  // Their magnitudes: `columns` on the diagonal, as many above it, the last of which is 0.
  const std::vector<double>& diagonal() const { return diagonal_; }
  const std::vector<double>& above() const { return above_; }

 private:
  std::size_t rows_, columns_, stride_;
  std::vector<double> matrix_, diagonal_, above_, left_, right_, product_, next_;
};

}  // namespace alva
