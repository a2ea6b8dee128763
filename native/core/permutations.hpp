// Permutations within the blocks of a partition, drawn one by one or a batch at a time, or numbered.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace alva {

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

 private:
  std::uint64_t seed_;
  std::vector<std::uint32_t> members_;  // items by block, in rising order within each
  std::vector<std::size_t> starts_;     // where each block begins, and the end
  std::vector<std::uint32_t> sizes_;    // of what is left to draw from, at each step of a shuffle
};

}  // namespace alva
