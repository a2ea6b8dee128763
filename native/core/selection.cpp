// One thread's candidates for every query.
#include "selection.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <limits>
#include <stdexcept>

namespace alva {
namespace {

constexpr const char* unprepared = "invalid room: expected one that was prepared for this search";

// The largest float that is not above `value`.
float below(double value) {
  const float near = static_cast<float>(value);
  return near > value ? std::nextafter(near, -std::numeric_limits<float>::infinity()) : near;
}

}  // namespace

// How far a float32 product of unit rows may be from their float64 cosine, whatever the order of the sum (Higham 2002, section 3.1):
// gamma_n for the sum, a rounding for each entry, what the float64 cosine is off itself, and what is too small for float32.
double product_error(std::size_t columns) {
  const double n = static_cast<double>(columns), unit = 0x1p-24;
  const double gamma = n * unit / (1 - n * unit);
  const double entries = unit + (n + 8) * 0x1p-53 + std::sqrt(n) * 0x1p-125;
  return gamma * (1 + entries) * (1 + entries) + 2 * entries + entries * entries + (n + 8) * 0x1p-52 + n * 0x1p-125;
}

// The exact cosines of a query with the items of some keys, best first.
std::vector<Scored> scored(const SearchPlan& plan, const SearchParts& parts, unsigned thread, std::size_t query, const std::uint64_t* keys, std::size_t count) {
  const std::size_t columns = plan.queries.columns;
  double* room = parts.rows + thread * 2 * columns;
  const Rows& corpus = plan.self ? plan.queries : plan.corpus;
  const double* x = scaled_row(plan.queries, query, parts.query_exponents[query], room);
  std::vector<Scored> found(count);
  for (std::size_t p = 0; p < count; ++p) {
    const std::size_t item = Selection::item_of(keys[p]);
    if (item >= corpus.rows) throw std::invalid_argument(unprepared);
    const double* y = scaled_row(corpus, item, parts.corpus_exponents[item], room + columns);
    found[p] = {cosine(dot(x, y, columns), parts.query_squares[query], parts.corpus_squares[item]), keys[p]};
    if (std::isnan(found[p].cosine)) throw std::invalid_argument(unprepared);  // it has no place in an order
  }
  std::sort(found.begin(), found.end());
  return found;
}

Selection::Selection(const SearchPlan& plan, const SearchParts& parts, unsigned thread)
    : plan_(plan), parts_(parts), thread_(thread), capacity_(capacity_of(plan.depth)), error_(product_error(plan.queries.columns)),
      thresholds_(parts.thresholds + thread * threshold_stride(plan.queries.rows)), counts_(parts.counts + thread * plan.queries.rows),
      keys_(parts.keys + thread * plan.queries.rows * capacity_) {}

std::uint64_t Selection::key(float product, std::size_t item) {
  const auto bits = std::bit_cast<std::uint32_t>(product);
  const std::uint32_t rising = bits >> 31 ? ~bits : bits | 0x80000000u;
  return std::uint64_t{rising} << 32 | static_cast<std::uint32_t>(~item);
}

float Selection::product_of(std::uint64_t key) {
  const auto rising = static_cast<std::uint32_t>(key >> 32);
  return std::bit_cast<float>(rising >> 31 ? rising & 0x7fffffffu : ~rising);
}

// Drops what cannot be among the best; where too much is left because products lie close together, keeps the exact best.
void Selection::thin_out(std::size_t query) {
  std::uint64_t* keys = keys_ + query * capacity_;
  const std::size_t held = std::min<std::size_t>(counts_[query], capacity_), depth = plan_.depth;
  std::nth_element(keys, keys + depth - 1, keys + held, std::greater<>());
  const float least = below(product_of(keys[depth - 1]) - 2 * error_);
  thresholds_[query] = std::max(thresholds_[query], least);
  std::size_t kept = std::partition(keys + depth, keys + held, [least](std::uint64_t key) { return product_of(key) >= least; }) - keys;
  if (kept > depth + (capacity_ - depth) / 2) {
    const auto best = scored(plan_, parts_, thread_, query, keys, kept);
    kept = depth;
    for (std::size_t p = 0; p < kept; ++p) keys[p] = best[p].key;
    thresholds_[query] = std::max(thresholds_[query], below(best[depth - 1].cosine - error_));
  }
  counts_[query] = static_cast<std::uint32_t>(kept);
}

}  // namespace alva
