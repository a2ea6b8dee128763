// Joint relabellings of one neighbour table's items, drawn or enumerated, and how well the relabelled table agrees with another.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace alva {

// Over relabellings, at one k: overlaps at least as large as the observed one; their sum and sum of squares (exact).
struct Tally {
  std::uint64_t exceedances = 0;
  std::uint64_t sum = 0;
  std::uint64_t squares = 0;
};

// Ranks are stored in a byte.
constexpr std::size_t kMaxDepth = 254;

// Permutations are drawn and counted so many at a time.
constexpr std::size_t kBatch = 16;

// places[step * kBatch + j]: a number below sizes[step], the draw number `step` of permutation first + j. Answers as bits the lanes in
// which a draw may have to be rejected.
using DrawExchanges = std::uint32_t (*)(std::uint64_t seed, std::uint32_t first, const std::uint32_t* sizes, std::size_t n,
                                        std::uint16_t* places);

// Draws permutations within the blocks of a partition; without one, of all items.
class Shuffle {
 public:
  // `blocks`: one label for each item, or null. Permutation `i` depends on (seed, i) alone.
  Shuffle(std::size_t rows, const std::int32_t* blocks, std::uint64_t seed);
  // image[item]: the item that permutation number `i` puts in its place.
  void draw(std::uint32_t i, std::vector<std::uint32_t>& image) const;
  // The same permutations, number first .. first + kBatch - 1, into `images` (kBatch x rows, at most 65536 of them).
  void draw_batch(std::uint32_t first, DrawExchanges draw, std::vector<std::uint16_t>& places, std::uint32_t* images) const;
  // image[item]: the same for permutation number `i` of all that there are; number 0 is the identity.
  void unrank(std::uint64_t i, std::vector<std::uint32_t>& image) const;
  // Calls visit(image) for every permutation, the identity first.
  template <typename Visit>
  void enumerate(Visit visit) const;

 private:
  std::uint64_t seed_;
  std::vector<std::uint32_t> members_;  // items by block, in rising order within each
  std::vector<std::size_t> starts_;     // where each block begins, and the end
  std::vector<std::uint32_t> sizes_;    // of what is left to draw from, at each step of a shuffle
};

// One thread's room for counting.
struct Counts {
  explicit Counts(std::size_t depth) : totals(depth), histograms(depth * (depth + 1)) {}
  std::vector<std::uint32_t> totals;  // totals[k - 1]: over all rows, what the first k neighbours share
  std::vector<std::uint32_t> histograms;
};

// Two neighbour tables (rows x depth) readied for counting.
class Relabelling {
 public:
  Relabelling(const std::int32_t* a, const std::int32_t* b, std::size_t rows, std::size_t depth);
  // Counts what the tables share when a's items are renamed by `image`.
  void overlaps(const std::vector<std::uint32_t>& image, Counts& counts) const;
  std::size_t rows() const { return rows_; }
  std::size_t depth() const { return depth_; }

 private:
  std::size_t rows_;
  std::size_t depth_;
  std::vector<std::uint16_t> lists_;  // a's lists
  std::vector<std::uint8_t> places_;  // places_[i * rows + j]: place of j in b's list of i; `depth` where it has none
};

// Tallies permutations first .. first + count - 1; the same integers for any number of threads.
std::vector<Tally> sampled_tally(const Relabelling& tables, const Shuffle& shuffle, std::uint32_t first, std::uint32_t count,
                                 unsigned threads);

// Tallies every permutation, the identity included.
std::vector<Tally> exact_tally(const Relabelling& tables, const Shuffle& shuffle);

}  // namespace alva
