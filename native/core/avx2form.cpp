// The plain loops compiled for AVX2.
#include "forms.hpp"
#include "plainform.hpp"

#if defined(__GNUC__) && defined(__x86_64__)
#include <immintrin.h>

#define ALVA_AVX2 __attribute__((target("avx2")))

namespace alva {
namespace {

ALVA_AVX2 void stream(const std::uint8_t* from, std::size_t n_lines, std::uint8_t* to) {
  for (std::size_t at = 0; at < n_lines * 64; at += 32)
    _mm256_stream_si256(reinterpret_cast<__m256i*>(to + at), _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from + at)));
}

ALVA_AVX2 void decode(const std::uint8_t* codes, std::uint8_t* numbers) { plain::decode(codes, numbers); }
ALVA_AVX2 std::uint8_t* partial56(const std::uint8_t* numbers, int vy, std::uint8_t* out) {
  return plain::partial56<plain::Whole>(numbers, vy, out);
}
ALVA_AVX2 std::uint8_t* padded64(const std::uint8_t* numbers, int vy, std::uint8_t* out) {
  return plain::padded64<plain::Whole>(numbers, vy, out);
}
ALVA_AVX2 std::uint8_t* resized64(const std::uint8_t* numbers, int vy, std::uint8_t* out) {
  return plain::resized64<plain::Whole>(numbers, vy, out);
}

void fence() { _mm_sfence(); }

constexpr Form form{"avx2", decode, partial56, padded64, resized64, stream, fence};

}  // namespace

const Form* avx2_form() { return __builtin_cpu_supports("avx2") ? &form : nullptr; }

}  // namespace alva
#else
const alva::Form* alva::avx2_form() { return nullptr; }
#endif
