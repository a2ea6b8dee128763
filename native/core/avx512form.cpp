// The inner loops for AVX-512 with VBMI: a view's codes are looked up all at once, and seams are added in registers.
#include "forms.hpp"
#include "plainform.hpp"

#if defined(__GNUC__) && defined(__x86_64__)
#include <immintrin.h>

// GCC 12 warns of its own intrinsics: the "undefined" source of an unmasked conversion.
#pragma GCC diagnostic ignored "-Wuninitialized"
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#define ALVA_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi")))
#define ALVA_AVX512_INLINE inline __attribute__((always_inline, target("avx512f,avx512bw,avx512vl,avx512vbmi")))

namespace alva {
namespace {

constexpr int line = 64;
constexpr int n_tail = static_cast<int>(view_bytes) - 2 * line;  // bytes of a view beyond two registers

// Where, in the three registers that hold a view, the bytes of one channel stand, cell by cell in image order.
struct alignas(line) Gather {
  std::uint8_t in_first_two[line];
  std::uint8_t in_third[line];
  std::uint64_t is_in_third;
};

constexpr Gather gather_of(int channel) {
  Gather gather{};
  for (int vy = 0; vy < view_side; vy++)
    for (int vx = 0; vx < view_side; vx++) {
      const int from = 3 * (vx * view_side + vy) + channel, cell = vy * view_side + vx;
      if (from < 2 * line) {
        gather.in_first_two[cell] = static_cast<std::uint8_t>(from);
      } else {
        gather.in_third[cell] = static_cast<std::uint8_t>(from - 2 * line);
        gather.is_in_third |= std::uint64_t{1} << cell;
      }
    }
  return gather;
}

constexpr Gather gathers[3] = {gather_of(0), gather_of(1), gather_of(2)};

ALVA_AVX512_INLINE __m512i channel_of(const Gather& gather, __m512i first, __m512i second, __m512i third) {
  const __m512i found = _mm512_permutex2var_epi8(first, _mm512_load_si512(gather.in_first_two), second);
  return _mm512_mask_permutexvar_epi8(found, gather.is_in_third, _mm512_load_si512(gather.in_third), third);
}

// table[key] for 64 keys: the low 7 bits choose within two registers, the eighth between the halves of the table.
ALVA_AVX512_INLINE __m512i look_up(const std::uint8_t* table, __m512i keys) {
  const auto part = [&](int i) ALVA_AVX512 { return _mm512_load_si512(table + line * i); };
  const __m512i low = _mm512_permutex2var_epi8(part(0), keys, part(1));
  const __m512i high = _mm512_permutex2var_epi8(part(2), keys, part(3));
  return _mm512_mask_mov_epi8(low, _mm512_movepi8_mask(keys), high);
}

ALVA_AVX512 void decode(const std::uint8_t* codes, std::uint8_t* numbers) {
  const __m512i first = _mm512_loadu_si512(codes), second = _mm512_loadu_si512(codes + line);
  const __m512i third = _mm512_maskz_loadu_epi8((std::uint64_t{1} << n_tail) - 1, codes + 2 * line);
  const __m512i object = channel_of(gathers[0], first, second, third);
  const __m512i colour = channel_of(gathers[1], first, second, third);
  const __m512i state = channel_of(gathers[2], first, second, third);
  // Colours are below 8 and states below 4, so shifting 16 bits at a time moves nothing from one byte into the next.
  const __m512i keys = _mm512_or_si512(object, _mm512_or_si512(_mm512_slli_epi16(colour, 3), _mm512_slli_epi16(state, 6)));
  const Drawings& all = drawings();
  _mm512_storeu_si512(numbers, look_up(all.alone.data(), keys));
  numbers[agent_cell] = all.under_agent[key_of(codes + agent_code)];
}

ALVA_AVX512 std::uint8_t* partial56(const std::uint8_t* numbers, int vy, std::uint8_t* out) {
  return plain::partial56<plain::Whole>(numbers, vy, out);
}
ALVA_AVX512 std::uint8_t* padded64(const std::uint8_t* numbers, int vy, std::uint8_t* out) {
  return plain::padded64<plain::Whole>(numbers, vy, out);
}

template <int n_rows>
ALVA_AVX512_INLINE std::uint8_t* inner_rows(const Resizing& tables, const std::uint8_t* numbers, int vy, std::uint8_t* out) {
  alignas(line) std::uint8_t seams[n_seams][line];
  for (int seam = 0; seam < n_seams; seam++) {
    const int place = Resizing::column_seam(vy, seam);
    const std::uint16_t* left = tables.of_left.at(place, numbers[seam]).shares;
    const std::uint16_t* right = tables.of_right.at(place, numbers[seam + 1]).shares;
    const __m512i sum = _mm512_add_epi16(_mm512_load_si512(left), _mm512_load_si512(right));
    _mm256_store_si256(reinterpret_cast<__m256i*>(seams[seam]), _mm512_cvtepi16_epi8(_mm512_srli_epi16(sum, 8)));
    if constexpr (n_rows == 9) {
      const __m128i ninth = _mm_add_epi16(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(left + 32)),
                                          _mm_loadl_epi64(reinterpret_cast<const __m128i*>(right + 32)));
      _mm_storeu_si32(seams[seam] + 32, _mm_cvtepi16_epi8(_mm_srli_epi16(ninth, 8)));
    }
  }
  const std::uint8_t* tiles[view_side];
  for (int vx = 0; vx < view_side; vx++) tiles[vx] = tables.inner(Resizing::cell(vy, vx), numbers[vx]).rows[0];
  for (int row = 0; row < n_rows; row++, out += image_row) {
    plain::Whole::copy(tiles[0] + row * wide_row, out);
    for (int vx = 1; vx < view_side; vx++) {
      // Or-ed in a register, so that each unit is one store.
      const __m256i tile = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(tiles[vx] + row * wide_row));
      const __m256i seam = _mm256_zextsi128_si256(_mm_loadu_si32(seams[vx - 1] + 4 * row));
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + unit_step * vx), _mm256_or_si256(tile, seam));
    }
  }
  return out;
}

ALVA_AVX512_INLINE std::uint8_t* seam_row(const Resizing& tables, const std::uint8_t* numbers, int vy, std::uint8_t* out) {
  alignas(line) static constexpr std::uint16_t crossing[32] = {unit_step, unit_step + 1, unit_step + 2};
  const __m512i from = _mm512_load_si512(crossing);
  __m512i sum = _mm512_setzero_si512();
  for (int vx = 0; vx < view_side; vx++) {
    const int place = Resizing::row_seam(vy, vx);
    const std::uint16_t* upper = tables.of_upper.at(place, numbers[vx]).shares;
    const std::uint16_t* lower = tables.of_lower.at(place, numbers[view_side + vx]).shares;
    const __m512i of_left = _mm512_maskz_permutexvar_epi16(7, from, sum);  // where seams cross
    sum = _mm512_add_epi16(_mm512_add_epi16(_mm512_load_si512(upper), _mm512_load_si512(lower)), of_left);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + unit_step * vx), _mm512_cvtepi16_epi8(_mm512_srli_epi16(sum, 8)));
  }
  return out + image_row;
}

ALVA_AVX512 std::uint8_t* resized64(const std::uint8_t* numbers, int vy, std::uint8_t* out) {
  const Resizing& tables = resizing();
  numbers += vy * view_side;
  out = n_inner(vy) == 9 ? inner_rows<9>(tables, numbers, vy, out) : inner_rows<8>(tables, numbers, vy, out);
  return vy < n_seams ? seam_row(tables, numbers, vy, out) : out;
}

ALVA_AVX512 void stream(const std::uint8_t* from, std::size_t n_lines, std::uint8_t* to) {
  for (std::size_t at = 0; at < n_lines * line; at += line)
    _mm512_stream_si512(reinterpret_cast<__m512i*>(to + at), _mm512_loadu_si512(from + at));
}

void fence() { _mm_sfence(); }

constexpr Form form{"avx512", decode, partial56, padded64, resized64, stream, fence};

}  // namespace

const Form* avx512_form() {
  const bool runs = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                    __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi");
  return runs ? &form : nullptr;
}

}  // namespace alva
#else
const alva::Form* alva::avx512_form() { return nullptr; }
#endif
