// The random part of kBatch Fisher-Yates shuffles side by side, one generator a lane; compiled once for each form.
#pragma once
#include <cstddef>
#include <cstdint>

#include "permutations.hpp"

namespace alva::exchanges {

#if defined(__GNUC__)
#define ALVA_LANES inline __attribute__((always_inline))
#else
#define ALVA_LANES inline
#endif

ALVA_LANES std::uint32_t mixed(std::uint32_t hash, std::uint32_t word) {
  std::uint32_t h = (hash ^ word) * 0x85ebca6bu;
  h = (h ^ (h >> 13)) * 0xc2b2ae35u;
  return h ^ (h >> 16);
}

// The draws of Random::below in the lanes of permutations first .. first + kBatch - 1, each seeded as random_from seeds it. Answers the
// lanes in which a draw may be one that `below` rejects; those are to be drawn again, one by one.
ALVA_LANES std::uint32_t draw(std::uint64_t seed, std::uint32_t first, const std::uint32_t* sizes, std::size_t n, std::uint16_t* places) {
  alignas(64) std::uint32_t a[kBatch], b[kBatch], c[kBatch], d[kBatch], z[kBatch], rejected[kBatch] = {};
  const std::uint32_t seeded = mixed(mixed(0x9e3779b9u, static_cast<std::uint32_t>(seed)), static_cast<std::uint32_t>(seed >> 32));
  for (std::uint32_t j = 0; j < kBatch; ++j) z[j] = mixed(mixed(seeded, first + j), 0x2fu);
  for (std::uint32_t* words : {a, b, c, d})
    for (std::size_t j = 0; j < kBatch; ++j) {
      z[j] += 0x9e3779b9u;
      std::uint32_t t = (z[j] ^ (z[j] >> 16)) * 0x21f0aaadu;
      t = (t ^ (t >> 15)) * 0x735a2d97u;
      words[j] = t ^ (t >> 15);
    }
  for (std::size_t step = 0; step < n; ++step, places += kBatch) {
    const std::uint32_t size = sizes[step];
    const auto inverse = static_cast<std::uint32_t>((std::uint64_t{1} << 32) / size);
    for (std::size_t j = 0; j < kBatch; ++j) {
      const std::uint32_t five = b[j] * 5;
      const std::uint32_t drawn = ((five << 7) | (five >> 25)) * 9;
      const std::uint32_t t = b[j] << 9;
      c[j] ^= a[j];
      d[j] ^= b[j];
      b[j] ^= c[j];
      a[j] ^= d[j];
      c[j] ^= t;
      d[j] = (d[j] << 11) | (d[j] >> 21);
      rejected[j] |= drawn > UINT32_MAX - size ? 1u : 0u;
      // The quotient is too small by one at most, so the remainder too large by one size at most.
      const auto quotient = static_cast<std::uint32_t>((std::uint64_t{drawn} * inverse) >> 32);
      const std::uint32_t remainder = drawn - quotient * size;
      const std::uint32_t less = remainder - size;
      places[j] = static_cast<std::uint16_t>(remainder < less ? remainder : less);
    }
  }
  std::uint32_t lanes = 0;
  for (std::uint32_t j = 0; j < kBatch; ++j) lanes |= rejected[j] << j;
  return lanes;
}

}  // namespace alva::exchanges
