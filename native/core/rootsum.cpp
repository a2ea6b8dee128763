// The sum of singular values as an integral over resolvents, by a rule that converges like the best rational approximation of a square root.
#include "rootsum.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>

#include "vectors.hpp"

namespace alva {
namespace {

// A singular value is s = 2/pi times the integral over y > 0 of s^2 / (s^2 + y^2), so that their sum takes the trace of
// B'B (B'B + y^2)^-1 at some y. Hale, Higham and Trefethen (2008, method 3) put y = a sc(u), sc the Jacobi function that belongs to singular
// values from a to 1, and step evenly through u: with step h the error is exp(-pi^2 / h). For an `a` as small as this sc is a hyperbolic sine to
// rounding up to the middle, and symmetric about it. What is smaller than a is of no account beside a largest one near 1.
constexpr double kLeast = 1e-16;
constexpr std::size_t kNodes = 160;

struct Nodes {
  std::array<double, kNodes> squares, weights;

  Nodes() {
    const double step = std::log(4 / kLeast) / kNodes;
    for (std::size_t i = 0; i < kNodes / 2; ++i) {
      const double u = (static_cast<double>(i) + 0.5) * step, sinh = std::sinh(u), scale = 2 / std::numbers::pi * step * std::cosh(u);
      set(i, kLeast * sinh, kLeast * scale);
      set(kNodes - 1 - i, 1 / sinh, scale / (sinh * sinh));
    }
  }

  void set(std::size_t i, double y, double weight) {
    squares[i] = y * y;
    weights[i] = weight;
  }
};

struct Entry {
  double square, above;  // of the diagonal, and of what stands beside it
};

// traces[i] of B'B (B'B + t_i)^-1. The pivots D of B'B + t, and D - t dD/dt, by recurrences that only add what is positive.
template <std::size_t width, std::size_t kTogether>
inline __attribute__((always_inline)) void traces(const Entry* entries, std::size_t count, const double* squares, double* out) {
  using Of = Numbers<width>;
  using Vector = typename Of::Vector;
  for (std::size_t first = 0; first < kNodes; first += width * kTogether) {
    Vector t[kTogether], s[kTogether], g[kTogether] = {}, trace[kTogether] = {};
    for (std::size_t l = 0; l < kTogether; ++l) s[l] = t[l] = Of::at(squares + first + l * width);
    for (std::size_t i = 0; i < count; ++i) {
      const double q = entries[i].square, e = entries[i].above;
      for (std::size_t l = 0; l < kTogether; ++l) {
        const Vector inverse = 1.0 / (q + s[l]), part = e * inverse;
        trace[l] += (q + g[l]) * inverse;
        g[l] = part * inverse * (q * g[l] + s[l] * s[l]);
        s[l] = part * s[l] + t[l];
      }
    }
    for (std::size_t l = 0; l < kTogether; ++l) Of::put(out + first + l * width, trace[l]);
  }
}

void traces_plain(const Entry* entries, std::size_t count, const double* squares, double* out) { traces<2, 2>(entries, count, squares, out); }
#if defined(__GNUC__) && defined(__x86_64__)
__attribute__((target("avx2"))) void traces_avx2(const Entry* entries, std::size_t count, const double* squares, double* out) {
  traces<4, 2>(entries, count, squares, out);
}
__attribute__((target("avx512f"))) void traces_avx512(const Entry* entries, std::size_t count, const double* squares, double* out) {
  traces<8, 4>(entries, count, squares, out);
}
#endif

using Form = void (*)(const Entry*, std::size_t, const double*, double*);

Form form() {
#if defined(__GNUC__) && defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return traces_avx512;
  if (__builtin_cpu_supports("avx2")) return traces_avx2;
#endif
  return traces_plain;
}

}  // namespace

double sum_of_singular_values(const std::vector<double>& diagonal, const std::vector<double>& above) {
  static const Nodes nodes;
  static const Form traces_at = form();
  const std::size_t count = diagonal.size();
  double squares = 0;  // an upper bound of the largest square
  for (std::size_t i = 0; i < count; ++i) squares += diagonal[i] * diagonal[i] + (i + 1 < count ? above[i] * above[i] : 0);
  if (!(squares > 0)) return squares;
  const double norm = std::sqrt(squares);
  std::vector<Entry> entries(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double d = diagonal[i] / norm, e = i + 1 < count ? above[i] / norm : 0;
    entries[i] = {d * d, e * e};
  }
  double trace[kNodes];
  traces_at(entries.data(), count, nodes.squares.data(), trace);
  double sum = 0;
  for (std::size_t i = 0; i < kNodes; ++i) sum += nodes.weights[i] * trace[i];
  return sum * norm;
}

}  // namespace alva
