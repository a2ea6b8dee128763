// The forms of a tile's products: AVX-512, AVX2 with FMA, and plain.
#include "tileproducts.hpp"

#include <algorithm>
#include <cmath>

#if defined(__GNUC__) && defined(__x86_64__)
#include <immintrin.h>
#endif

namespace alva {
namespace {

void add_plain(const double* a, const double* b, std::size_t rows, bool begun, double* out) {
  double sum[kTile] = {};
  if (begun) std::copy_n(out, kTile, sum);
  for (std::size_t i = 0; i < rows; ++i, a += kPanel, b += kPanel)
    for (std::size_t c = 0; c < kTileColumns; ++c)
      for (std::size_t r = 0; r < kPanel; ++r) sum[c * kPanel + r] = std::fma(a[r], b[c], sum[c * kPanel + r]);
  std::copy_n(sum, kTile, out);
}

constexpr TileForm plain_form{"portable", add_plain};

#if defined(__GNUC__) && defined(__x86_64__)

// The tile that is likely next stands behind this one: it comes near while this one is made.
inline void fetch_next(const double* out) {
  for (std::size_t at = 0; at < kTile; at += 8) _mm_prefetch(reinterpret_cast<const char*>(out + kTile + at), _MM_HINT_T0);
}

__attribute__((target("avx512f"))) void add_avx512(const double* a, const double* b, std::size_t rows, bool begun, double* out) {
  fetch_next(out);
  __m512d low[kTileColumns], high[kTileColumns];
  for (std::size_t c = 0; c < kTileColumns; ++c) {
    low[c] = begun ? _mm512_loadu_pd(out + c * kPanel) : _mm512_setzero_pd();
    high[c] = begun ? _mm512_loadu_pd(out + c * kPanel + 8) : _mm512_setzero_pd();
  }
  for (std::size_t i = 0; i < rows; ++i, a += kPanel, b += kPanel) {
    const __m512d first = _mm512_loadu_pd(a), second = _mm512_loadu_pd(a + 8);
    for (std::size_t c = 0; c < kTileColumns; ++c) {
      const __m512d of = _mm512_set1_pd(b[c]);
      low[c] = _mm512_fmadd_pd(first, of, low[c]);
      high[c] = _mm512_fmadd_pd(second, of, high[c]);
    }
  }
  for (std::size_t c = 0; c < kTileColumns; ++c) {
    _mm512_storeu_pd(out + c * kPanel, low[c]);
    _mm512_storeu_pd(out + c * kPanel + 8, high[c]);
  }
}

constexpr std::size_t kPart = 4;  // columns, by eight rows: what sixteen registers hold

__attribute__((target("avx2,fma"))) void add_part(const double* a, const double* b, std::size_t rows, bool begun, double* out) {
  __m256d low[kPart], high[kPart];
  for (std::size_t c = 0; c < kPart; ++c) {
    low[c] = begun ? _mm256_loadu_pd(out + c * kPanel) : _mm256_setzero_pd();
    high[c] = begun ? _mm256_loadu_pd(out + c * kPanel + 4) : _mm256_setzero_pd();
  }
  for (std::size_t i = 0; i < rows; ++i, a += kPanel, b += kPanel) {
    const __m256d first = _mm256_loadu_pd(a), second = _mm256_loadu_pd(a + 4);
    for (std::size_t c = 0; c < kPart; ++c) {
      const __m256d of = _mm256_broadcast_sd(b + c);
      low[c] = _mm256_fmadd_pd(first, of, low[c]);
      high[c] = _mm256_fmadd_pd(second, of, high[c]);
    }
  }
  for (std::size_t c = 0; c < kPart; ++c) {
    _mm256_storeu_pd(out + c * kPanel, low[c]);
    _mm256_storeu_pd(out + c * kPanel + 4, high[c]);
  }
}

void add_avx2(const double* a, const double* b, std::size_t rows, bool begun, double* out) {
  fetch_next(out);
  for (std::size_t c = 0; c < kTileColumns; c += kPart)
    for (std::size_t r = 0; r < kPanel; r += 8) add_part(a + r, b + c, rows, begun, out + c * kPanel + r);
}

constexpr TileForm avx512_form{"avx512", add_avx512}, avx2_form{"avx2", add_avx2};
#endif

}  // namespace

const std::vector<const TileForm*>& tile_forms() {
  static const std::vector<const TileForm*> runnable = [] {
    std::vector<const TileForm*> found;
#if defined(__GNUC__) && defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) found.push_back(&avx512_form);
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) found.push_back(&avx2_form);
#endif
    found.push_back(&plain_form);
    return found;
  }();
  return runnable;
}

}  // namespace alva
