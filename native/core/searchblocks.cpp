// The search's products in blocks by BLAS, and a scan of each block against the thresholds.
#include <algorithm>

#include "lapack.hpp"
#include "searchforms.hpp"
#include "selection.hpp"

namespace alva {
namespace {

constexpr std::size_t kStripRows = 512, kItemPanels = 32;  // a block of products stays in the second cache
constexpr std::size_t kDiagonalPanels = 2;  // at the diagonal half of a block is of no use, so blocks are narrow there
constexpr std::size_t kScanned = 16;

void pack(const float* unit, std::size_t columns, float* panel) { std::copy_n(unit, panel_rows * columns, panel); }

// Row `row` of a block whose columns are the queries first .. first + count - 1.
void scan(const float* product, std::size_t row, std::size_t first, std::size_t count, bool self, Selection& selection) {
  const float* of_columns = selection.thresholds() + first;
  const std::size_t start = self && row >= first ? row + 1 - first : 0;
  for (std::size_t at = start / kScanned * kScanned; at < count; at += kScanned) {
    const std::size_t end = std::min(at + kScanned, count);
    int reached = 0;
    if (self) {
      const float of_row = selection.thresholds()[row];
      for (std::size_t j = at; j < end; ++j) reached |= (product[j] >= of_columns[j]) | (product[j] >= of_row);
    } else {
      for (std::size_t j = at; j < end; ++j) reached |= product[j] >= of_columns[j];
    }
    if (!reached) continue;
    for (std::size_t j = std::max(at, start); j < end; ++j) {
      selection.offer(first + j, product[j], row);
      if (self) selection.offer(row, product[j], first + j);
    }
  }
}

void compare(const Products& p, Selection& selection) {
  const int columns = static_cast<int>(p.columns);
  const float one = 1, zero = 0;
  for (std::size_t panel = p.first_panel, end; panel < p.end_panel; panel = end) {
    const bool diagonal = p.self && panel * panel_rows < p.first + p.count;
    end = std::min(p.end_panel, panel + (diagonal ? kDiagonalPanels : kItemPanels));
    const std::size_t query = panel * panel_rows, n_queries = std::min(p.n_queries, end * panel_rows) - query;
    const std::size_t n_rows = diagonal ? std::min(p.count, query + n_queries - p.first) : p.count;
    const int m = static_cast<int>(n_queries), n = static_cast<int>(n_rows);
    // Row-major rows x queries is column-major queries x rows.
    sgemm_("T", "N", &m, &n, &columns, &one, p.prepared + query * p.columns, &columns, p.strip, &columns, &zero, p.scratch, &m);
    for (std::size_t i = 0; i < n_rows; ++i) scan(p.scratch + i * n_queries, p.first + i, query, n_queries, p.self, selection);
  }
}

}  // namespace

extern const SearchForm blas_search{"blas", kStripRows, kItemPanels, kStripRows * kItemPanels * panel_rows, pack, compare};

}  // namespace alva
