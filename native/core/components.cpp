// Principal components of one space.
#include "components.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "lapack.hpp"

namespace alva {
namespace {

// Centres the columns of a copy that was brought to a largest magnitude in [0.5, 1) by the power of two `exponent`.
std::vector<double> centred(const double* space, std::size_t rows, std::size_t columns, int& exponent) {
  std::vector<double> values(space, space + rows * columns);
  double largest = 0;
  for (const double value : values) largest = std::max(largest, std::fabs(value));
  std::frexp(largest, &exponent);
  for (double& value : values) value = std::ldexp(value, -exponent);
  std::vector<double> mean(columns, 0.0);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) mean[j] += values[i * columns + j];
  for (double& value : mean) value /= static_cast<double>(rows);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) values[i * columns + j] -= mean[j];
  return values;
}

// Turns a wide space X (rows < columns) into the square factor R' of X' = Q R: the same distances between the rows.
// The Gram matrix would do it at half the cost and with half the digits.
void reduce_columns(std::vector<double>& values, int rows, int columns) {
  std::vector<double> reflectors(rows);
  double wanted = 0;
  int length = -1, info = 0;
  dgeqrf_(&columns, &rows, values.data(), &columns, reflectors.data(), &wanted, &length, &info);
  length = static_cast<int>(wanted);
  std::vector<double> work(length);
  dgeqrf_(&columns, &rows, values.data(), &columns, reflectors.data(), work.data(), &length, &info);
  std::vector<double> square(static_cast<std::size_t>(rows) * rows, 0.0);
  for (int i = 0; i < rows; ++i)
    std::copy_n(&values[static_cast<std::size_t>(i) * columns], i + 1, &square[static_cast<std::size_t>(i) * rows]);
  values = std::move(square);
}

}  // namespace

void principal_components(const double* space, std::size_t rows, std::size_t columns, double* scores, double* singular_values) {
  check_decomposed("space", rows, columns);
  one_blas_thread();
  int exponent = 0;
  auto values = centred(space, rows, columns, exponent);
  const int n = static_cast<int>(rows);
  if (columns > rows) reduce_columns(values, n, static_cast<int>(columns));
  const int d = static_cast<int>(std::min(rows, columns));

  // Row-major rows x d is column-major d x rows: its right singular vectors belong to the items.
  std::vector<double> left(static_cast<std::size_t>(d) * d), items(static_cast<std::size_t>(d) * rows);
  std::vector<int> integers(8 * static_cast<std::size_t>(d));
  double wanted = 0;
  int length = -1, info = 0;
  dgesdd_("S", &d, &n, values.data(), &d, singular_values, left.data(), &d, items.data(), &d, &wanted, &length, integers.data(), &info);
  length = static_cast<int>(wanted);
  std::vector<double> work(length);
  dgesdd_("S", &d, &n, values.data(), &d, singular_values, left.data(), &d, items.data(), &d, work.data(), &length,
          integers.data(), &info);
  if (info != 0) throw std::runtime_error("the singular values of a space did not converge (dgesdd " + std::to_string(info) + ")");

  for (int c = 0; c < d; ++c) {
    singular_values[c] = std::ldexp(singular_values[c], exponent);
    double peak = 0;
    for (std::size_t i = 0; i < rows; ++i)
      if (std::fabs(items[i * d + c]) > std::fabs(peak)) peak = items[i * d + c];
    const double signed_value = peak < 0 ? -singular_values[c] : singular_values[c];
    for (std::size_t i = 0; i < rows; ++i) scores[i * d + c] = items[i * d + c] * signed_value;
  }
}

}  // namespace alva
