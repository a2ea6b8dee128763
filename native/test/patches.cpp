// Distinct patches: made by construction, counted, and put together again.
#include "patches.hpp"

#include <cstdio>
#include <cstring>
#include <vector>

#include "random.hpp"

static int failures = 0;

static void check(bool holds, const char* what) {
  if (holds) return;
  std::printf("failed: %s\n", what);
  failures++;
}

int main() {
  constexpr std::size_t n = 5, side = 32, across = side / 8, kinds = 9;
  alva::Random random(7);
  std::vector<std::uint8_t> kind(kinds * 192);
  for (auto& byte : kind) byte = static_cast<std::uint8_t>(random.below(256));
  // Two kinds that differ in their last byte alone.
  std::memcpy(&kind[192], &kind[0], 192);
  kind[192 + 191] ^= 1;

  std::vector<std::uint8_t> images(n * side * side * 3);
  for (std::size_t place = 0; place < n * across * across; place++) {
    const std::size_t image = place / (across * across), y = place / across % across, x = place % across;
    const std::size_t chosen = place < kinds ? place : random.below(kinds);
    for (std::size_t row = 0; row < 8; row++)
      std::memcpy(&images[((image * side + y * 8 + row) * side + x * 8) * 3], &kind[chosen * 192 + row * 24], 24);
  }

  std::vector<std::uint8_t> patches(16 * 192);
  std::vector<std::int64_t> places(n * across * across);
  check(alva::distinct_patches(images.data(), n, side, 16, patches.data(), places.data()) == kinds, "nine kinds are found");
  check(std::memcmp(patches.data(), kind.data(), kinds * 192) == 0, "in the order in which they appear");
  bool same = true;
  for (std::size_t place = 0; place < places.size(); place++) {
    const std::size_t image = place / (across * across), y = place / across % across, x = place % across;
    for (std::size_t row = 0; row < 8; row++)
      same = same && std::memcmp(&images[((image * side + y * 8 + row) * side + x * 8) * 3],
                                 &patches[static_cast<std::size_t>(places[place]) * 192 + row * 24], 24) == 0;
  }
  check(same, "the images are put together again");
  check(alva::distinct_patches(images.data(), n, side, kinds, patches.data(), places.data()) == kinds, "a full table is no overflow");
  check(alva::distinct_patches(images.data(), n, side, kinds - 1, patches.data(), places.data()) == kinds, "one too many is told");
  check(alva::distinct_patches(images.data(), 0, side, 4, patches.data(), places.data()) == 0, "no image has no patch");
  return failures == 0 ? 0 : 1;
}
