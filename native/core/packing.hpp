// A space's rows, centred, to panels of columns that stand side by side, as tiles of products read them.
#pragma once
#include <cstddef>
#include <vector>

#include "tileproducts.hpp"

namespace alva {

// Some rows of a row-major space, whose entries are taken times `factor` times `again`.
struct Strip {
  const double* rows;
  std::size_t count, columns;
  double factor, again;
};

struct PackForm {
  const char* name;
  // Adds each column to its sum, row by row; answers the largest magnitude before the factors, of numbers alone.
  double (*add_up)(const Strip& of, double* sums);
  // Less `means`, which has 0 where a panel goes past the last column: row i of panel p to out[(p * count + i) * kPanel], for the first `panels` of
  // them; and each row's sum of squares there, in the order of dot.
  void (*pack)(const Strip& of, const double* means, std::size_t panels, double* out, double* squares);
};

// The forms that this CPU runs, the fastest first; all have the same bits.
const std::vector<const PackForm*>& pack_forms();

}  // namespace alva
