// Scratch arrays of megabytes, in large pages where the system has them: touching small ones for the first time costs more than sorting them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace alva {

constexpr std::size_t kLargePage = std::size_t{2} << 20;

// A hint, and no more, about memory that nobody has written to yet: the whole large pages within it may be had at once.
inline void prefer_large_pages([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t bytes) {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  const std::uintptr_t begin = (reinterpret_cast<std::uintptr_t>(memory) + kLargePage - 1) & ~(kLargePage - 1);
  const std::uintptr_t end = (reinterpret_cast<std::uintptr_t>(memory) + bytes) & ~(kLargePage - 1);
  if (begin < end) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
#endif
}

struct Freeing {
  void operator()(void* memory) const { std::free(memory); }
};
template <typename T>
using LargeArray = std::unique_ptr<T[], Freeing>;

// `count` elements, not initialised.
template <typename T>
LargeArray<T> large_array(std::size_t count) {
  const std::size_t bytes = (count * sizeof(T) / kLargePage + 1) * kLargePage;
  const bool large = bytes > kLargePage;
  void* memory = large ? std::aligned_alloc(kLargePage, bytes) : std::malloc(count * sizeof(T) + 1);
  if (memory == nullptr) throw std::bad_alloc();
  if (large) prefer_large_pages(memory, bytes);
  return LargeArray<T>(static_cast<T*>(memory));
}

}  // namespace alva
