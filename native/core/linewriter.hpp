// Writes a long ascending run of bytes past the cache, in whole 64-byte lines.
#pragma once
#include <cstring>

#include "forms.hpp"

namespace alva {

// Memory that is not in the cache would be fetched line by line before it is written over. Streamed, it is not; but only
// whole aligned lines can be, so what does not fill a line waits for the next piece. Pieces should be small: while a
// long one is streamed nothing else is done, while the lines of a short one drain during the work on the next.
class LineWriter {
 public:
  // Pieces of up to `largest_band` bytes will be written from `to` on.
  LineWriter(const Form& form, std::uint8_t* to)
      : form_(form),
        unaligned_(reinterpret_cast<std::uintptr_t>(to) % line),
        held_(unaligned_),
        to_(to - unaligned_) {}

  ~LineWriter() {
    std::memcpy(to_ + unaligned_, stage_ + unaligned_, held_ - unaligned_);
    form_.fence();
  }
  LineWriter(const LineWriter&) = delete;
  LineWriter& operator=(const LineWriter&) = delete;

  // Where the next piece is to be put together.
  std::uint8_t* next() { return stage_ + held_; }

  // The piece is there and has so many bytes.
  void advance(std::size_t bytes) {
    held_ += bytes;
    if (held_ < line) return;
    const std::size_t n_lines = held_ / line;
    std::size_t first = 0;
    if (unaligned_ > 0) {  // the first line begins before the output and belongs to somebody else
      std::memcpy(to_ + unaligned_, stage_ + unaligned_, line - unaligned_);
      unaligned_ = 0;
      first = 1;
    }
    form_.stream(stage_ + first * line, n_lines - first, to_ + first * line);
    to_ += n_lines * line;
    held_ -= n_lines * line;
    std::memcpy(stage_, stage_ + n_lines * line, held_);
  }

 private:
  static constexpr std::size_t line = 64;
  static constexpr std::size_t page = 4096;

  const Form& form_;
  std::size_t unaligned_;  // bytes of the first line before the output; 0 once that is written
  std::size_t held_;       // bytes in the stage, counted from the start of their line
  std::uint8_t* to_;       // where that line lies
  // Within one page: a store across two pages waits until all streamed lines are written, which made this 3 times slower.
  alignas(page) std::uint8_t stage_[page];
  static_assert(line + largest_band + overrun <= page);
};

}  // namespace alva
