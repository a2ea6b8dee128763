// The plain loops as the compiler's baseline has them.
#include "forms.hpp"
#include "plainform.hpp"

#if defined(__SSE2__) || defined(_M_X64)
#include <emmintrin.h>
#define ALVA_SSE2
#endif

namespace alva {
namespace {

constexpr std::size_t line = 64;

void stream(const std::uint8_t* from, std::size_t n_lines, std::uint8_t* to) {
#ifdef ALVA_SSE2
  for (std::size_t at = 0; at < n_lines * line; at += 16)
    _mm_stream_si128(reinterpret_cast<__m128i*>(to + at), _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + at)));
#else
  std::memcpy(to, from, n_lines * line);
#endif
}

void fence() {
#ifdef ALVA_SSE2
  _mm_sfence();
#endif
}

void decode(const std::uint8_t* codes, std::uint8_t* numbers) { plain::decode(codes, numbers); }
void partial56(const std::uint8_t* numbers, std::uint8_t* image) { plain::partial56<plain::Halves>(numbers, image); }
void padded64(const std::uint8_t* numbers, std::uint8_t* image) { plain::padded64<plain::Halves>(numbers, image); }
void resized64(const std::uint8_t* numbers, std::uint8_t* image) { plain::resized64<plain::Halves>(numbers, image); }

}  // namespace

extern const Form portable_form{"portable", decode, partial56, padded64, resized64, stream, fence};

}  // namespace alva
