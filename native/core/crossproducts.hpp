// What linear CKA is made of: how much of two column-centred spaces' inner products is shared.
#pragma once
#include <cstddef>
#include <optional>

namespace alva {

struct CrossProduct {
  double squares;      // ||A'B||^2, the sum over all pairs of items of the products of their inner products
  double diagonal;     // the part of it that stands on the diagonal: the sum over items of |a_i|^2 |b_i|^2
};

struct CrossProducts {
  CrossProduct ab, aa, bb;
  double trace_a, trace_b;  // sums of |a_i|^2 and of |b_i|^2
};

// Of row-major spaces whose columns are centred here. Each space is divided by a power of two near its largest magnitude: CKA does
// not see it, and squares stay in range. The same bits for any number of threads; nothing where a number is not finite.
std::optional<CrossProducts> cross_products(const double* a, std::size_t a_columns, const double* b, std::size_t b_columns, std::size_t rows,
                                            unsigned threads);

}  // namespace alva
