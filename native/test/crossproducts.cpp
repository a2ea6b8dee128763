// Cross products through columns: every form to the same bits, and what plain sums give, at any magnitude.
#include "crossproducts.hpp"

#include <cmath>
#include <cstdio>
#include <cstring>
#include <vector>

#include "columnproducts.hpp"
#include "random.hpp"

static int failures = 0;

static void check(bool holds, const char* what) {
  if (holds) return;
  std::printf("failed: %s\n", what);
  ++failures;
}

struct Space {
  std::size_t columns;
  std::vector<double> values;
};

static Space drawn(std::size_t rows, std::size_t columns, std::uint32_t seed) {
  alva::Random random(seed);
  Space space{columns, std::vector<double>(rows * columns)};
  for (double& value : space.values) value = random.uint32() / 4294967296.0 + 0.1 * static_cast<double>(seed);
  return space;
}

static Space times(Space space, double factor) {
  for (double& value : space.values) value *= factor;
  return space;
}

static Space centred(Space space, std::size_t rows) {
  for (std::size_t j = 0; j < space.columns; ++j) {
    double sum = 0;
    for (std::size_t i = 0; i < rows; ++i) sum += space.values[i * space.columns + j];
    for (std::size_t i = 0; i < rows; ++i) space.values[i * space.columns + j] -= sum / static_cast<double>(rows);
  }
  return space;
}

static double squares_plainly(const Space& a, const Space& b, std::size_t rows) {
  double squares = 0;
  for (std::size_t p = 0; p < a.columns; ++p)
    for (std::size_t q = 0; q < b.columns; ++q) {
      double sum = 0;
      for (std::size_t i = 0; i < rows; ++i) sum += a.values[i * a.columns + p] * b.values[i * b.columns + q];
      squares += sum * sum;
    }
  return squares;
}

static double diagonal_plainly(const Space& a, const Space& b, std::size_t rows) {
  const auto square = [](const Space& of, std::size_t i) {
    double sum = 0;
    for (std::size_t j = 0; j < of.columns; ++j) sum += of.values[i * of.columns + j] * of.values[i * of.columns + j];
    return sum;
  };
  double diagonal = 0;
  for (std::size_t i = 0; i < rows; ++i) diagonal += square(a, i) * square(b, i);
  return diagonal;
}

static bool near(double found, double wanted) { return std::fabs(found - wanted) <= 1e-12 * std::fabs(wanted); }

static alva::CrossProducts through(const Space& a, const Space& b, std::size_t rows, const alva::TileForm& form) {
  return alva::column_products(a.values.data(), a.columns, b.values.data(), b.columns, rows, form);
}

int main() {
  const auto& forms = alva::tile_forms();
  for (const std::size_t rows : {3, 249, 250, 251, 520})
    for (const auto& [p, q] : {std::pair<std::size_t, std::size_t>{1, 1}, {16, 8}, {17, 31}, {7, 130}}) {
      const Space a = drawn(rows, p, 1), b = drawn(rows, q, 2), x = centred(a, rows), y = centred(b, rows);
      const auto found = through(a, b, rows, *forms.front());
      for (const auto* form : forms) {
        const auto same = through(a, b, rows, *form);
        check(std::memcmp(&found, &same, sizeof found) == 0, form->name);
      }
      // Both are scaled by a power of two, which these ratios do not see.
      check(near(found.ab.squares * found.ab.squares / (found.aa.squares * found.bb.squares),
                 std::pow(squares_plainly(x, y, rows), 2) / (squares_plainly(x, x, rows) * squares_plainly(y, y, rows))),
            "the shared squares are those of plain sums");
      check(near(found.aa.diagonal / found.aa.squares, diagonal_plainly(x, x, rows) / squares_plainly(x, x, rows)) &&
                near(found.bb.diagonal / found.bb.squares, diagonal_plainly(y, y, rows) / squares_plainly(y, y, rows)) &&
                near(found.ab.diagonal / found.ab.squares, diagonal_plainly(x, y, rows) / squares_plainly(x, y, rows)),
            "the diagonals are those of plain sums");
      check(near(found.trace_a * found.trace_a / found.aa.squares,
                 std::pow(diagonal_plainly(x, Space{1, std::vector<double>(rows, 1.0)}, rows), 2) / squares_plainly(x, x, rows)),
            "the trace is that of plain sums");
      for (const double scale : {0x1p-1000, 0x1p-600, 0x1p600, 0x1p1000}) {
        const auto scaled = through(times(a, scale), b, rows, *forms.front());
        check(std::memcmp(&found, &scaled, sizeof found) == 0, "a power of two changes no bit");
      }
    }
  return failures == 0 ? 0 : 1;
}
