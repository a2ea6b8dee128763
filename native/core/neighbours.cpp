// Cosine similarity and neighbour lists of one space, and the overlaps of two neighbour tables.
#include "neighbours.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace alva {
namespace {

constexpr std::size_t kLanes = 8;

// Eight running sums joined as a tree: an order that no compiler, thread count or BLAS changes.
double dot(const double* x, const double* y, std::size_t columns) {
  double lane[kLanes] = {};
  std::size_t at = 0;
  for (; at + kLanes <= columns; at += kLanes)
    for (std::size_t l = 0; l < kLanes; ++l) lane[l] += x[at + l] * y[at + l];
  for (std::size_t l = 0; at + l < columns; ++l) lane[l] += x[at + l] * y[at + l];
  return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

// Rows brought to a largest magnitude in [0.5, 1) by a power of two: exact, and safe from overflow and underflow.
std::vector<double> scaled_rows(const double* space, std::size_t rows, std::size_t columns) {
  std::vector<double> scaled(space, space + rows * columns);
  for (std::size_t i = 0; i < rows; ++i) {
    double* row = &scaled[i * columns];
    double largest = 0;
    for (std::size_t j = 0; j < columns; ++j) largest = std::max(largest, std::fabs(row[j]));
    if (largest == 0) continue;
    int exponent = 0;
    std::frexp(largest, &exponent);
    for (std::size_t j = 0; j < columns; ++j) row[j] = std::ldexp(row[j], -exponent);
  }
  return scaled;
}

}  // namespace

void cosine_similarity(const double* space, std::size_t rows, std::size_t columns, double* similarity) {
  const auto scaled = scaled_rows(space, rows, columns);
  std::vector<double> squares(rows);
  for (std::size_t i = 0; i < rows; ++i) squares[i] = dot(&scaled[i * columns], &scaled[i * columns], columns);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      // Divided once, at the end: rows of small whole numbers (bags of words) then tie exactly where they tie in truth.
      const double norms = std::sqrt(squares[i] * squares[j]);
      const double cosine = norms == 0 ? 0 : dot(&scaled[i * columns], &scaled[j * columns], columns) / norms;
      similarity[i * rows + j] = similarity[j * rows + i] = std::clamp(cosine, -1.0, 1.0);
    }
  }
}

void nearest_neighbours(const double* similarity, std::size_t rows, std::size_t depth, std::int32_t* neighbours) {
  std::vector<std::int32_t> order(rows - 1);
  for (std::size_t i = 0; i < rows; ++i) {
    const double* of = similarity + i * rows;
    // Sorting by a comparison with NaN is undefined behaviour, so it is refused here too.
    if (std::any_of(of, of + rows, [](double s) { return std::isnan(s); }))
      throw std::invalid_argument("invalid similarity: row " + std::to_string(i) + " holds NaN");
    std::iota(order.begin(), order.begin() + i, 0);
    std::iota(order.begin() + i, order.end(), static_cast<std::int32_t>(i) + 1);
    std::partial_sort(order.begin(), order.begin() + depth, order.end(),
                      [of](auto a, auto b) { return of[a] > of[b] || (of[a] == of[b] && a < b); });
    std::copy_n(order.begin(), depth, neighbours + i * depth);
  }
}

void check_neighbours(const std::int32_t* neighbours, std::size_t rows, std::size_t depth) {
  std::vector<std::size_t> seen_in(rows, rows);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t p = 0; p < depth; ++p) {
      const std::int32_t item = neighbours[i * depth + p];
      if (item < 0 || static_cast<std::size_t>(item) >= rows || static_cast<std::size_t>(item) == i || seen_in[item] == i)
        throw std::invalid_argument("invalid neighbours: the list of row " + std::to_string(i) + " has " +
                                    std::to_string(item) + " at place " + std::to_string(p) +
                                    "; expected each other item at most once");
      seen_in[item] = i;
    }
  }
}

void overlaps(const std::int32_t* a, const std::int32_t* b, std::size_t rows, std::size_t depth, std::int32_t* overlap) {
  check_neighbours(a, rows, depth);
  check_neighbours(b, rows, depth);
  std::vector<std::size_t> place(rows, depth);  // an item's place in row i's list of b; `depth` where it has none
  for (std::size_t i = 0; i < rows; ++i) {
    const std::int32_t* of_a = a + i * depth;
    const std::int32_t* of_b = b + i * depth;
    std::int32_t* out = overlap + i * depth;
    std::fill_n(out, depth, 0);
    for (std::size_t p = 0; p < depth; ++p) place[of_b[p]] = p;
    for (std::size_t p = 0; p < depth; ++p)
      if (const std::size_t from = std::max(p, place[of_a[p]]); from < depth) ++out[from];
    std::partial_sum(out, out + depth, out);
    for (std::size_t p = 0; p < depth; ++p) place[of_b[p]] = depth;
  }
}

}  // namespace alva
