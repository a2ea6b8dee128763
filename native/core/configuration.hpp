// A space's rows as points in no more columns than they need, for measures that see nothing but their distances.
#pragma once
#include <cstddef>

namespace alva {

// scores: rows x min(rows - 1, columns), column-centred and of unit Frobenius norm, with the inner products that the centred space has up to
// one factor: its columns are those of some rotation, not principal axes. Answers the Frobenius norm of the centred space, 0 (and zeros)
// where all rows are equal up to rounding. Values up to 1e+-300 are safe.
double configuration(const double* space, std::size_t rows, std::size_t columns, double* scores);

}  // namespace alva
