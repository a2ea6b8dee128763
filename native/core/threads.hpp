// Work on several threads, whose exceptions reach the caller.
#pragma once
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <new>
#include <system_error>
#include <thread>
#include <vector>

namespace alva {

// Calls work(part) for part = 0 .. parts - 1, side by side, part 0 on the caller's own thread. What a part throws is thrown again when all have
// ended; of several, what the lowest threw. A part for which the system has no thread is done by the caller, after its own.
template <typename Work>
void on_threads(unsigned parts, Work work) {
  std::vector<std::exception_ptr> failures(std::max(1u, parts));
  const auto caught = [&](unsigned part) noexcept {
    try {
      work(part);
    } catch (...) {
      failures[part] = std::current_exception();
    }
  };
  std::vector<std::thread> others;
  unsigned started = 1;
  try {
    others.reserve(failures.size() - 1);
    for (; started < parts; ++started) others.emplace_back(caught, started);
  } catch (const std::system_error&) {
  } catch (const std::bad_alloc&) {
  }
  caught(0);
  for (unsigned part = started; part < parts; ++part) caught(part);
  for (auto& other : others) other.join();
  for (const auto& failure : failures)
    if (failure) std::rethrow_exception(failure);
}

// Calls work(part, item) for item = 0 .. items - 1, each on the thread that is free first.
template <typename Work>
void on_free_threads(unsigned threads, std::size_t items, Work work) {
  std::atomic<std::size_t> next{0};
  on_threads(threads, [&](unsigned part) {
    for (std::size_t item; (item = next.fetch_add(1)) < items;) work(part, item);
  });
}

// As many of `threads` as have work enough, about a millisecond, to be worth their start.
inline unsigned threads_for(double multiplications, unsigned threads) {
  constexpr double each = 1 << 24;
  return static_cast<unsigned>(std::max(1.0, std::min<double>(threads, multiplications / each)));
}

}  // namespace alva
