// Permutations within the blocks of a partition, drawn one by one or a batch at a time, or numbered.
#include "permutations.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "random.hpp"

namespace alva {
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
    std::size_t place = j;  // by number: where no block has two items there is nothing to point at
    for (std::size_t block = 0; block + 1 < starts_.size(); ++block) {
      std::uint32_t* start = order + starts_[block];
      for (std::size_t at = starts_[block + 1] - starts_[block] - 1; at > 0; --at, place += kBatch) std::swap(start[at], start[places[place]]);
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

}  // namespace alva
