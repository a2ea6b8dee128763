// Cross products of two spaces through the products of their columns, in one order on every CPU.
#pragma once
#include <cstddef>
#include <optional>

#include "crossproducts.hpp"
#include "packing.hpp"
#include "tileproducts.hpp"

namespace alva {

// As cross_products, which takes this way where there are fewer columns than rows.
std::optional<CrossProducts> column_products(const double* a, std::size_t a_columns, const double* b, std::size_t b_columns, std::size_t rows,
                                             unsigned threads, const TileForm& form, const PackForm& packing);

}  // namespace alva
