// Ranks of many numbers, ties sharing their mean rank, and Spearman's correlation of two similarity matrices.
#pragma once
#include <cstddef>
#include <cstdint>

namespace alva {

// twice[i]: two times the rank of values[i], counted from 0; equal values share the mean of their ranks. Values are equal where
// == says so (0 and -0 are). At most 2^31 values. Answers false, leaving `twice` as it was, where one is not a number.
bool average_ranks(const double* values, std::size_t count, std::uint32_t* twice);

// Spearman's correlation of what stands above the diagonals of two rows x rows matrices. Sums are of whole numbers, without
// rounding, and so the same for any number of threads, of which two are of use. NaN where one matrix has all of them equal or holds NaN.
double rank_correlation_above(const double* a, const double* b, std::size_t rows, unsigned threads);

}  // namespace alva
