// xoshiro128** seeded by splitmix32: the same numbers as src/base/random.ts.
#pragma once
#include <array>
#include <cstdint>

namespace alva {

class Random {
 public:
  explicit Random(std::uint32_t seed) {
    std::uint32_t z = seed;
    for (auto& word : words_) {
      z += 0x9e3779b9u;
      std::uint32_t t = (z ^ (z >> 16)) * 0x21f0aaadu;
      t = (t ^ (t >> 15)) * 0x735a2d97u;
      word = t ^ (t >> 15);
    }
  }

  std::uint32_t uint32() {
    const std::uint32_t result = rotated(words_[1] * 5, 7) * 9;
    const std::uint32_t t = words_[1] << 9;
    words_[2] ^= words_[0];
    words_[3] ^= words_[1];
    words_[1] ^= words_[2];
    words_[0] ^= words_[3];
    words_[2] ^= t;
    words_[3] = rotated(words_[3], 11);
    return result;
  }

  // Draws from 0 to n - 1 without bias; the same rejection as in TypeScript, so that both draw alike.
  std::uint32_t below(std::uint32_t n) {
    std::uint32_t drawn = uint32();
    // Only the last n numbers can be past the limit, so the costly division is seldom needed.
    while (drawn > UINT32_MAX - n && drawn >= (std::uint64_t{1} << 32) - ((std::uint64_t{1} << 32) % n)) drawn = uint32();
    return drawn % n;
  }

 private:
  static std::uint32_t rotated(std::uint32_t x, int bits) { return (x << bits) | (x >> (32 - bits)); }
  std::array<std::uint32_t, 4> words_;
};

// The numbers of randomFrom(seed, stream) for a whole `stream`; streams of one seed never share a generator.
inline Random random_from(std::uint64_t seed, std::uint32_t stream) {
  const auto mix = [](std::uint32_t hash, std::uint32_t word) {
    std::uint32_t h = (hash ^ word) * 0x85ebca6bu;
    h = (h ^ (h >> 13)) * 0xc2b2ae35u;
    return h ^ (h >> 16);
  };
  const std::uint32_t seeded = mix(mix(0x9e3779b9u, static_cast<std::uint32_t>(seed)), static_cast<std::uint32_t>(seed >> 32));
  return Random(mix(mix(seeded, stream), 0x2f));
}

}  // namespace alva
