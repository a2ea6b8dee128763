// Householder bidiagonalization, one sweep over the matrix for each column.
#include "bidiagonal.hpp"

#include <algorithm>
#include <cmath>

#include "cosines.hpp"
#include "vectors.hpp"

namespace alva {
namespace {

constexpr std::size_t kLanes = 8, kMostTogether = 4;

// Sums run in eight lanes, whatever the width of a vector.
inline double joined(const double* lane) { return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7])); }

// Of all rows from `first` on, some at a time; the vectors have zeros in front of column `pivot`.
struct Sweep {
  double* matrix;
  std::size_t stride, first, end, pivot;
  const double *right, *product;  // v and y
  double weight, shift;           // of v, and y'v
  double* left;                   // u before, the pivot column after
  double* next;                   // z: the sum of rows, each times its entry in the pivot column
};

// Each row i becomes row - u_i y' - x_i v' with x_i = weight (row v - u_i y'v); what the next reflection of columns needs is gathered meanwhile.
template <std::size_t width, std::size_t kTogether>
inline __attribute__((always_inline)) void sweep(const Sweep& of) {
  using Of = Numbers<width>;
  using Vector = typename Of::Vector;
  constexpr std::size_t parts = kLanes / width;
  const std::size_t from = of.pivot / kLanes * kLanes;
  std::fill(of.next + from, of.next + of.stride, 0.0);
  for (std::size_t i = of.first; i < of.end; i += kTogether) {
    double* row[kTogether];
    Vector sum[kTogether][parts] = {};
    for (std::size_t r = 0; r < kTogether; ++r) row[r] = of.matrix + (i + r) * of.stride;
    for (std::size_t j = from; j < of.stride; j += kLanes)
      for (std::size_t part = 0; part < parts; ++part) {
        const Vector v = Of::at(of.right + j + part * width);
        for (std::size_t r = 0; r < kTogether; ++r) sum[r][part] += Of::at(row[r] + j + part * width) * v;
      }
    double u[kTogether], x[kTogether], pivot[kTogether];
    for (std::size_t r = 0; r < kTogether; ++r) {
      u[r] = of.left[i + r];
      x[r] = of.weight * (joined(reinterpret_cast<const double*>(sum[r])) - u[r] * of.shift);
      of.left[i + r] = pivot[r] = row[r][of.pivot] - u[r] * of.product[of.pivot] - x[r] * of.right[of.pivot];
    }
    for (std::size_t j = from; j < of.stride; j += width) {
      const Vector v = Of::at(of.right + j), y = Of::at(of.product + j);
      Vector z = Of::at(of.next + j);
      for (std::size_t r = 0; r < kTogether; ++r) {
        const Vector changed = Of::at(row[r] + j) - u[r] * y - x[r] * v;
        Of::put(row[r] + j, changed);
        z += pivot[r] * changed;
      }
      Of::put(of.next + j, z);
    }
  }
}

void sweep_plain(const Sweep& of) { sweep<2, 2>(of); }
#if defined(__GNUC__) && defined(__x86_64__)
__attribute__((target("avx2"))) void sweep_avx2(const Sweep& of) { sweep<4, 4>(of); }
__attribute__((target("avx512f"))) void sweep_avx512(const Sweep& of) { sweep<8, 4>(of); }
#endif

using Form = void (*)(const Sweep&);

Form form() {
#if defined(__GNUC__) && defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return sweep_avx512;
  if (__builtin_cpu_supports("avx2")) return sweep_avx2;
#endif
  return sweep_plain;
}

constexpr double kNothing = 1e-290;  // squares so small are 0, lest a weight overflow

// A reflection of a vector with this first entry and sum of squares onto its first axis: I - weight w w', w the vector with `first` instead.
struct Reflection {
  double norm, first, weight;
  Reflection(double entry, double squares)
      : norm(squares < kNothing ? 0 : std::sqrt(squares)), first(entry + std::copysign(norm, entry)),
        weight(norm == 0 ? 0 : 1 / (norm * std::fabs(first))) {}
};

double dot_from(std::size_t first, const std::vector<double>& x, const std::vector<double>& y) {
  return dot(&x[first], &y[first], x.size() - first);
}

}  // namespace

Bidiagonal::Bidiagonal(std::size_t rows, std::size_t columns)
    : rows_(rows), columns_(columns), stride_((columns + kLanes - 1) / kLanes * kLanes), matrix_((rows + kMostTogether) * stride_),
      diagonal_(columns), above_(columns), left_(rows + kMostTogether), right_(stride_), product_(stride_), next_(stride_) {}

void Bidiagonal::reduce() {
  static const Form sweep_rows = form();
  std::fill(left_.begin(), left_.end(), 0.0);
  std::fill(right_.begin(), right_.end(), 0.0);
  std::fill(product_.begin(), product_.end(), 0.0);
  Sweep of{matrix_.data(), stride_, 0, rows_, 0, right_.data(), product_.data(), 0, 0, left_.data(), next_.data()};
  for (std::size_t k = 0;; ++k) {
    sweep_rows(of);
    const Reflection column(left_[k], next_[k]);
    diagonal_[k] = column.norm;
    if (k + 1 == columns_) break;
    const double opposite = left_[k] - column.first;  // -copysign(norm, entry)
    const double* top = &matrix_[k * stride_];
    right_[k] = product_[k] = 0;
    for (std::size_t j = k + 1; j < columns_; ++j) {
      product_[j] = column.weight * (next_[j] - opposite * top[j]);
      right_[j] = top[j] - column.first * product_[j];
    }
    const Reflection beside(right_[k + 1], dot_from(k + 1, right_, right_));
    above_[k] = beside.norm;
    right_[k + 1] = beside.first;
    of.first = of.pivot = k + 1;
    of.weight = beside.weight;
    of.shift = dot_from(k + 1, product_, right_);
  }
}

}  // namespace alva
