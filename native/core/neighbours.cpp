// Neighbour lists of one similarity matrix or of one space, and the overlaps of two neighbour tables.
#include "neighbours.hpp"

#include <algorithm>
#include <limits>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "cosines.hpp"

namespace alva {

namespace {

constexpr std::size_t kLanes = 8;
constexpr std::size_t kMostInserted = 32;  // a longer list is sorted faster than it is kept sorted
constexpr double kNone = -std::numeric_limits<double>::infinity();

// The lists of one row after another, in rooms that all rows share.
class Choice {
 public:
  Choice(std::size_t rows, std::size_t depth)
      : rows_(rows), depth_(depth), groups_((depth + kLanes - 1) / kLanes * kLanes),
        values_((rows + groups_ - 1) / groups_ * groups_, kNone), best_(groups_), items_(rows) {}

  void list(const double* similarity, std::size_t self, std::int32_t* out) {
    std::copy_n(similarity, rows_, values_.begin());
    values_[self] = kNone;
    const std::size_t n = gather(least_worth(), self);
    if (depth_ <= kMostInserted) return insert(n, out);
    std::partial_sort(items_.begin(), items_.begin() + depth_, items_.begin() + n, [this](auto a, auto b) {
      return values_[a] > values_[b] || (values_[a] == values_[b] && a < b);
    });
    std::copy_n(items_.begin(), depth_, out);
  }

 private:
  // Each of `depth` groups or more has a similarity that is not less, so no other belongs to the list.
  double least_worth() {
    std::copy_n(values_.begin(), groups_, best_.begin());
    for (std::size_t at = groups_; at < values_.size(); at += groups_)
      for (std::size_t group = 0; group < groups_; group += kLanes)
        for (std::size_t g = group; g < group + kLanes; ++g) best_[g] = values_[at + g] > best_[g] ? values_[at + g] : best_[g];
    return *std::min_element(best_.begin(), best_.end());
  }

  // Written without a branch, because no CPU foresees which items are worth it.
  std::size_t gather(double least, std::size_t self) {
    const double* value = values_.data();
    std::int32_t* item = items_.data();
    const auto take = [&](std::size_t first, std::size_t end) {
      for (std::size_t j = first; j < end; ++j) {
        *item = static_cast<std::int32_t>(j);
        item += value[j] >= least;
      }
    };
    take(0, self);
    take(self + 1, rows_);
    return item - items_.data();
  }

  // Items come by rising index, so an equal one stays behind.
  void insert(std::size_t n, std::int32_t* out) {
    double held[kMostInserted];
    for (std::size_t at = 0; at < n; ++at) {
      const double value = values_[items_[at]];
      if (at >= depth_ && !(value > held[depth_ - 1])) continue;
      std::size_t place = std::min(at, depth_ - 1);
      for (; place > 0 && held[place - 1] < value; --place) {
        held[place] = held[place - 1];
        out[place] = out[place - 1];
      }
      held[place] = value;
      out[place] = items_[at];
    }
  }

  std::size_t rows_, depth_, groups_;
  std::vector<double> values_, best_;
  std::vector<std::int32_t> items_;
};

}  // namespace

void nearest_neighbours(const double* similarity, std::size_t rows, std::size_t depth, std::int32_t* neighbours) {
  Choice choice(rows, depth);
  for (std::size_t i = 0; i < rows; ++i) {
    const double* of = similarity + i * rows;
    std::int64_t broken = 0;
    for (std::size_t j = 0; j < rows; ++j) broken += of[j] != of[j];
    // NaN has no place in an order, so it is refused here too.
    if (broken > 0) throw std::invalid_argument("invalid similarity: expected numbers, row " + std::to_string(i) + " holds NaN");
    choice.list(of, i, neighbours + i * depth);
  }
}

std::int64_t cosine_neighbours(const double* space, std::size_t rows, std::size_t columns, std::size_t depth, std::int32_t* neighbours) {
  const auto similarity = std::make_unique_for_overwrite<double[]>(rows * rows);
  const std::int64_t bad = cosine_similarity(space, rows, columns, 1, similarity.get());
  if (bad < 0) nearest_neighbours(similarity.get(), rows, depth, neighbours);
  return bad;
}

void check_neighbours(const char* name, const std::int32_t* neighbours, std::size_t rows, std::size_t depth) {
  std::vector<std::size_t> seen_in(rows, rows);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t p = 0; p < depth; ++p) {
      const std::int32_t item = neighbours[i * depth + p];
      if (item < 0 || static_cast<std::size_t>(item) >= rows || static_cast<std::size_t>(item) == i || seen_in[item] == i)
        throw std::invalid_argument("invalid " + std::string(name) + ": expected each other item at most once in a list; the list of row " + std::to_string(i) +
                                    " has " + std::to_string(item) + " at place " + std::to_string(p));
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
