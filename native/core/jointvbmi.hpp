// What the two ways of counting with AVX-512 share: bytes in vectors, renaming, and counts at each place added up to totals at each k.
#pragma once
#include "jointforms.hpp"

#if defined(__GNUC__) && defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>

// GCC 12 warns of its own intrinsics: the "undefined" source of an unmasked conversion; and of vectors in lambdas and templates.
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wpsabi"
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#define ALVA_VBMI __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vnni")))
#define ALVA_VBMI_INLINE inline __attribute__((always_inline, target("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vnni")))

namespace alva {

// Method. Item j enters what a pair shares at the larger of its two places: at k where it is k-th in the renamed list and at most k-th
// in the other, or k-th in the other and before that in the renamed one. Each is one look-up in a row of ranks for each k. The ranks
// never move: a list is renamed instead, and the row is found through the relabelling or its inverse.

// Two ways to fill a vector: with the lists of four tables, or with one table's list under four relabellings.
std::unique_ptr<JointCounter> tables_in_lanes(const JointTables& tables);
std::unique_ptr<JointCounter> relabellings_in_lanes(const JointTables& tables);

namespace vbmi {

constexpr std::size_t kLine = 64;
constexpr std::size_t kLanes = 16;      // places of one list in a vector: a unit
constexpr std::size_t kUnits = 4;       // of a vector
constexpr std::size_t kSegment = 128;   // rows that are counted in bytes
constexpr std::uint8_t kAbsent = 255;   // above every rank

struct alignas(kLine) Line {
  std::uint8_t bytes[kLine];
};

constexpr Line filled(std::uint8_t byte) {
  Line line{};
  for (auto& each : line.bytes) each = byte;
  return line;
}

inline std::size_t chunks_of(const JointTables& tables) { return (tables.depth + kLanes - 1) / kLanes; }
inline bool is_wide(const JointTables& tables) { return tables.rows > 2 * kLine; }
inline std::size_t lines_of(const JointTables& tables) { return is_wide(tables) ? 4 : 2; }

// Byte `at` of some lines.
inline std::uint8_t& byte_of(Line* lines, std::size_t at) { return lines[at / kLine].bytes[at % kLine]; }

// Appends a table's ranks (rows x lines_of): 1 for the first neighbour.
inline void append_ranks(const JointTables& tables, std::size_t table, std::vector<Line>& ranks) {
  const std::size_t first = ranks.size(), lines = lines_of(tables);
  ranks.resize(first + tables.rows * lines, filled(kAbsent));
  for (std::size_t i = 0; i < tables.rows; ++i)
    for (std::size_t place = 0; place < tables.depth; ++place)
      byte_of(&ranks[first + i * lines], tables.table(table)[i * tables.depth + place]) = static_cast<std::uint8_t>(place + 1);
}

// A relabelling and its inverse, by item, as bytes.
struct Names {
  Line image[4], inverse[4];
};

ALVA_VBMI_INLINE void set_names(const std::uint32_t* image, std::size_t rows, Names& names) {
  auto* bytes = reinterpret_cast<std::uint8_t*>(names.image);
  auto* inverse = reinterpret_cast<std::uint8_t*>(names.inverse);
  for (std::size_t i = 0; i < rows; ++i) inverse[image[i]] = static_cast<std::uint8_t>(i);
  for (std::size_t i = 0; i < rows; i += kLanes) {
    const auto within = static_cast<__mmask16>(rows - i >= kLanes ? 0xffff : (1u << (rows - i)) - 1);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(bytes + i), _mm512_cvtepi32_epi8(_mm512_maskz_loadu_epi32(within, image + i)));
  }
}

// table[item] for 64 items: two lines hold 128 entries, four 256, of which the item's top bit chooses the half.
template <bool Wide>
ALVA_VBMI_INLINE __m512i look_up(const Line* table, __m512i items) {
  const __m512i low = _mm512_permutex2var_epi8(_mm512_load_si512(table), items, _mm512_load_si512(table + 1));
  if constexpr (!Wide) return low;
  const __m512i high = _mm512_permutex2var_epi8(_mm512_load_si512(table + 2), items, _mm512_load_si512(table + 3));
  return _mm512_mask_mov_epi8(low, _mm512_movepi8_mask(items), high);
}

template <bool Wide>
ALVA_VBMI_INLINE void rename(const Line* lists, std::size_t n, const Line* names, Line* items) {
  for (std::size_t at = 0; at < n; ++at) _mm512_store_si512(items + at, look_up<Wide>(names, _mm512_load_si512(lists + at)));
}

// steps[w] adds bytes 4 w to 4 w + 3 of a unit to every lane from theirs on: counts at each place to counts up to it.
struct alignas(kLine) Steps {
  std::int8_t bytes[4][kLine];
};
constexpr Steps steps_of() {
  Steps steps{};
  for (int w = 0; w < 4; ++w)
    for (int lane = 0; lane < 16; ++lane)
      for (int byte = 0; byte < 4; ++byte) steps.bytes[w][4 * lane + byte] = 4 * w + byte <= lane;
  return steps;
}
inline constexpr Steps steps = steps_of();

// Adds the counts at the 16 places of a unit, summed up to each place.
ALVA_VBMI_INLINE __m512i added(__m512i sum, const Line& counts, std::size_t unit) {
  const std::uint8_t* bytes = counts.bytes + unit * kLanes;
  const __m512i four = _mm512_broadcast_i32x4(_mm_load_si128(reinterpret_cast<const __m128i*>(bytes)));
  __m512i even = _mm512_dpbusd_epi32(sum, _mm512_shuffle_epi32(four, _MM_PERM_AAAA), _mm512_load_si512(steps.bytes[0]));
  even = _mm512_dpbusd_epi32(even, _mm512_shuffle_epi32(four, _MM_PERM_BBBB), _mm512_load_si512(steps.bytes[1]));
  __m512i odd = _mm512_dpbusd_epi32(_mm512_setzero_si512(), _mm512_shuffle_epi32(four, _MM_PERM_CCCC), _mm512_load_si512(steps.bytes[2]));
  odd = _mm512_dpbusd_epi32(odd, _mm512_shuffle_epi32(four, _MM_PERM_DDDD), _mm512_load_si512(steps.bytes[3]));
  return _mm512_add_epi32(even, odd);
}

// Stores the totals of places 16 chunk + 1 and on, as many as there are; answers the last in every lane, for the next chunk.
ALVA_VBMI_INLINE __m512i put(const JointTables& tables, std::size_t chunk, __m512i sum, std::uint32_t* totals) {
  const std::size_t left = tables.depth - chunk * kLanes;
  const auto within = static_cast<__mmask16>(left >= kLanes ? 0xffff : (1u << left) - 1);
  _mm512_mask_storeu_epi32(totals + chunk * kLanes, within, sum);
  return _mm512_permutexvar_epi32(_mm512_set1_epi32(15), sum);
}

}  // namespace vbmi
}  // namespace alva
#endif
