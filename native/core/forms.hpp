// The forms of the renderer's inner loops: the same bits from each, chosen by what the CPU can do.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace alva {

// An image is put together with wide stores that may write up to this many bytes past its end.
constexpr std::size_t overrun = 32;

// Writes the band of an image that begins with tile row vy (0 to 6) to `out`; returns the band's end, where the next one
// begins. A band is small enough to stay in the first cache until it is streamed.
using DrawBand = std::uint8_t* (*)(const std::uint8_t* drawings, int vy, std::uint8_t* out);
constexpr std::size_t largest_band = 16 * 192;  // the last of padded64: 8 rows, and 8 black ones

struct Form {
  const char* name;
  // A view's 49 drawings, row by row, from its 147 codes, which must be drawable; `drawings` has room for 64.
  void (*decode)(const std::uint8_t* codes, std::uint8_t* drawings);
  DrawBand partial56;
  DrawBand padded64;
  DrawBand resized64;
  // Copies whole 64-byte lines past the cache, to an address that is a multiple of 64; nullptr where there is no such way.
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
