// Products and singular vectors of dense row-major matrices.
#pragma once
#include <cstddef>

namespace alva {

// out (rows x columns) = A B, A being rows x inner and B inner x columns; a transposed factor is stored the other way round.
void matrix_product(const double* a, bool a_transposed, const double* b, bool b_transposed, std::size_t rows, std::size_t inner,
                    std::size_t columns, double* out);

// M (rows x columns) = left (rows x r) diag(values) right (r x columns), r = min(rows, columns), values falling.
// Throws where it does not converge.
void singular_vectors(const double* m, std::size_t rows, std::size_t columns, double* left, double* values, double* right);

}  // namespace alva
