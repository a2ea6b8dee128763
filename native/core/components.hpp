// Principal components of one space.
#pragma once
#include <cstddef>

namespace alva {

// Of the column-centred rows x columns space, with m = min(rows, columns): scores (rows x m, row-major) and the m singular
// values, falling. Each column of scores has its entry of largest magnitude positive. Values up to 1e+-300 are safe.
// Throws std::runtime_error where LAPACK does not converge.
void principal_components(const double* space, std::size_t rows, std::size_t columns, double* scores, double* singular_values);

}  // namespace alva
