// The native exports of dense measures: the check of numbers, ranks, Spearman over similarities, cross products of linear CKA, and shapes without axes.
#include <algorithm>

#include "arguments.hpp"
#include "configuration.hpp"
#include "crossproducts.hpp"
#include "exports.hpp"
#include "finite.hpp"
#include "ranks.hpp"

namespace alva::binding {
namespace {

constexpr std::int64_t kMostRows = 65536;  // pairs of items fit in 31 bits
constexpr std::int64_t kMostColumns = 1 << 24;

}  // namespace

Napi::Value first_not_finite(const Napi::CallbackInfo& info) {
  const auto values = array<double>(info, 0, "values");
  const std::size_t at = alva::first_not_finite(values.data, values.length);
  return Napi::Number::New(info.Env(), at == values.length ? -1.0 : static_cast<double>(at));
}

Napi::Value average_ranks(const Napi::CallbackInfo& info) {
  const auto values = array<double>(info, 0, "values");
  if (values.length > std::size_t{1} << 31) throw refuse(info.Env(), "values", "at most 2^31 of them");
  auto* twice = array<std::uint32_t>(info, 1, "twice", values.length);
  bool numbers = false;
  run(info.Env(), [&] { numbers = alva::average_ranks(values.data, values.length, twice); });
  return Napi::Boolean::New(info.Env(), numbers);
}

Napi::Value rank_correlation_above(const Napi::CallbackInfo& info) {
  const auto rows = static_cast<std::size_t>(whole(info, 2, "rows", 2, kMostRows));
  const auto* a = array<double>(info, 0, "a", rows * rows);
  const auto* b = array<double>(info, 1, "b", rows * rows);
  double correlation = 0;
  run(info.Env(), [&] { correlation = alva::rank_correlation_above(a, b, rows); });
  return Napi::Number::New(info.Env(), correlation);
}

Napi::Value cross_products(const Napi::CallbackInfo& info) {
  const auto a_columns = whole(info, 1, "aColumns", 1, kMostColumns), b_columns = whole(info, 3, "bColumns", 1, kMostColumns);
  const auto rows = whole(info, 4, "rows", 1, kMostRows);
  const auto* a = array<double>(info, 0, "a", rows * a_columns);
  const auto* b = array<double>(info, 2, "b", rows * b_columns);
  auto* out = array<double>(info, 5, "out", 8);
  const auto found = alva::cross_products(a, a_columns, b, b_columns, rows);
  const double values[8] = {found.ab.squares, found.aa.squares, found.bb.squares, found.ab.diagonal,
                            found.aa.diagonal, found.bb.diagonal, found.trace_a, found.trace_b};
  std::copy(values, values + 8, out);
  return info.Env().Undefined();
}

Napi::Value configuration(const Napi::CallbackInfo& info) {
  const auto rows = whole(info, 1, "rows", 2, kMostRows), columns = whole(info, 2, "columns", 1, kMostColumns);
  const auto* space = array<double>(info, 0, "space", rows * columns);
  auto* scores = array<double>(info, 3, "scores", rows * std::min(rows - 1, columns));
  try {
    return Napi::Number::New(info.Env(), alva::configuration(space, rows, columns, scores));
  } catch (const std::exception& error) {
    throw Napi::Error::New(info.Env(), error.what());
  }
}

}  // namespace alva::binding
