// Cross products through columns: every form and number of threads to the same bits, and what plain sums give, at any magnitude.
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

static alva::CrossProducts through(const Space& a, const Space& b, std::size_t rows, const alva::TileForm& form, unsigned threads = 1,
                                   const alva::PackForm& packing = *alva::pack_forms().front()) {
  return *alva::column_products(a.values.data(), a.columns, b.values.data(), b.columns, rows, threads, form, packing);
}

static void test_not_finite() {
  for (const double wrong : {HUGE_VAL, -HUGE_VAL, std::nan("")})
    for (const std::size_t rows : {std::size_t{40}, std::size_t{600}})
      for (const std::size_t at : {std::size_t{0}, rows * 5 - 1}) {
        const Space good = drawn(rows, 9, 1);
        for (const double scale : {1.0, 0x1p1000}) {
          Space bad = times(drawn(rows, 5, 2), scale);
          bad.values[at] = wrong;
          for (const std::size_t p : {std::size_t{9}, std::size_t{1}})
            check(!alva::cross_products(good.values.data(), p, bad.values.data(), 5, rows, 2) &&
                      !alva::cross_products(bad.values.data(), 5, good.values.data(), p, rows, 2),
                  "a number that is not finite is found");
        }
      }
  const Space large = times(drawn(10, 20, 1), 0x1p1023);
  check(alva::cross_products(large.values.data(), 20, large.values.data(), 20, 10, 1).has_value(), "sums past the range of numbers are no such number");
  Space sum = drawn(300, 3, 1);
  for (double& value : sum.values) value = 1.7e308;
  check(alva::cross_products(sum.values.data(), 3, sum.values.data(), 3, 300, 1).has_value(), "nor are those of columns");
}

// Through rows, where there are more columns.
static void test_rows() {
  constexpr std::size_t rows = 400;
  const Space a = drawn(rows, 300, 1), b = drawn(rows, 700, 2);
  const auto one = alva::cross_products(a.values.data(), 300, b.values.data(), 700, rows, 1);
  for (const unsigned threads : {2, 3}) {
    const auto same = alva::cross_products(a.values.data(), 300, b.values.data(), 700, rows, threads);
    check(std::memcmp(&*one, &*same, sizeof *one) == 0, "threads change no bit of products of rows");
  }
}

int main() {
  const auto& forms = alva::tile_forms();
  for (const std::size_t rows : {3, 191, 192, 193, 520, 777})
    for (const auto& [p, q] : {std::pair<std::size_t, std::size_t>{1, 1}, {16, 8}, {17, 31}, {7, 130}, {100, 150}}) {
      const Space a = drawn(rows, p, 1), b = drawn(rows, q, 2), x = centred(a, rows), y = centred(b, rows);
      const auto found = through(a, b, rows, *forms.front());
      for (const auto* form : forms) {
        const auto same = through(a, b, rows, *form);
        check(std::memcmp(&found, &same, sizeof found) == 0, form->name);
      }
      for (const auto* packing : alva::pack_forms())
        for (const unsigned threads : {1, 2, 3, 7}) {
          const auto same = through(a, b, rows, *forms.front(), threads, *packing);
          check(std::memcmp(&found, &same, sizeof found) == 0, "threads and forms of packing change no bit");
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
  test_not_finite();
  test_rows();
  return failures == 0 ? 0 : 1;
}
