// Vectors of float64 as wide as a target has them.
#pragma once
#include <cstddef>

namespace alva {

// A kernel is written once for any width and compiled for each target (`target` attribute) with the width it has. Each number has its operations
// in one order whatever the width, so the bits are the same.
template <std::size_t width>
struct Numbers {
  typedef double Vector __attribute__((vector_size(width * sizeof(double)), aligned(8), may_alias));

  static inline __attribute__((always_inline)) Vector& at(double* from) { return *reinterpret_cast<Vector*>(from); }
  static inline __attribute__((always_inline)) const Vector& at(const double* from) { return *reinterpret_cast<const Vector*>(from); }
};

}  // namespace alva
