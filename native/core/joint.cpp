// Tallies of joint relabellings: exceedances, sums, squares and the maximum statistic, over threads.
#include "joint.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>

#include "neighbours.hpp"
#include "threads.hpp"

namespace alva {
namespace {

// The observed z's of a family in rising order, and how many maxima were at least as large as each.
class Ladder {
 public:
  explicit Ladder(std::vector<double> observed) : sorted_(std::move(observed)), reached_(sorted_.size() + 1) {
    std::sort(sorted_.begin(), sorted_.end());
  }
  void add(double maximum) { ++reached_[step(maximum)]; }
  void add(const Ladder& other) {
    for (std::size_t i = 0; i < reached_.size(); ++i) reached_[i] += other.reached_[i];
  }
  std::uint64_t at_least(double observed) const {
    const auto below = std::lower_bound(sorted_.begin(), sorted_.end(), observed) - sorted_.begin();
    return std::accumulate(reached_.begin() + below + 1, reached_.end(), std::uint64_t{0});
  }

 private:
  // std::upper_bound without a branch to guess: which way a maximum goes is chance.
  std::size_t step(double maximum) const {
    const double* base = sorted_.data();
    for (std::size_t n = sorted_.size(); n > 1; n -= n / 2) base += base[n / 2 - 1] <= maximum ? n / 2 : 0;
    return static_cast<std::size_t>(base - sorted_.data()) + (*base <= maximum);
  }
  std::vector<double> sorted_;
  std::vector<std::uint64_t> reached_;  // by the number of observed z's that are at most the maximum
};

// What is observed, and what is counted against it; one for each thread.
class Scoreboard {
 public:
  Scoreboard(const JointTables& tables, const JointForm& form, const Standard* standard, std::vector<std::uint32_t> observed)
      : tables_(tables), form_(form), standard_(standard), observed_(std::move(observed)), sums_(tables.stride()), best_(tables.depth) {
    if (!standard) return;
    std::vector<double> all;
    for (std::size_t k = 0; k < tables.depth; ++k) {
      std::vector<double> at_k;
      for (std::size_t pair = 0; pair < tables.n_pairs; ++pair) at_k.push_back(z(pair * tables.depth + k));
      all.insert(all.end(), at_k.begin(), at_k.end());
      over_pairs_.emplace_back(std::move(at_k));
    }
    over_all_.emplace_back(std::move(all));
  }

  void add(const std::uint32_t* totals, std::size_t n) {
    form_.tally(totals, n, tables_.stride(), observed_.data(), sums_);
    for (std::size_t j = 0; standard_ && j < n; ++j, totals += tables_.stride()) {
      form_.largest(totals, tables_, *standard_, best_.data());
      for (std::size_t k = 0; k < best_.size(); ++k) over_pairs_[k].add(best_[k]);
      over_all_[0].add(*std::max_element(best_.begin(), best_.end()));
    }
  }

  void add(const Scoreboard& other) {
    for (std::size_t at = 0; at < tables_.width(); ++at) {
      sums_.exceedances[at] += other.sums_.exceedances[at];
      sums_.sum[at] += other.sums_.sum[at];
      sums_.squares[at] += other.sums_.squares[at];
    }
    for (std::size_t k = 0; k < over_pairs_.size(); ++k) over_pairs_[k].add(other.over_pairs_[k]);
    for (std::size_t i = 0; i < over_all_.size(); ++i) over_all_[i].add(other.over_all_[i]);
  }

  JointTally result() const {
    JointTally found;
    for (std::size_t at = 0; at < tables_.width(); ++at) {
      found.tally.push_back({sums_.exceedances[at], sums_.sum[at], sums_.squares[at]});
      if (standard_) found.maxima.push_back({over_pairs_[at % tables_.depth].at_least(z(at)), over_all_[0].at_least(z(at))});
    }
    return found;
  }

 private:
  double z(std::size_t at) const { return observed_[at] * standard_->scale[at] - standard_->offset[at]; }

  const JointTables& tables_;
  const JointForm& form_;
  const Standard* standard_;
  std::vector<std::uint32_t> observed_;
  Sums sums_;
  std::vector<double> best_;        // by k: the largest z over the pairs
  std::vector<Ladder> over_pairs_;  // by k; none without a standard
  std::vector<Ladder> over_all_;    // one, or none
};

void check(const JointTables& tables) {
  for (std::size_t t = 0; t < tables.n_tables; ++t) check_neighbours("tables", tables.table(t), tables.rows, tables.depth);
  for (std::size_t at = 0; at < 2 * tables.n_pairs; ++at)
    if (tables.pairs[at] < 0 || static_cast<std::size_t>(tables.pairs[at]) >= tables.n_tables)
      throw std::invalid_argument("invalid pairs: expected table numbers below " + std::to_string(tables.n_tables));
}

// Of any totals: what overflows has no place among the maxima.
void check(const Standard& standard, const JointTables& tables) {
  const double most = static_cast<double>(tables.rows) * static_cast<double>(tables.depth);
  for (std::size_t at = 0; at < tables.width(); ++at)
    if (!std::isfinite(most * std::abs(standard.scale[at]) + std::abs(standard.offset[at])))
      throw std::invalid_argument("invalid standard: expected scales and offsets of which every z is finite");
}

std::unique_ptr<JointCounter> counter_of(const JointTables& tables, const JointForm& form) {
  check(tables);
  auto counter = form.counter(tables);
  return counter ? std::move(counter) : portable_joint_form.counter(tables);
}

// Beyond, the draws of a batch would not stay in the cache.
constexpr std::size_t kMostBatchedRows = 4096;

// A batch of relabellings at a time.
class Drawer {
 public:
  Drawer(std::size_t rows, const Shuffle& shuffle, const Numbers& numbers, const JointForm& form)
      : rows_(rows), shuffle_(shuffle), numbers_(numbers), form_(form), images_(kBatch * rows) {}

  // Relabellings number at, at + 1 and so on of those asked for (n x rows).
  const std::vector<std::uint32_t>& draw(std::uint64_t at, std::size_t n) {
    const auto first = static_cast<std::uint32_t>(numbers_.first + at);
    if (!numbers_.enumerated && rows_ <= kMostBatchedRows) {
      shuffle_.draw_batch(first, form_.draw, places_, images_.data());
      return images_;
    }
    for (std::uint32_t j = 0; j < n; ++j) {
      if (numbers_.enumerated) shuffle_.unrank(first + j, image_);
      else shuffle_.draw(first + j, image_);
      std::copy(image_.begin(), image_.end(), &images_[j * rows_]);
    }
    return images_;
  }

 private:
  std::size_t rows_;
  const Shuffle& shuffle_;
  const Numbers& numbers_;
  const JointForm& form_;
  std::vector<std::uint32_t> images_, image_;
  std::vector<std::uint16_t> places_;
};

std::size_t batch_from(const Numbers& numbers, std::uint64_t at) { return std::min<std::uint64_t>(kBatch, numbers.count - at); }

// Visits the totals of every `parts`-th batch from number `part` on: visit(place among those asked for, n, totals).
template <typename Visit>
void walk(const JointTables& tables, const Shuffle& shuffle, const Numbers& numbers, const JointForm& form, JointCounter& counter,
          unsigned part, unsigned parts, Visit visit) {
  Drawer drawer(tables.rows, shuffle, numbers, form);
  std::vector<std::uint32_t> totals(kBatch * tables.stride());
  for (std::uint64_t at = std::uint64_t{part} * kBatch; at < numbers.count; at += std::uint64_t{parts} * kBatch) {
    const std::size_t n = batch_from(numbers, at);
    counter.count(drawer.draw(at, n).data(), n, totals.data());
    visit(at, n, totals.data());
  }
}

}  // namespace

JointTally joint_tally(const JointTables& tables, const Shuffle& shuffle, const Numbers& numbers, const Standard* standard,
                       unsigned threads, const JointForm& form) {
  const auto counter = counter_of(tables, form);
  if (standard) check(*standard, tables);
  std::vector<std::uint32_t> identity(tables.rows), observed(tables.stride());
  std::iota(identity.begin(), identity.end(), 0u);
  counter->count(identity.data(), 1, observed.data());

  const unsigned parts = std::max(1u, threads);
  std::vector<Scoreboard> counts(parts, Scoreboard(tables, form, standard, observed));
  on_threads(parts, [&](unsigned part) {
    const auto own = counter->clone();
    walk(tables, shuffle, numbers, form, *own, part, parts,
         [&](std::uint64_t, std::size_t n, const std::uint32_t* totals) { counts[part].add(totals, n); });
  });
  for (unsigned part = 1; part < parts; ++part) counts[0].add(counts[part]);
  return counts[0].result();
}

void relabellings(std::size_t rows, const Shuffle& shuffle, const Numbers& numbers, const JointForm& form, std::uint32_t* images) {
  Drawer drawer(rows, shuffle, numbers, form);
  for (std::uint64_t at = 0; at < numbers.count; at += kBatch)
    std::copy_n(drawer.draw(at, batch_from(numbers, at)).begin(), batch_from(numbers, at) * rows, images + at * rows);
}

void joint_totals(const JointTables& tables, const Shuffle& shuffle, const Numbers& numbers, const JointForm& form,
                  std::uint32_t* totals) {
  const std::size_t width = tables.width();
  walk(tables, shuffle, numbers, form, *counter_of(tables, form), 0, 1, [&](std::uint64_t at, std::size_t n, const std::uint32_t* found) {
    for (std::size_t j = 0; j < n; ++j) std::copy_n(found + j * tables.stride(), width, totals + (at + j) * width);
  });
}

}  // namespace alva
