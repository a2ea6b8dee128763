// The forms of the search's products: how prepared rows lie in memory, and how a strip of rows is multiplied with them.
#pragma once
#include <cstddef>
#include <vector>

#include "search.hpp"

namespace alva {

constexpr std::size_t panel_rows = 32;

// Unit rows of the corpus against panels of prepared queries.
struct Products {
  const float* strip;       // row-major; followed by 12 rows of any finite numbers
  std::size_t first, count; // which corpus rows these are
  const float* prepared;    // the first panel of all
  std::size_t first_panel, end_panel;
  std::size_t n_queries, columns;
  bool self;                // only pairs whose corpus row is before the query, offered to both
  float* scratch;           // scratch_floats of the form, one thread's own
};

class Selection;

struct SearchForm {
  const char* name;
  std::size_t strip_rows;    // of one product
  std::size_t item_panels;   // of one product
  std::size_t scratch_floats;
  // Writes panel_rows unit rows (row-major, rows past the end being 0) as one panel.
  void (*pack)(const float* unit, std::size_t columns, float* panel);
  void (*compare)(const Products& products, Selection& selection);
};

// Blocks by BLAS; everywhere.
extern const SearchForm blas_search;
// nullptr where the compiler or the CPU does not have it.
const SearchForm* avx512_search();

// The forms that this CPU runs, the fastest first.
const std::vector<const SearchForm*>& search_forms();

}  // namespace alva
