// The joint permutation kernel for AVX-512 with VBMI and VNNI: the form, and its loops over totals.
#include <limits>

#include "exchanges.hpp"
#include "jointvbmi.hpp"

#if defined(__GNUC__) && defined(__x86_64__)

namespace alva {
namespace {

using namespace vbmi;

constexpr std::size_t kMostRows = 256;  // an item is a byte
constexpr std::size_t kMostLone = 3;    // pairs that would leave most of a vector of tables empty

std::unique_ptr<JointCounter> counter(const JointTables& tables) {
  if (tables.rows > kMostRows) return nullptr;
  return tables.n_pairs <= kMostLone ? relabellings_in_lanes(tables) : tables_in_lanes(tables);
}

ALVA_VBMI std::uint32_t draw(std::uint64_t seed, std::uint32_t first, const std::uint32_t* sizes, std::size_t n, std::uint16_t* places) {
  return exchanges::draw(seed, first, sizes, n, places);
}

ALVA_VBMI_INLINE void add(std::uint64_t* to, __m512i low, __m512i high) {
  _mm512_storeu_si512(to, _mm512_add_epi64(_mm512_loadu_si512(to), low));
  _mm512_storeu_si512(to + 8, _mm512_add_epi64(_mm512_loadu_si512(to + 8), high));
}

ALVA_VBMI_INLINE void add_widened(std::uint64_t* to, __m512i x) {
  add(to, _mm512_cvtepu32_epi64(_mm512_castsi512_si256(x)), _mm512_cvtepu32_epi64(_mm512_extracti64x4_epi64(x, 1)));
}

ALVA_VBMI void tally(const std::uint32_t* totals, std::size_t n, std::size_t stride, const std::uint32_t* observed, Sums& sums) {
  for (std::size_t at = 0; at < stride; at += kLanes) {
    const __m512i least = _mm512_loadu_si512(observed + at), one = _mm512_set1_epi32(1);
    __m512i exceedances = _mm512_setzero_si512(), sum = exceedances, low = exceedances, high = exceedances;
    for (std::size_t j = 0; j < n; ++j) {
      const __m512i total = _mm512_loadu_si512(totals + j * stride + at);
      exceedances = _mm512_mask_add_epi32(exceedances, _mm512_cmpge_epu32_mask(total, least), exceedances, one);
      sum = _mm512_add_epi32(sum, total);
      const __m512i odd = _mm512_srli_epi64(total, 32);
      low = _mm512_add_epi64(low, _mm512_mul_epu32(total, total));
      high = _mm512_add_epi64(high, _mm512_mul_epu32(odd, odd));
    }
    add_widened(&sums.exceedances[at], exceedances);
    add_widened(&sums.sum[at], sum);
    // The squares of even and of odd lanes, back in the order of the lanes.
    const __m512i first = _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11), second = _mm512_setr_epi64(4, 12, 5, 13, 6, 14, 7, 15);
    add(&sums.squares[at], _mm512_permutex2var_epi64(low, first, high), _mm512_permutex2var_epi64(low, second, high));
  }
}

ALVA_VBMI void largest(const std::uint32_t* totals, const JointTables& tables, const Standard& standard, double* best) {
  for (std::size_t k = 0; k < tables.depth; k += 8) {
    const auto within = static_cast<__mmask8>(tables.depth - k >= 8 ? 0xff : (1u << (tables.depth - k)) - 1);
    __m512d found = _mm512_set1_pd(-std::numeric_limits<double>::infinity());
    for (std::size_t at = k; at < tables.width(); at += tables.depth) {
      const __m512d total = _mm512_cvtepu32_pd(_mm256_maskz_loadu_epi32(within, totals + at));
      // A product and a difference, not one fused operation, so that the portable form gets the same bits.
      const __m512d scaled = _mm512_mul_pd(total, _mm512_maskz_loadu_pd(within, standard.scale + at));
      found = _mm512_max_pd(found, _mm512_sub_pd(scaled, _mm512_maskz_loadu_pd(within, standard.offset + at)));
    }
    _mm512_mask_storeu_pd(best + k, within, found);
  }
}

constexpr JointForm form{"avx512", counter, draw, tally, largest};

}  // namespace

const JointForm* avx512_joint_form() {
  const bool runs = __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                    __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vnni");
  return runs ? &form : nullptr;
}

}  // namespace alva
#else
const alva::JointForm* alva::avx512_joint_form() { return nullptr; }
#endif
