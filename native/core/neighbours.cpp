// Neighbour lists of one similarity matrix, and the overlaps of two neighbour tables.
#include "neighbours.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace alva {

void nearest_neighbours(const double* similarity, std::size_t rows, std::size_t depth, std::int32_t* neighbours) {
  std::vector<std::int32_t> order(rows - 1);
  for (std::size_t i = 0; i < rows; ++i) {
    const double* of = similarity + i * rows;
    // Sorting by a comparison with NaN is undefined behaviour, so it is refused here too.
    if (std::any_of(of, of + rows, [](double s) { return std::isnan(s); }))
      throw std::invalid_argument("invalid similarity: expected numbers, row " + std::to_string(i) + " holds NaN");
    std::iota(order.begin(), order.begin() + i, 0);
    std::iota(order.begin() + i, order.end(), static_cast<std::int32_t>(i) + 1);
    std::partial_sort(order.begin(), order.begin() + depth, order.end(),
                      [of](auto a, auto b) { return of[a] > of[b] || (of[a] == of[b] && a < b); });
    std::copy_n(order.begin(), depth, neighbours + i * depth);
  }
}

void check_neighbours(const char* name, const std::int32_t* neighbours, std::size_t rows, std::size_t depth) {
  std::vector<std::size_t> seen_in(rows, rows);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t p = 0; p < depth; ++p) {
      const std::int32_t item = neighbours[i * depth + p];
      if (item < 0 || static_cast<std::size_t>(item) >= rows || static_cast<std::size_t>(item) == i || seen_in[item] == i)
        throw std::invalid_argument("invalid " + std::string(name) + ": expected each other item at most once in a list, got " +
                                    std::to_string(item) + " at place " + std::to_string(p) + " of row " + std::to_string(i));
      seen_in[item] = i;
    }
  }
}

void overlaps(const std::int32_t* a, const std::int32_t* b, std::size_t rows, std::size_t depth, std::int32_t* overlap) {
  check_neighbours("a", a, rows, depth);
  check_neighbours("b", b, rows, depth);
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
