// Products and singular vectors of dense row-major matrices, by BLAS and LAPACK on one thread.
#include "products.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "lapack.hpp"

namespace alva {

void matrix_product(const double* a, bool a_transposed, const double* b, bool b_transposed, std::size_t rows, std::size_t inner,
                    std::size_t columns, double* out) {
  one_blas_thread();
  const int m = static_cast<int>(rows), k = static_cast<int>(inner), n = static_cast<int>(columns);
  const double one = 1, zero = 0;
  // Row-major C = A B reads as column-major C' = B' A'.
  dgemm_(b_transposed ? "T" : "N", a_transposed ? "T" : "N", &n, &m, &k, &one, b, b_transposed ? &k : &n, a, a_transposed ? &m : &k, &zero,
         out, &n);
}

void singular_vectors(const double* m, std::size_t rows, std::size_t columns, double* left, double* values, double* right) {
  check_decomposed("m", rows, columns);
  one_blas_thread();
  std::vector<double> copy(m, m + rows * columns);
  const int height = static_cast<int>(columns), width = static_cast<int>(rows), least = std::min(height, width);
  std::vector<int> integers(8 * static_cast<std::size_t>(least));
  double wanted = 0;
  int length = -1, info = 0;
  const auto decompose = [&](double* work) {
    // Row-major M is column-major M', whose left singular vectors are the right ones of M.
    dgesdd_("S", &height, &width, copy.data(), &height, values, right, &height, left, &least, work, &length, integers.data(), &info);
  };
  decompose(&wanted);
  length = static_cast<int>(wanted);
  std::vector<double> work(length);
  decompose(work.data());
  if (info != 0) throw std::runtime_error("the singular vectors of a matrix did not converge (dgesdd " + std::to_string(info) + ")");
}

}  // namespace alva
