// The sum of the singular values of a bidiagonal matrix, without finding any of them.
#pragma once
#include <vector>

namespace alva {

// `above` is as long as `diagonal`; its last entry is not read. Right to some units in the last place of the sum.
double sum_of_singular_values(const std::vector<double>& diagonal, const std::vector<double>& above);

}  // namespace alva
