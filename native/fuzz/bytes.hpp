// What a fuzzer's bytes are read as: sizes, numbers, and memory of exactly the length that a kernel may touch.
#pragma once
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <vector>

namespace fuzz {

class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : at_(data), end_(data + size) {}

  // 0 when they are used up.
  std::uint8_t byte() { return at_ < end_ ? *at_++ : 0; }
  // From `low` to `high`.
  std::size_t between(std::size_t low, std::size_t high) { return low + (byte() | byte() << 8) % (high - low + 1); }
  std::uint64_t word() {
    std::uint64_t found = 0;
    for (int i = 0; i < 8; ++i) found = found << 8 | byte();
    return found;
  }
  // Small whole numbers, which tie, or any bits at all.
  double number() { return byte() & 1 ? std::bit_cast<double>(word()) : static_cast<double>(byte() % 5) - 2; }
  double finite() {
    const double found = number();
    return std::isfinite(found) ? found : 1;
  }

  std::vector<double> numbers(std::size_t n) {
    std::vector<double> found(n);
    for (double& each : found) each = number();
    return found;
  }
  std::vector<double> finites(std::size_t n) {
    std::vector<double> found(n);
    for (double& each : found) each = finite();
    return found;
  }
  std::vector<std::uint8_t> bytes(std::size_t n) {
    std::vector<std::uint8_t> found(n);
    for (auto& each : found) each = byte();
    return found;
  }
  // Whole numbers from -1 to `below`, both just outside what is allowed.
  std::vector<std::int32_t> items(std::size_t n, std::size_t below) {
    std::vector<std::int32_t> found(n);
    for (auto& each : found) each = static_cast<std::int32_t>(between(0, below + 1)) - 1;
    return found;
  }

 private:
  const std::uint8_t *at_, *end_;
};

inline void check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

// Whether it is refused, in the way in which kernels refuse.
template <typename Work>
bool refuses(Work work) {
  try {
    work();
    return false;
  } catch (const std::invalid_argument&) {
    return true;
  }
}

}  // namespace fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
