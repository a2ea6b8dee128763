// Sums and packing in vectors of eight numbers, compiled for each target.
#include "packing.hpp"

#include <algorithm>

#include "cosines.hpp"
#include "vectors.hpp"

namespace alva {
namespace {

constexpr std::size_t kLanes = 8, kRowsTogether = 4;
using Lanes = Numbers<kLanes>;
using Vector = Lanes::Vector;

inline __attribute__((always_inline)) double larger(double most, double value) {
  const double magnitude = value < 0 ? -value : value;
  return magnitude > most ? magnitude : most;
}

// Rows of one strip, at most kRowsTogether, to sums that are loaded once for all of them.
template <std::size_t count>
inline __attribute__((always_inline)) void add_rows(const Strip& of, const double* from, double* sums, Vector& most) {
  std::size_t j = 0;
  for (; j + kLanes <= of.columns; j += kLanes) {
    Vector sum = Lanes::at(sums + j);
    for (std::size_t i = 0; i < count; ++i) {
      const Vector value = Lanes::at(from + i * of.columns + j), magnitude = value < 0 ? -value : value;
      most = magnitude > most ? magnitude : most;
      sum += value * of.factor * of.again;
    }
    Lanes::put(sums + j, sum);
  }
  for (; j < of.columns; ++j)
    for (std::size_t i = 0; i < count; ++i) {
      const double value = from[i * of.columns + j];
      most[0] = larger(most[0], value);
      sums[j] += value * of.factor * of.again;
    }
}

inline __attribute__((always_inline)) double add_up(const Strip& of, double* sums) {
  Vector most{};
  std::size_t i = 0;
  for (; i + kRowsTogether <= of.count; i += kRowsTogether) add_rows<kRowsTogether>(of, of.rows + i * of.columns, sums, most);
  for (; i < of.count; ++i) add_rows<1>(of, of.rows + i * of.columns, sums, most);
  double largest = 0;
  for (std::size_t lane = 0; lane < kLanes; ++lane) largest = larger(largest, most[lane]);
  return largest;
}

inline __attribute__((always_inline)) void pack_panel(const Strip& of, const double* from, const double* means, double* out, Vector& squares) {
  for (std::size_t half = 0; half < kPanel; half += kLanes) {
    const Vector value = Lanes::at(from + half) * of.factor * of.again - Lanes::at(means + half);
    Lanes::put(out + half, value);
    squares += value * value;
  }
}

inline __attribute__((always_inline)) void pack(const Strip& of, const double* means, std::size_t panels, double* out, double* squares) {
  for (std::size_t i = 0; i < of.count; ++i) {
    const double* row = of.rows + i * of.columns;
    Vector sums{};
    std::size_t panel = 0;
    for (; panel < panels && (panel + 1) * kPanel <= of.columns; ++panel)
      pack_panel(of, row + panel * kPanel, means + panel * kPanel, out + (panel * of.count + i) * kPanel, sums);
    if (panel < panels) {
      double rest[kPanel] = {};
      std::copy_n(row + panel * kPanel, of.columns - panel * kPanel, rest);
      pack_panel(of, rest, means + panel * kPanel, out + (panel * of.count + i) * kPanel, sums);
    }
    squares[i] = joined(reinterpret_cast<const double*>(&sums));
  }
}

double add_up_plain(const Strip& of, double* sums) { return add_up(of, sums); }
void pack_plain(const Strip& of, const double* means, std::size_t panels, double* out, double* squares) { pack(of, means, panels, out, squares); }
constexpr PackForm plain_form{"portable", add_up_plain, pack_plain};

#if defined(__GNUC__) && defined(__x86_64__)
#define ALVA_PACK_FORM(NAME, TARGET)                                                                                                       \
  __attribute__((target(TARGET))) double add_up_##NAME(const Strip& of, double* sums) { return add_up(of, sums); }                         \
  __attribute__((target(TARGET))) void pack_##NAME(const Strip& of, const double* means, std::size_t panels, double* out, double* squares) { \
    pack(of, means, panels, out, squares);                                                                                                 \
  }                                                                                                                                        \
  constexpr PackForm NAME##_form{#NAME, add_up_##NAME, pack_##NAME};
ALVA_PACK_FORM(avx512, "avx512f")
ALVA_PACK_FORM(avx2, "avx2")
#undef ALVA_PACK_FORM
#endif

}  // namespace

const std::vector<const PackForm*>& pack_forms() {
  static const std::vector<const PackForm*> runnable = [] {
    std::vector<const PackForm*> found;
#if defined(__GNUC__) && defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) found.push_back(&avx512_form);
    if (__builtin_cpu_supports("avx2")) found.push_back(&avx2_form);
#endif
    found.push_back(&plain_form);
    return found;
  }();
  return runnable;
}

}  // namespace alva
