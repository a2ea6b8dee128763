// The forms of the renderer's inner loops: the same bits from each, chosen by what the CPU can do.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace alva {

// An image is put together with wide stores that may write up to this many bytes past its end.
constexpr std::size_t overrun = 32;

struct Form {
  const char* name;
  // A view's 49 drawings, row by row, from its 147 codes, which must be drawable; `drawings` has room for 64.
  void (*decode)(const std::uint8_t* codes, std::uint8_t* drawings);
  void (*partial56)(const std::uint8_t* drawings, std::uint8_t* image);
  void (*padded64)(const std::uint8_t* drawings, std::uint8_t* image);
  void (*resized64)(const std::uint8_t* drawings, std::uint8_t* image);
  // Copies whole 64-byte lines to an address that is a multiple of 64, past the cache where the CPU can.
  void (*stream)(const std::uint8_t* from, std::size_t n_lines, std::uint8_t* to);
  // After the last line: what was streamed is then in order with other stores.
  void (*fence)();
};

// Portable C++; the reference for the others.
extern const Form portable_form;
// nullptr where the compiler or the CPU does not have it.
const Form* avx2_form();
const Form* avx512_form();

// The forms that this CPU can run, the fastest first.
const std::vector<const Form*>& forms();

}  // namespace alva
