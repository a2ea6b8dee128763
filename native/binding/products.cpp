// The native exports of dense linear algebra: one product and one decomposition of whole matrices.
#include "products.hpp"

#include <algorithm>

#include "exports.hpp"

namespace alva::binding {
namespace {

constexpr std::int64_t kMostSide = 1 << 24;

}  // namespace

Answer matrix_product(Arguments& given) {
  const bool a_transposed = given.whole(1, "aTransposed", 0, 1) == 1, b_transposed = given.whole(3, "bTransposed", 0, 1) == 1;
  const auto rows = given.whole(4, "rows", 1, kMostSide), inner = given.whole(5, "inner", 1, kMostSide);
  const auto columns = given.whole(6, "columns", 1, kMostSide);
  const auto* a = given.input<double>(0, "a", {rows, inner});
  const auto* b = given.input<double>(2, "b", {inner, columns});
  auto* out = given.output<double>(7, "out", {rows, columns});
  alva::matrix_product(a, a_transposed, b, b_transposed, rows, inner, columns, out);
  return {};
}

Answer singular_vectors(Arguments& given) {
  const auto rows = given.whole(1, "rows", 1, kMostSide), columns = given.whole(2, "columns", 1, kMostSide);
  const auto least = std::min(rows, columns);
  const auto* m = given.finite(0, "m", {rows, columns});
  auto* left = given.output<double>(3, "left", {rows, least});
  auto* values = given.output<double>(4, "values", {least});
  auto* right = given.output<double>(5, "right", {least, columns});
  alva::singular_vectors(m, rows, columns, left, values, right);
  return {};
}

}  // namespace alva::binding
