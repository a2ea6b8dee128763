// The native exports of dense measures: the check of numbers, ranks, Spearman over similarities, cross products of linear CKA, and shapes without axes.
#include <algorithm>

#include "configuration.hpp"
#include "crossproducts.hpp"
#include "exports.hpp"
#include "finite.hpp"
#include "ranks.hpp"

namespace alva::binding {
namespace {

constexpr std::int64_t kMostRows = 65536;  // pairs of items fit in 31 bits
constexpr std::int64_t kMostColumns = 1 << 24;
constexpr std::int64_t kMostThreads = 256;

}  // namespace

Answer first_not_finite(Arguments& given) {
  const auto values = given.input<double>(0, "values");
  const std::size_t at = alva::first_not_finite(values.data, values.length);
  return at == values.length ? -1.0 : static_cast<double>(at);
}

Answer average_ranks(Arguments& given) {
  const auto values = given.input<double>(0, "values");
  if (values.length > std::size_t{1} << 31) throw Refusal("values", "at most 2^31 of them");
  auto* twice = given.output<std::uint32_t>(1, "twice", {static_cast<std::int64_t>(values.length)});
  return alva::average_ranks(values.data, values.length, twice);
}

Answer rank_correlation_above(Arguments& given) {
  const auto rows = given.whole(2, "rows", 2, kMostRows);
  const auto* a = given.input<double>(0, "a", {rows, rows});
  const auto* b = given.input<double>(1, "b", {rows, rows});
  const auto threads = given.whole(3, "threads", 1, kMostThreads);
  return alva::rank_correlation_above(a, b, rows, static_cast<unsigned>(threads));
}

Answer cross_products(Arguments& given) {
  const auto a_columns = given.whole(1, "aColumns", 1, kMostColumns), b_columns = given.whole(3, "bColumns", 1, kMostColumns);
  const auto rows = given.whole(4, "rows", 1, kMostRows);
  const auto* a = given.input<double>(0, "a", {rows, a_columns});
  const auto* b = given.input<double>(2, "b", {rows, b_columns});
  const auto threads = given.whole(5, "threads", 1, kMostThreads);
  auto* sums = given.output<double>(6, "sums", {8});
  const auto found = alva::cross_products(a, a_columns, b, b_columns, rows, static_cast<unsigned>(threads));
  if (!found) {
    Arguments::check_finite("a", {a, static_cast<std::size_t>(rows * a_columns)});
    Arguments::check_finite("b", {b, static_cast<std::size_t>(rows * b_columns)});
  }
  const double values[8] = {found->ab.squares, found->aa.squares, found->bb.squares, found->ab.diagonal,
                            found->aa.diagonal, found->bb.diagonal, found->trace_a, found->trace_b};
  std::copy(values, values + 8, sums);
  return {};
}

Answer configuration(Arguments& given) {
  const auto rows = given.whole(1, "rows", 2, kMostRows), columns = given.whole(2, "columns", 1, kMostColumns);
  const auto* space = given.finite(0, "space", {rows, columns});
  auto* scores = given.output<double>(3, "scores", {rows, std::min(rows - 1, columns)});
  return alva::configuration(space, rows, columns, scores);
}

}  // namespace alva::binding
