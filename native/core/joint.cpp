// Tallies of joint relabellings: exceedances, sums, squares and the maximum statistic, over threads.
#include "joint.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>

#include "neighbours.hpp"

namespace alva {
namespace {

constexpr double kLeast = -1e300;  // below every z

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
  std::size_t step(double maximum) const { return std::upper_bound(sorted_.begin(), sorted_.end(), maximum) - sorted_.begin(); }
  std::vector<double> sorted_;
  std::vector<std::uint64_t> reached_;  // by the number of observed z's that are at most the maximum
};

// What is observed, and what is counted against it; one for each thread.
class Scoreboard {
 public:
  Scoreboard(const JointTables& tables, const Standard* standard, std::vector<std::uint32_t> observed)
      : n_pairs_(tables.n_pairs), depth_(tables.depth), standard_(standard), observed_(std::move(observed)), tally_(observed_.size()) {
    if (!standard) return;
    best_.resize(depth_);
    std::vector<double> all;
    for (std::size_t k = 0; k < depth_; ++k) {
      std::vector<double> at_k;
      for (std::size_t pair = 0; pair < n_pairs_; ++pair) at_k.push_back(z(pair * depth_ + k, observed_[pair * depth_ + k]));
      all.insert(all.end(), at_k.begin(), at_k.end());
      over_pairs_.emplace_back(std::move(at_k));
    }
    over_all_.emplace_back(std::move(all));
  }

  void add(const std::uint32_t* totals) {
    for (std::size_t at = 0; at < tally_.size(); ++at) {
      const std::uint64_t total = totals[at];
      tally_[at].exceedances += total >= observed_[at];
      tally_[at].sum += total;
      tally_[at].squares += total * total;
    }
    if (!standard_) return;
    std::fill(best_.begin(), best_.end(), kLeast);
    for (std::size_t pair = 0, at = 0; pair < n_pairs_; ++pair)
      for (std::size_t k = 0; k < depth_; ++k, ++at) best_[k] = std::max(best_[k], z(at, totals[at]));
    for (std::size_t k = 0; k < depth_; ++k) over_pairs_[k].add(best_[k]);
    over_all_[0].add(*std::max_element(best_.begin(), best_.end()));
  }

  void add(const Scoreboard& other) {
    for (std::size_t at = 0; at < tally_.size(); ++at) {
      tally_[at].exceedances += other.tally_[at].exceedances;
      tally_[at].sum += other.tally_[at].sum;
      tally_[at].squares += other.tally_[at].squares;
    }
    for (std::size_t k = 0; k < over_pairs_.size(); ++k) over_pairs_[k].add(other.over_pairs_[k]);
    for (std::size_t i = 0; i < over_all_.size(); ++i) over_all_[i].add(other.over_all_[i]);
  }

  JointTally result() const {
    JointTally found{tally_, {}};
    for (std::size_t at = 0; standard_ && at < tally_.size(); ++at) {
      const double observed = z(at, observed_[at]);
      found.maxima.push_back({over_pairs_[at % depth_].at_least(observed), over_all_[0].at_least(observed)});
    }
    return found;
  }

 private:
  double z(std::size_t at, std::uint32_t total) const { return total * standard_->scale[at] - standard_->offset[at]; }

  std::size_t n_pairs_, depth_;
  const Standard* standard_;
  std::vector<std::uint32_t> observed_;
  std::vector<Tally> tally_;
  std::vector<double> best_;         // by k: the largest z over the pairs
  std::vector<Ladder> over_pairs_;   // by k
  std::vector<Ladder> over_all_;     // one, or none without a standard
};

void check(const JointTables& tables) {
  for (std::size_t t = 0; t < tables.n_tables; ++t) check_neighbours(tables.table(t), tables.rows, tables.depth);
  for (std::size_t at = 0; at < 2 * tables.n_pairs; ++at)
    if (tables.pairs[at] < 0 || static_cast<std::size_t>(tables.pairs[at]) >= tables.n_tables)
      throw std::invalid_argument("invalid pairs: expected table numbers below " + std::to_string(tables.n_tables));
}

std::unique_ptr<JointCounter> counter_of(const JointTables& tables, const JointForm& form) {
  check(tables);
  auto counter = form.counter(tables);
  return counter ? std::move(counter) : portable_joint_form.counter(tables);
}

// Visits the totals of relabellings first + part * kBatch, with a stride of `parts` batches.
template <typename Visit>
void walk(const JointTables& tables, const Shuffle& shuffle, const Numbers& numbers, JointCounter& counter, unsigned part,
          unsigned parts, Visit visit) {
  const std::size_t width = tables.n_pairs * tables.depth;
  std::vector<std::uint32_t> images(kBatch * tables.rows), totals(kBatch * width);
  for (std::uint64_t at = std::uint64_t{part} * kBatch; at < numbers.count; at += std::uint64_t{parts} * kBatch) {
    const std::size_t n = std::min<std::uint64_t>(kBatch, numbers.count - at);
    const auto first = static_cast<std::uint32_t>(numbers.first + at);
    if (numbers.enumerated)
      for (std::size_t j = 0; j < n; ++j) shuffle.unrank(first + static_cast<std::uint32_t>(j), &images[j * tables.rows]);
    else counter.draw(shuffle, first, images.data());
    counter.count(images.data(), n, totals.data());
    for (std::size_t j = 0; j < n; ++j) visit(at + j, &totals[j * width]);
  }
}

}  // namespace

JointTally joint_tally(const JointTables& tables, const Shuffle& shuffle, const Numbers& numbers, const Standard* standard,
                       unsigned threads, const JointForm& form) {
  const auto counter = counter_of(tables, form);
  std::vector<std::uint32_t> identity(tables.rows), observed(tables.n_pairs * tables.depth);
  std::iota(identity.begin(), identity.end(), 0u);
  counter->count(identity.data(), 1, observed.data());

  const unsigned parts = std::max(1u, threads);
  std::vector<Scoreboard> counts(parts, Scoreboard(tables, standard, observed));
  const auto work = [&](unsigned part) {
    const auto own = counter->clone();
    walk(tables, shuffle, numbers, *own, part, parts, [&](std::uint64_t, const std::uint32_t* totals) { counts[part].add(totals); });
  };
  std::vector<std::thread> others;
  for (unsigned part = 1; part < parts; ++part) others.emplace_back(work, part);
  work(0);
  for (auto& thread : others) thread.join();
  for (unsigned part = 1; part < parts; ++part) counts[0].add(counts[part]);
  return counts[0].result();
}

void joint_totals(const JointTables& tables, const Shuffle& shuffle, const Numbers& numbers, const JointForm& form,
                  std::uint32_t* totals) {
  const std::size_t width = tables.n_pairs * tables.depth;
  walk(tables, shuffle, numbers, *counter_of(tables, form), 0, 1,
       [&](std::uint64_t j, const std::uint32_t* found) { std::copy(found, found + width, totals + j * width); });
}

}  // namespace alva
