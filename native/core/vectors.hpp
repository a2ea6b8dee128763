// Vectors of float64 as wide as a target has them.
#pragma once
#include <cstddef>

// Vectors are handed over in functions that are inlined only, so how others would hand them over does not matter.
#pragma GCC diagnostic ignored "-Wpsabi"

namespace alva {

// A kernel is written once for any width and compiled for each target (`target` attribute) with the width it has. Each number has its operations
// in one order whatever the width, so the bits are the same.
template <std::size_t width>
struct Numbers {
  typedef double Vector __attribute__((vector_size(width * sizeof(double))));

  static inline __attribute__((always_inline)) Vector at(const double* from) { return reinterpret_cast<const Anywhere*>(from)->vector; }
  static inline __attribute__((always_inline)) void put(double* to, Vector vector) { reinterpret_cast<Anywhere*>(to)->vector = vector; }

 private:
  // At any address. A struct, because Clang forgets the `aligned(8)` of a vector type in a template, and then takes it to stand on a whole line.
  struct __attribute__((packed, may_alias)) Anywhere {
    Vector vector;
  };
};

}  // namespace alva
