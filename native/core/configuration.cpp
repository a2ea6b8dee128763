// A space's rows in few columns: by a Cholesky factor of their inner products where that is accurate, else by Householder reflections.
#include "configuration.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "cosines.hpp"
#include "lapack.hpp"

namespace alva {
namespace {

// The factor of a matrix of inner products loses as many digits as its condition number has, of sixteen; with this much left at least nine
// are right in each singular value, and the largest ones, of which nuclear norms are made, have nearly all.
constexpr double kLeastReciprocalCondition = 1e-7;
constexpr double kRounding = 1e-14;  // of the largest magnitude: less than that is not told from equal rows

constexpr std::size_t kLanes = 8;  // running results side by side, of which the compiler makes vectors

double largest_magnitude(const double* values, std::size_t count) {
  double most[kLanes] = {};
  std::size_t at = 0;
  const auto take = [&](std::size_t lane, double value) { most[lane] = std::max(most[lane], std::fabs(value)); };
  for (; at + kLanes <= count; at += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane) take(lane, values[at + lane]);
  for (; at < count; ++at) take(0, values[at]);
  return *std::max_element(most, most + kLanes);
}

// Centres the columns of a copy whose largest magnitude was brought into [0.5, 1) by the power of two `exponent`.
std::unique_ptr<double[]> centred(const double* space, std::size_t rows, std::size_t columns, int& exponent) {
  std::frexp(largest_magnitude(space, rows * columns), &exponent);
  // In two steps, because the power of two itself may be out of range.
  const double factor = std::ldexp(1.0, -exponent / 2), again = std::ldexp(1.0, -exponent - -exponent / 2);
  auto values = std::make_unique_for_overwrite<double[]>(rows * columns);
  std::vector<double> mean(columns, 0.0);
  for (std::size_t i = 0; i < rows; ++i) {
    const double* row = space + i * columns;
    double* out = &values[i * columns];
    for (std::size_t j = 0; j < columns; ++j) {
      out[j] = row[j] * factor * again;
      mean[j] += out[j];
    }
  }
  for (double& value : mean) value /= static_cast<double>(rows);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) values[i * columns + j] -= mean[j];
  return values;
}

// The weight of contrast i (Helmert): row i + 1 against the mean of those before it.
double weight(std::size_t i) { return 1 / std::sqrt(static_cast<double>((i + 1) * (i + 2))); }

// Replaces n rows by n - 1 orthonormal contrasts of them, which lose nothing of centred columns; the last row is left over.
void contrast(double* values, std::size_t rows, std::size_t columns) {
  std::vector<double> sum(values, values + columns);
  for (std::size_t i = 0; i + 1 < rows; ++i) {
    const double of = weight(i), times = static_cast<double>(i + 1);
    double *out = values + i * columns, *next = out + columns;
    for (std::size_t j = 0; j < columns; ++j) {
      const double value = next[j];
      out[j] = of * (sum[j] - times * value);
      sum[j] += value;
    }
  }
}

// Into `factor` (m x m, row-major, lower triangle): L with L L' the inner products of m rows; false where that would be inaccurate.
bool cholesky(const double* values, int m, int columns, std::vector<double>& factor) {
  const double one = 1, zero = 0;
  dsyrk_("U", "T", &m, &columns, &one, values, &columns, &zero, factor.data(), &m);
  std::vector<double> sums(m, 0.0);
  for (int i = 0; i < m; ++i)
    for (int j = 0; j <= i; ++j) {
      const double magnitude = std::fabs(factor[j + static_cast<std::size_t>(i) * m]);
      sums[j] += magnitude;
      if (i != j) sums[i] += magnitude;
    }
  const double norm = *std::max_element(sums.begin(), sums.end());  // the largest column sum of magnitudes
  int info = 0;
  dpotrf_("U", &m, factor.data(), &m, &info);
  if (info != 0) return false;
  double reciprocal = 0;
  std::vector<double> work(3 * static_cast<std::size_t>(m));
  std::vector<int> integers(m);
  dpocon_("U", &m, factor.data(), &m, &norm, &reciprocal, work.data(), integers.data(), &info);
  return info == 0 && reciprocal >= kLeastReciprocalCondition;
}

// The same by reflections, which lose no digits: the rows X are (Q R)' for the columns-first X' = Q R, and L = R'.
void reflect(double* values, int m, int columns, std::vector<double>& factor) {
  std::vector<double> reflectors(m);
  double wanted = 0;
  int length = -1, info = 0;
  dgeqrf_(&columns, &m, values, &columns, reflectors.data(), &wanted, &length, &info);
  length = static_cast<int>(wanted);
  std::vector<double> work(length);
  dgeqrf_(&columns, &m, values, &columns, reflectors.data(), work.data(), &length, &info);
  if (info != 0) throw std::runtime_error("a space could not be reflected (dgeqrf " + std::to_string(info) + ")");
  for (int i = 0; i < m; ++i) std::copy_n(values + static_cast<std::size_t>(i) * columns, i + 1, &factor[static_cast<std::size_t>(i) * m]);
}

// Contrasts back to rows: scores (n x m, row-major) of a lower triangular factor of n - 1 = m contrasts, divided by `norm`.
void unfold(const std::vector<double>& factor, std::size_t m, double norm, double* scores) {
  std::vector<double> after(m, 0.0);  // what the contrasts from row t on add to it
  for (std::size_t t = m + 1; t-- > 0;) {
    const double* contrast = factor.data() + t * m;
    const double of = weight(t) / norm;
    for (std::size_t j = 0; t < m && j <= t; ++j) after[j] += of * contrast[j];
    double* row = scores + t * m;
    std::copy(after.begin(), after.end(), row);
    if (t == 0) break;
    const double own = static_cast<double>(t) * weight(t - 1) / norm;
    for (std::size_t j = 0; j < t; ++j) row[j] -= own * (contrast - m)[j];
  }
}

}  // namespace

double configuration(const double* space, std::size_t rows, std::size_t columns, double* scores) {
  one_blas_thread();
  int exponent = 0;
  const auto values = centred(space, rows, columns, exponent);
  const double squares = dot(values.get(), values.get(), rows * columns);
  const std::size_t m = std::min(rows - 1, columns);
  if (squares <= kRounding * kRounding * static_cast<double>(rows * columns)) {
    std::fill_n(scores, rows * m, 0.0);
    return 0;
  }
  const double norm = std::sqrt(squares);
  if (columns < rows) {
    for (std::size_t at = 0; at < rows * m; ++at) scores[at] = values[at] / norm;
  } else {
    contrast(values.get(), rows, columns);
    std::vector<double> factor(m * m);
    const int n_contrasts = static_cast<int>(m), n_columns = static_cast<int>(columns);
    if (!cholesky(values.get(), n_contrasts, n_columns, factor)) reflect(values.get(), n_contrasts, n_columns, factor);
    unfold(factor, m, norm, scores);
  }
  return std::ldexp(norm, exponent);
}

}  // namespace alva
