// A space's rows in few columns: by a Cholesky factor of their inner products where that is accurate, else by Householder reflections.
#include "configuration.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "lapack.hpp"

namespace alva {
namespace {

// The factor of a matrix of inner products loses as many digits as its condition number has, of sixteen; with this much left at least nine
// are right in each singular value, and the largest ones, of which nuclear norms are made, have nearly all.
constexpr double kLeastReciprocalCondition = 1e-7;
constexpr double kRounding = 1e-14;  // of the largest magnitude: less than that is not told from equal rows

// Centres the columns of a copy whose largest magnitude was brought into [0.5, 1) by the power of two `exponent`.
std::vector<double> centred(const double* space, std::size_t rows, std::size_t columns, int& exponent) {
  double largest = 0;
  for (std::size_t at = 0; at < rows * columns; ++at) largest = std::max(largest, std::fabs(space[at]));
  std::frexp(largest, &exponent);
  // In two steps, because the power of two itself may be out of range.
  const double factor = std::ldexp(1.0, -exponent / 2), again = std::ldexp(1.0, -exponent - -exponent / 2);
  std::vector<double> values(rows * columns), mean(columns, 0.0);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) mean[j] += values[i * columns + j] = space[i * columns + j] * factor * again;
  for (double& value : mean) value /= static_cast<double>(rows);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) values[i * columns + j] -= mean[j];
  return values;
}

// The weight of contrast i (Helmert): row i + 1 against the mean of those before it.
double weight(std::size_t i) { return 1 / std::sqrt(static_cast<double>((i + 1) * (i + 2))); }

// Replaces n rows by n - 1 orthonormal contrasts of them, which lose nothing of centred columns; the last row is left over.
void contrast(std::vector<double>& values, std::size_t rows, std::size_t columns) {
  std::vector<double> sum(values.begin(), values.begin() + columns);
  for (std::size_t i = 0; i + 1 < rows; ++i) {
    const double of = weight(i), times = static_cast<double>(i + 1);
    double *out = &values[i * columns], *next = out + columns;
    for (std::size_t j = 0; j < columns; ++j) {
      const double value = next[j];
      out[j] = of * (sum[j] - times * value);
      sum[j] += value;
    }
  }
}

// Into `factor` (m x m, column-major, lower triangle): L with L L' the inner products of m rows; false where that would be inaccurate.
bool cholesky(const std::vector<double>& values, int m, int columns, std::vector<double>& factor) {
  const double one = 1, zero = 0;
  dsyrk_("L", "T", &m, &columns, &one, values.data(), &columns, &zero, factor.data(), &m);
  double norm = 0;  // the largest column sum of magnitudes
  std::vector<double> sums(m, 0.0);
  for (int j = 0; j < m; ++j)
    for (int i = j; i < m; ++i) {
      const double magnitude = std::fabs(factor[i + static_cast<std::size_t>(j) * m]);
      sums[j] += magnitude;
      if (i != j) sums[i] += magnitude;
    }
  norm = *std::max_element(sums.begin(), sums.end());
  int info = 0;
  dpotrf_("L", &m, factor.data(), &m, &info);
  if (info != 0) return false;
  double reciprocal = 0;
  std::vector<double> work(3 * static_cast<std::size_t>(m));
  std::vector<int> integers(m);
  dpocon_("L", &m, factor.data(), &m, &norm, &reciprocal, work.data(), integers.data(), &info);
  return info == 0 && reciprocal >= kLeastReciprocalCondition;
}

// The same by reflections, which lose no digits: the rows X are (Q R)' for the columns-first X' = Q R, and L = R'.
void reflect(std::vector<double>& values, int m, int columns, std::vector<double>& factor) {
  std::vector<double> reflectors(m);
  double wanted = 0;
  int length = -1, info = 0;
  dgeqrf_(&columns, &m, values.data(), &columns, reflectors.data(), &wanted, &length, &info);
  length = static_cast<int>(wanted);
  std::vector<double> work(length);
  dgeqrf_(&columns, &m, values.data(), &columns, reflectors.data(), work.data(), &length, &info);
  if (info != 0) throw std::runtime_error("a space could not be reflected (dgeqrf " + std::to_string(info) + ")");
  for (int i = 0; i < m; ++i)
    for (int j = 0; j <= i; ++j) factor[i + static_cast<std::size_t>(j) * m] = values[j + static_cast<std::size_t>(i) * columns];
}

// Contrasts back to rows: scores (n x m, row-major) of a lower triangular factor of n - 1 = m contrasts.
void unfold(const std::vector<double>& factor, std::size_t m, double* scores) {
  for (std::size_t j = 0; j < m; ++j) {
    const double* column = &factor[j * m];
    double after = 0;  // what the contrasts from row t on add to it
    for (std::size_t t = m + 1; t-- > 0;) {
      if (t < m && t >= j) after += weight(t) * column[t];
      const double own = t > j ? -static_cast<double>(t) * weight(t - 1) * column[t - 1] : 0;
      scores[t * m + j] = after + own;
    }
  }
}

}  // namespace

double configuration(const double* space, std::size_t rows, std::size_t columns, double* scores) {
  one_blas_thread();
  int exponent = 0;
  std::vector<double> values = centred(space, rows, columns, exponent);
  double squares = 0;
  for (const double value : values) squares += value * value;
  const std::size_t m = std::min(rows - 1, columns);
  if (squares <= kRounding * kRounding * static_cast<double>(rows * columns)) {
    std::fill_n(scores, rows * m, 0.0);
    return 0;
  }
  const double norm = std::sqrt(squares);
  if (columns < rows) {
    std::copy(values.begin(), values.end(), scores);
  } else {
    contrast(values, rows, columns);
    std::vector<double> factor(m * m);
    const int n_contrasts = static_cast<int>(m), n_columns = static_cast<int>(columns);
    if (!cholesky(values, n_contrasts, n_columns, factor)) reflect(values, n_contrasts, n_columns, factor);
    unfold(factor, m, scores);
  }
  for (std::size_t at = 0; at < rows * m; ++at) scores[at] /= norm;
  return std::ldexp(norm, exponent);
}

}  // namespace alva
