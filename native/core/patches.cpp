#include "patches.hpp"

#include <cstring>
#include <vector>

namespace alva {
namespace {

constexpr std::size_t patch_side = 8;
constexpr std::size_t row_bytes = 3 * patch_side;
constexpr std::size_t patch_bytes = patch_side * row_bytes;

// Any mixing that tells patches apart will do: equality is decided by their bytes.
std::uint64_t hash_of(const std::uint8_t* patch) {
  std::uint64_t hash = 0;
  for (std::size_t at = 0; at < patch_bytes; at += sizeof hash) {
    std::uint64_t word;
    std::memcpy(&word, patch + at, sizeof word);
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 29;
  }
  return hash;
}

// Numbers patches in the order in which they are first seen: open addressing in a table at most half full.
class Numbering {
 public:
  Numbering(std::size_t capacity, std::uint8_t* patches) : capacity_(capacity), patches_(patches) {
    std::size_t slots = 16;
    while (slots < 2 * capacity) slots *= 2;
    slots_.assign(slots, 0);
  }

  // The number of a patch, or `capacity` where it would be one too many.
  std::size_t number_of(const std::uint8_t* patch) {
    for (std::size_t slot = hash_of(patch);; slot++) {
      std::size_t& taken = slots_[slot & (slots_.size() - 1)];  // number + 1, or 0
      if (taken == 0) {
        if (count_ == capacity_) return capacity_;
        std::memcpy(patches_ + count_ * patch_bytes, patch, patch_bytes);
        taken = ++count_;
        return taken - 1;
      }
      if (std::memcmp(patches_ + (taken - 1) * patch_bytes, patch, patch_bytes) == 0) return taken - 1;
    }
  }

  std::size_t count() const { return count_; }

 private:
  std::size_t capacity_;
  std::uint8_t* patches_;
  std::size_t count_ = 0;
  std::vector<std::size_t> slots_;
};

}  // namespace

std::size_t distinct_patches(const std::uint8_t* images, std::size_t n, std::size_t side, std::size_t capacity,
                             std::uint8_t* patches, std::int64_t* places) {
  Numbering numbering(capacity, patches);
  const std::size_t across = side / patch_side;
  std::uint8_t patch[patch_bytes];
  for (std::size_t image = 0; image < n; image++) {
    for (std::size_t y = 0; y < across; y++) {
      for (std::size_t x = 0; x < across; x++) {
        const std::uint8_t* corner = images + ((image * side + y * patch_side) * side + x * patch_side) * 3;
        for (std::size_t row = 0; row < patch_side; row++) std::memcpy(patch + row * row_bytes, corner + row * side * 3, row_bytes);
        const std::size_t number = numbering.number_of(patch);
        if (number == capacity) return capacity + 1;
        *places++ = static_cast<std::int64_t>(number);
      }
    }
  }
  return numbering.count();
}

}  // namespace alva
