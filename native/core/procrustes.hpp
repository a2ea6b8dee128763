// The best rotation of one space onto another: its nuclear norm, as observed and with the items of one space permuted.
#pragma once
#include <cstddef>
#include <cstdint>

#include "permutations.hpp"

namespace alva {

// The sum of the singular values of A'B, for row-major spaces of `rows` rows.
double nuclear_norm(const double* a, std::size_t a_columns, const double* b, std::size_t b_columns, std::size_t rows);

// norms[i]: the same with b's rows in the order of permutation first + i. One thread's answer is any number's.
void permuted_nuclear_norms(const double* a, std::size_t a_columns, const double* b, std::size_t b_columns, std::size_t rows,
                            const Shuffle& shuffle, std::uint32_t first, std::uint32_t count, unsigned threads, double* norms);

}  // namespace alva
