// Work in stages, whose items several threads take one by one; who waits for a stage waits for what is being done.
#pragma once
#include <atomic>
#include <cstddef>
#include <memory>
#include <numeric>
#include <thread>
#include <type_traits>
#include <vector>

#include "threads.hpp"

namespace alva {

class Stages {
 public:
  // How many items each stage has.
  explicit Stages(const std::vector<std::size_t>& items) : ends_(items), left_(std::make_unique<std::atomic<std::size_t>[]>(items.size())) {
    std::inclusive_scan(ends_.begin(), ends_.end(), ends_.begin());
    for (std::size_t stage = 0; stage < items.size(); ++stage) left_[stage].store(items[stage], std::memory_order_relaxed);
  }

  // Calls act(part, stage, item) once for each item, rising; parts are the threads. It throws nothing: others would wait for it.
  template <typename Act>
  void run(unsigned threads, Act act) {
    static_assert(std::is_nothrow_invocable_v<Act, unsigned, std::size_t, std::size_t>);
    on_threads(threads, [&](unsigned part) {
      for (std::size_t stage = 0;;) {
        const std::size_t taken = next_.fetch_add(1, std::memory_order_relaxed);
        while (stage < ends_.size() && taken >= ends_[stage]) ++stage;
        if (stage == ends_.size()) return;
        act(part, stage, taken - (stage > 0 ? ends_[stage - 1] : 0));
        left_[stage].fetch_sub(1, std::memory_order_release);
      }
    });
  }

  // From within an item, until all of a lower stage are done. Their items were taken before this one, each by a thread that is at work.
  void wait_for(std::size_t stage) const {
    while (left_[stage].load(std::memory_order_acquire) > 0) std::this_thread::yield();
  }

 private:
  std::vector<std::size_t> ends_;
  std::unique_ptr<std::atomic<std::size_t>[]> left_;
  std::atomic<std::size_t> next_{0};
};

}  // namespace alva
