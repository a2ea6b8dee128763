// Cross products of two centred spaces, through their columns or through their rows, whichever costs less.
#include "crossproducts.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "columnproducts.hpp"
#include "finite.hpp"
#include "lapack.hpp"
#include "threads.hpp"

namespace alva {
namespace {

struct Centred {
  std::vector<double> values;
  std::vector<double> squares;  // of each row
  int columns;
};

Centred centred(const double* space, std::size_t rows, std::size_t columns) {
  Centred out{std::vector<double>(rows * columns), std::vector<double>(rows), static_cast<int>(columns)};
  double largest = 0;
  for (std::size_t at = 0; at < rows * columns; ++at) largest = std::max(largest, std::fabs(space[at]));
  int exponent = 0;
  std::frexp(largest, &exponent);
  // In two steps, because the power of two itself may be out of range.
  const double factor = std::ldexp(1.0, -exponent / 2), again = std::ldexp(1.0, -exponent - -exponent / 2);
  std::vector<double> mean(columns, 0.0);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) {
      const double value = space[i * columns + j] * factor * again;
      out.values[i * columns + j] = value;
      mean[j] += value;
    }
  for (double& value : mean) value /= static_cast<double>(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    double* row = &out.values[i * columns];
    double sum = 0;
    for (std::size_t j = 0; j < columns; ++j) {
      row[j] -= mean[j];
      sum += row[j] * row[j];
    }
    out.squares[i] = sum;
  }
  return out;
}

double dot(const std::vector<double>& x, const std::vector<double>& y) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += x[i] * y[i];
  return sum;
}

// The lower triangle (as LAPACK sees it) of AA'.
std::vector<double> symmetric_product(const Centred& space, int rows) {
  std::vector<double> out(static_cast<std::size_t>(rows) * rows);
  const double one = 1, zero = 0;
  dsyrk_("L", "T", &rows, &space.columns, &one, space.values.data(), &space.columns, &zero, out.data(), &rows);
  return out;
}

// The sum of products of two symmetric matrices of which only the lower triangle is known.
double product_of_symmetric(const std::vector<double>& x, const std::vector<double>& y) {
  const auto n = static_cast<std::size_t>(std::sqrt(static_cast<double>(x.size())) + 0.5);
  double beside = 0, on = 0;
  for (std::size_t j = 0; j < n; ++j) {
    on += x[j * n + j] * y[j * n + j];
    double column = 0;
    for (std::size_t i = j + 1; i < n; ++i) column += x[j * n + i] * y[j * n + i];
    beside += column;
  }
  return on + 2 * beside;
}

}  // namespace

std::optional<CrossProducts> cross_products(const double* a, std::size_t a_columns, const double* b, std::size_t b_columns, std::size_t rows,
                                            unsigned threads) {
  const double all = static_cast<double>(a_columns + b_columns), n = static_cast<double>(rows);
  // (p + q)^2 n against (p + q) n^2 multiplications, halves being left out
  if (a_columns + b_columns <= rows)
    return column_products(a, a_columns, b, b_columns, rows, threads_for(all * all * n / 2, threads), *tile_forms().front(), *pack_forms().front());
  if (first_not_finite(a, rows * a_columns) < rows * a_columns || first_not_finite(b, rows * b_columns) < rows * b_columns) return {};
  one_blas_thread();
  Centred spaces[2];
  std::vector<double> products[2];
  const unsigned parts = std::min(2u, threads_for(all * n * n / 2, threads));
  on_threads(parts, [&](unsigned part) {
    for (unsigned of = part; of < 2; of += parts) {
      spaces[of] = of == 0 ? centred(a, rows, a_columns) : centred(b, rows, b_columns);
      products[of] = symmetric_product(spaces[of], static_cast<int>(rows));
    }
  });
  const auto &[x, y] = spaces;
  const auto &[aa, bb] = products;
  CrossProducts out{};
  out.aa.squares = product_of_symmetric(aa, aa);
  out.bb.squares = product_of_symmetric(bb, bb);
  out.ab.squares = product_of_symmetric(aa, bb);
  out.aa.diagonal = dot(x.squares, x.squares);
  out.bb.diagonal = dot(y.squares, y.squares);
  out.ab.diagonal = dot(x.squares, y.squares);
  for (const double square : x.squares) out.trace_a += square;
  for (const double square : y.squares) out.trace_b += square;
  return out;
}

}  // namespace alva
