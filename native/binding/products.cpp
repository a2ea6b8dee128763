// The native exports of dense linear algebra: one product and one decomposition of whole matrices.
#include "products.hpp"

#include <algorithm>

#include "arguments.hpp"
#include "exports.hpp"

namespace alva::binding {
namespace {

constexpr std::int64_t kMostSide = 1 << 24;

}  // namespace

Napi::Value matrix_product(const Napi::CallbackInfo& info) {
  const bool a_transposed = whole(info, 1, "aTransposed", 0, 1) == 1, b_transposed = whole(info, 3, "bTransposed", 0, 1) == 1;
  const auto rows = whole(info, 4, "rows", 1, kMostSide), inner = whole(info, 5, "inner", 1, kMostSide);
  const auto columns = whole(info, 6, "columns", 1, kMostSide);
  const auto* a = array<double>(info, 0, "a", rows * inner);
  const auto* b = array<double>(info, 2, "b", inner * columns);
  auto* out = array<double>(info, 7, "out", rows * columns);
  alva::matrix_product(a, a_transposed, b, b_transposed, rows, inner, columns, out);
  return info.Env().Undefined();
}

Napi::Value singular_vectors(const Napi::CallbackInfo& info) {
  const auto rows = whole(info, 1, "rows", 1, kMostSide), columns = whole(info, 2, "columns", 1, kMostSide);
  const auto least = std::min(rows, columns);
  const auto* m = array<double>(info, 0, "m", rows * columns);
  auto* left = array<double>(info, 3, "left", rows * least);
  auto* values = array<double>(info, 4, "values", least);
  auto* right = array<double>(info, 5, "right", least * columns);
  run(info.Env(), [&] { alva::singular_vectors(m, rows, columns, left, values, right); });
  return info.Env().Undefined();
}

}  // namespace alva::binding
