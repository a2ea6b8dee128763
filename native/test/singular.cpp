// The bidiagonal form and the sum of singular values by themselves: known answers, and LAPACK's singular values.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <limits>
#include <numeric>
#include <vector>

#include "bidiagonal.hpp"
#include "products.hpp"
#include "random.hpp"
#include "rootsum.hpp"

static int failures = 0;

static void check(bool holds, const char* what, std::size_t rows, std::size_t columns) {
  if (holds) return;
  std::printf("failed: %s (%zu x %zu)\n", what, rows, columns);
  ++failures;
}

using Entry = std::function<double(std::size_t, std::size_t)>;

static std::vector<double> filled(std::size_t rows, std::size_t columns, const Entry& entry) {
  std::vector<double> values(rows * columns);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) values[i * columns + j] = entry(i, j);
  return values;
}

static void reduce(alva::Bidiagonal& form, const std::vector<double>& values, std::size_t rows, std::size_t columns) {
  for (std::size_t i = 0; i < rows; ++i) std::copy_n(&values[i * columns], columns, form.matrix() + i * form.stride());
  form.reduce();
}

static double total(const alva::Bidiagonal& form) { return alva::sum_of_singular_values(form.diagonal(), form.above()); }

static void test_against_lapack(std::size_t rows, std::size_t columns, const std::vector<double>& values, const char* what) {
  alva::Bidiagonal form(rows, columns);
  reduce(form, values, rows, columns);
  std::vector<double> left(rows * columns), singular(columns), right(columns * columns);
  alva::singular_vectors(values.data(), rows, columns, left.data(), singular.data(), right.data());
  const double expected = std::accumulate(singular.begin(), singular.end(), 0.0), found = total(form);
  check(std::fabs(found - expected) <= 1e-13 * expected, what, rows, columns);
  double squares = 0, kept = 0;
  for (const double value : values) squares += value * value;
  for (std::size_t i = 0; i < columns; ++i) kept += std::pow(form.diagonal()[i], 2) + (i + 1 < columns ? std::pow(form.above()[i], 2) : 0);
  check(std::fabs(kept - squares) <= 1e-13 * squares, "reflections keep the Frobenius norm", rows, columns);
  const double before = found;
  reduce(form, values, rows, columns);
  check(total(form) == before, "a room that is used again answers the same bits", rows, columns);
}

int main() {
  alva::Random random(1);
  const Entry drawn = [&](std::size_t, std::size_t) { return random.uint32() / 4294967296.0 - 0.5; };
  for (const auto& size : {std::pair<std::size_t, std::size_t>{1, 1}, {2, 1}, {2, 2}, {3, 2}, {9, 8}, {17, 9}, {64, 64}, {107, 107}, {200, 5}, {131, 130}}) {
    const std::size_t rows = size.first, columns = size.second;
    const auto any = filled(rows, columns, drawn);
    test_against_lapack(rows, columns, any, "a drawn matrix has the sum of LAPACK's singular values");
    test_against_lapack(rows, columns, filled(rows, columns, [&](std::size_t i, std::size_t j) { return any[i * columns + j] * std::pow(10.0, -0.2 * j); }),
                        "a graded one has");
    test_against_lapack(rows, columns, filled(rows, columns, [&](std::size_t i, std::size_t j) { return any[i / 5 * 5 * columns + j]; }), "one of equal rows has");
    test_against_lapack(rows, columns, filled(rows, columns, [&](std::size_t i, std::size_t j) { return any[i * columns] * any[j]; }), "one of rank 1 has");
    test_against_lapack(rows, columns, filled(rows, columns, [&](std::size_t i, std::size_t j) { return i == j ? 1.0 + i : 0.0; }), "a diagonal one has");

    alva::Bidiagonal form(rows, columns);
    reduce(form, std::vector<double>(rows * columns, 0.0), rows, columns);
    check(total(form) == 0, "a zero matrix has no singular values but 0", rows, columns);
    reduce(form, filled(rows, columns, [](std::size_t, std::size_t) { return std::numeric_limits<double>::quiet_NaN(); }), rows, columns);
    check(std::isnan(total(form)), "what is not a number has no sum", rows, columns);
  }
  check(std::fabs(alva::sum_of_singular_values({3, 0}, {4, 0}) - 5) < 1e-14, "the singular values of (3 4; 0 0) are 5 and 0", 2, 2);
  if (failures == 0) std::printf("singular: all passed\n");
  return failures == 0 ? 0 : 1;
}
