// Joint relabellings of one neighbour table's items, drawn or enumerated, and how well the relabelled table agrees with another.
#include "permutations.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <thread>
#include <utility>

#include "neighbours.hpp"
#include "random.hpp"

namespace alva {
namespace {

// The tally of the images that `next(image)` puts out until it answers false.
class Counter {
 public:
  explicit Counter(const Relabelling& tables) : tables_(tables), counts_(tables.depth()), tally_(tables.depth()) {
    std::vector<std::uint32_t> identity(tables.rows());
    std::iota(identity.begin(), identity.end(), 0u);
    tables.overlaps(identity, counts_);
    observed_ = counts_.totals;
  }

  void add(const std::vector<std::uint32_t>& image) {
    tables_.overlaps(image, counts_);
    for (std::size_t k = 0; k < tally_.size(); ++k) {
      const std::uint64_t total = counts_.totals[k];
      tally_[k].exceedances += total >= observed_[k];
      tally_[k].sum += total;
      tally_[k].squares += total * total;
    }
  }

  const std::vector<Tally>& tally() const { return tally_; }

 private:
  const Relabelling& tables_;
  Counts counts_;
  std::vector<std::uint32_t> observed_;
  std::vector<Tally> tally_;
};

}  // namespace

Shuffle::Shuffle(std::size_t rows, const std::int32_t* blocks, std::uint64_t seed) : seed_(seed) {
  std::map<std::int32_t, std::vector<std::uint32_t>> by_block;
  for (std::size_t i = 0; i < rows; ++i) by_block[blocks ? blocks[i] : 0].push_back(static_cast<std::uint32_t>(i));
  for (const auto& [label, items] : by_block) {
    starts_.push_back(members_.size());
    members_.insert(members_.end(), items.begin(), items.end());
  }
  starts_.push_back(members_.size());
  for (std::size_t block = 0; block + 1 < starts_.size(); ++block)
    for (std::size_t size = starts_[block + 1] - starts_[block]; size > 1; --size) sizes_.push_back(static_cast<std::uint32_t>(size));
}

void Shuffle::draw(std::uint32_t i, std::vector<std::uint32_t>& image) const {
  Random random = random_from(seed_, i);
  if (starts_.size() == 2) {
    image = members_;
    for (std::size_t at = image.size() - 1; at > 0; --at) std::swap(image[at], image[random.below(at + 1)]);
    return;
  }
  auto drawn = members_;
  image.resize(members_.size());
  for (std::size_t block = 0; block + 1 < starts_.size(); ++block) {
    const auto start = drawn.begin() + starts_[block];
    for (std::size_t at = starts_[block + 1] - starts_[block] - 1; at > 0; --at)
      std::swap(start[at], start[random.below(at + 1)]);
  }
  for (std::size_t at = 0; at < drawn.size(); ++at) image[members_[at]] = drawn[at];
}

void Shuffle::draw_batch(std::uint32_t first, DrawExchanges draw_exchanges, std::vector<std::uint16_t>& places,
                         std::uint32_t* images) const {
  const std::size_t rows = members_.size();
  places.resize(sizes_.size() * kBatch);
  const std::uint32_t rejected = draw_exchanges(seed_, first, sizes_.data(), sizes_.size(), places.data());
  std::vector<std::uint32_t> drawn(starts_.size() == 2 ? 0 : rows), again;
  for (std::uint32_t j = 0; j < kBatch; ++j, images += rows) {
    if ((rejected >> j) & 1u) {
      draw(first + j, again);
      std::copy(again.begin(), again.end(), images);
      continue;
    }
    std::uint32_t* order = drawn.empty() ? images : drawn.data();
    std::copy(members_.begin(), members_.end(), order);
    const std::uint16_t* place = places.data() + j;
    for (std::size_t block = 0; block + 1 < starts_.size(); ++block) {
      std::uint32_t* start = order + starts_[block];
      for (std::size_t at = starts_[block + 1] - starts_[block] - 1; at > 0; --at, place += kBatch) std::swap(start[at], start[*place]);
    }
    for (std::size_t at = 0; at < drawn.size(); ++at) images[members_[at]] = drawn[at];
  }
}

void Shuffle::unrank(std::uint64_t i, std::vector<std::uint32_t>& image) const {
  image.resize(members_.size());
  // A number of mixed base: the first block's orders are its lowest digits, and an order's digits choose among the items left.
  std::vector<std::uint32_t> left;
  for (std::size_t block = 0; block + 1 < starts_.size(); ++block) {
    left.assign(members_.begin() + starts_[block], members_.begin() + starts_[block + 1]);
    for (std::size_t at = starts_[block]; at < starts_[block + 1]; ++at) {
      const auto chosen = left.begin() + static_cast<std::ptrdiff_t>(i % left.size());
      i /= left.size();
      image[members_[at]] = *chosen;
      left.erase(chosen);
    }
  }
}

template <typename Visit>
void Shuffle::enumerate(Visit visit) const {
  auto drawn = members_;
  std::vector<std::uint32_t> image(drawn.size());
  for (bool more = true; more;) {
    for (std::size_t at = 0; at < drawn.size(); ++at) image[members_[at]] = drawn[at];
    visit(image);
    // An odometer of blocks: a block that comes round to its first order carries to the next.
    more = false;
    for (std::size_t block = 0; block + 1 < starts_.size() && !more; ++block)
      more = std::next_permutation(drawn.begin() + starts_[block], drawn.begin() + starts_[block + 1]);
  }
}

Relabelling::Relabelling(const std::int32_t* a, const std::int32_t* b, std::size_t rows, std::size_t depth)
    : rows_(rows), depth_(depth), lists_(a, a + rows * depth), places_(rows * rows, static_cast<std::uint8_t>(depth)) {
  check_neighbours(a, rows, depth);
  check_neighbours(b, rows, depth);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t p = 0; p < depth; ++p) places_[i * rows + b[i * depth + p]] = static_cast<std::uint8_t>(p);
}

void Relabelling::overlaps(const std::vector<std::uint32_t>& image, Counts& counts) const {
  // One histogram of places in b's list for each place in a's: neighbouring steps then count in different memory, and none
  // waits for the one before.
  auto& histograms = counts.histograms;
  std::fill(histograms.begin(), histograms.end(), 0u);
  const std::uint16_t* list = lists_.data();
  const std::uint32_t* renamed = image.data();
  for (std::size_t i = 0; i < rows_; ++i, list += depth_) {
    const std::uint8_t* places = &places_[image[i] * rows_];
    std::uint32_t* histogram = histograms.data();
    for (std::size_t p = 0; p < depth_; ++p, histogram += depth_ + 1) ++histogram[places[renamed[list[p]]]];
  }
  // An item enters the common set at the larger of its two places.
  std::fill(counts.totals.begin(), counts.totals.end(), 0u);
  for (std::size_t p = 0; p < depth_; ++p)
    for (std::size_t place = 0; place < depth_; ++place) counts.totals[std::max(p, place)] += histograms[p * (depth_ + 1) + place];
  std::partial_sum(counts.totals.begin(), counts.totals.end(), counts.totals.begin());
}

std::vector<Tally> sampled_tally(const Relabelling& tables, const Shuffle& shuffle, std::uint32_t first, std::uint32_t count,
                                 unsigned threads) {
  std::vector<Counter> counters(std::max(1u, threads), Counter(tables));
  const auto work = [&](unsigned part) {
    std::vector<std::uint32_t> image;
    for (std::uint64_t i = part; i < count; i += counters.size()) {
      shuffle.draw(first + static_cast<std::uint32_t>(i), image);
      counters[part].add(image);
    }
  };
  std::vector<std::thread> others;
  for (unsigned part = 1; part < counters.size(); ++part) others.emplace_back(work, part);
  work(0);
  for (auto& thread : others) thread.join();
  std::vector<Tally> tally(tables.depth());
  for (const auto& counter : counters) {
    for (std::size_t k = 0; k < tally.size(); ++k) {
      tally[k].exceedances += counter.tally()[k].exceedances;
      tally[k].sum += counter.tally()[k].sum;
      tally[k].squares += counter.tally()[k].squares;
    }
  }
  return tally;
}

std::vector<Tally> exact_tally(const Relabelling& tables, const Shuffle& shuffle) {
  Counter counter(tables);
  shuffle.enumerate([&](const std::vector<std::uint32_t>& image) { counter.add(image); });
  return counter.tally();
}

}  // namespace alva
