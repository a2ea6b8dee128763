// Exact nearest rows by cosine: candidates by float32, settled in float64.
#include "search.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "lapack.hpp"
#include "searchforms.hpp"
#include "selection.hpp"
#include "threads.hpp"

namespace alva {
namespace {

constexpr std::size_t kLine = 64;      // a cache line, and the widest vector
constexpr std::size_t kRowsPast = 12;  // a kernel may read a whole tile where fewer rows are left

std::size_t padded(std::size_t rows) { return (rows + panel_rows - 1) / panel_rows * panel_rows; }

// Hands out parts of the caller's room, each on a line of its own; without a room it only counts.
class Room {
 public:
  explicit Room(std::uint8_t* start) : start_(start) {
    at_ = start ? (kLine - reinterpret_cast<std::uintptr_t>(start) % kLine) % kLine : kLine - 1;
  }
  // Room for a x b x c numbers.
  template <typename T>
  void take(T*& part, std::size_t a, std::size_t b = 1, std::size_t c = 1) {
    part = start_ ? reinterpret_cast<T*>(start_ + at_) : nullptr;
    constexpr std::size_t most = std::size_t{1} << 50;
    if (a > most / sizeof(T) / b || a * b > most / sizeof(T) / c) throw std::length_error("a search of more bytes than there can be");
    at_ += (a * b * c * sizeof(T) + kLine - 1) / kLine * kLine;
  }
  std::size_t taken() const { return at_; }

 private:
  std::uint8_t* start_;
  std::size_t at_;
};

SearchParts parts_of(const SearchPlan& plan, Room& room) {
  const std::size_t n = plan.queries.rows, columns = plan.queries.columns, threads = plan.threads, capacity = capacity_of(plan.depth);
  SearchParts parts{};
  room.take(parts.query_squares, n);
  room.take(parts.query_exponents, n);
  if (plan.self) {
    parts.corpus_squares = parts.query_squares;
    parts.corpus_exponents = parts.query_exponents;
  } else {
    room.take(parts.corpus_squares, plan.corpus.rows);
    room.take(parts.corpus_exponents, plan.corpus.rows);
  }
  room.take(parts.prepared, padded(n), columns);
  room.take(parts.strip, plan.block + kRowsPast, columns);
  room.take(parts.thresholds, threads, threshold_stride(n));
  room.take(parts.counts, threads, n);
  room.take(parts.keys, threads, n, capacity);
  room.take(parts.rows, threads, 2, columns);
  room.take(parts.units, threads, panel_rows, columns);
  room.take(parts.scratch, threads * plan.form->scratch_floats);
  room.take(parts.gathered, threads * threads, capacity);
  room.take(parts.compared, 1);
  return parts;
}

SearchParts parts_in(const SearchPlan& plan, std::uint8_t* start) {
  Room room(start);
  return parts_of(plan, room);
}

// Calls work(thread, next) on each thread; next() hands out 0 .. count - 1, each once.
template <typename Work>
void share_out(unsigned threads, std::size_t count, Work work) {
  std::atomic<std::size_t> handed{0};
  const auto next = [&]() -> std::size_t { return handed.fetch_add(1, std::memory_order_relaxed); };
  on_threads(static_cast<unsigned>(std::min<std::size_t>(threads, count)), [&](unsigned thread) { work(thread, next); });
}

// As long may a step keep its caller waiting.
constexpr std::chrono::milliseconds kSlice{20};

void write_unit(const double* scaled, double square, std::size_t columns, float* out) {
  const double factor = square > 0 ? 1 / std::sqrt(square) : 0;
  for (std::size_t j = 0; j < columns; ++j) out[j] = static_cast<float>(scaled[j] * factor);
}

}  // namespace

std::size_t capacity_of(std::size_t depth) { return std::max<std::size_t>(64, 2 * depth + 32); }

std::size_t threshold_stride(std::size_t n_queries) { return padded(n_queries + kRowsPast); }

const std::vector<const SearchForm*>& search_forms() {
  static const std::vector<const SearchForm*> runnable = [] {
    std::vector<const SearchForm*> found;
    for (const SearchForm* form : {avx512_search(), &blas_search})
      if (form) found.push_back(form);
    return found;
  }();
  return runnable;
}

std::size_t search_bytes(const SearchPlan& plan) {
  Room room(nullptr);
  parts_of(plan, room);
  return room.taken();
}

Search::Search(const SearchPlan& plan, std::uint8_t* room)
    : plan_(plan), parts_(parts_in(plan, room)) {}

std::int64_t Search::prepare(std::size_t first, std::size_t count) {
  const std::size_t columns = plan_.queries.columns, n = plan_.queries.rows, stride = threshold_stride(n);
  const std::size_t end = std::min(first + count, n);
  *parts_.compared = 0;
  const std::size_t last = end == n ? stride : end;  // thresholds past the end are never reached
  for (unsigned thread = 0; thread < plan_.threads; ++thread) {
    std::fill(parts_.thresholds + thread * stride + first, parts_.thresholds + thread * stride + end, -std::numeric_limits<float>::infinity());
    std::fill(parts_.thresholds + thread * stride + end, parts_.thresholds + thread * stride + last, std::numeric_limits<float>::infinity());
    std::fill(parts_.counts + thread * n + first, parts_.counts + thread * n + end, 0);
  }
  std::atomic<std::int64_t> bad{std::numeric_limits<std::int64_t>::max()};
  share_out(plan_.threads, (end - first + panel_rows - 1) / panel_rows, [&](unsigned thread, auto next) {
    double* room = parts_.rows + thread * 2 * columns;
    float* unit = parts_.units + thread * panel_rows * columns;
    for (std::size_t panel; (panel = first / panel_rows + next()) * panel_rows < end;) {
      std::fill_n(unit, panel_rows * columns, 0.0f);
      for (std::size_t i = panel * panel_rows; i < std::min(end, (panel + 1) * panel_rows); ++i) {
        const Measure of = measured_row(plan_.queries, i, room);
        if (std::isnan(of.square)) {
          for (std::int64_t seen = bad; static_cast<std::int64_t>(i) < seen && !bad.compare_exchange_weak(seen, i);) continue;
          continue;
        }
        parts_.query_squares[i] = of.square;
        parts_.query_exponents[i] = of.exponent;
        // A zero row has cosine 0 with every other: its list needs no search.
        if (of.square == 0)
          for (unsigned t = 0; t < plan_.threads; ++t) parts_.thresholds[t * stride + i] = std::numeric_limits<float>::infinity();
        write_unit(scaled_row(plan_.queries, i, of.exponent, room), of.square, columns, unit + (i - panel * panel_rows) * columns);
      }
      plan_.form->pack(unit, columns, parts_.prepared + panel * panel_rows * columns);
    }
  });
  return bad == std::numeric_limits<std::int64_t>::max() ? -1 : bad.load();
}

// The block's unit rows, and for a corpus of its own their measures. Answers the first row that is not finite, or -1.
std::int64_t Search::measure_strip(std::size_t first, std::size_t count) {
  const std::size_t columns = plan_.queries.columns;
  constexpr std::size_t kRowsHanded = 16;
  std::atomic<std::int64_t> bad{std::numeric_limits<std::int64_t>::max()};
  share_out(plan_.threads, (count + kRowsHanded - 1) / kRowsHanded, [&](unsigned thread, auto next) {
    double* room = parts_.rows + thread * 2 * columns;
    const Rows& corpus = plan_.self ? plan_.queries : plan_.corpus;
    for (std::size_t at; (at = next() * kRowsHanded) < count;)
      for (std::size_t i = first + at; i < first + std::min(count, at + kRowsHanded); ++i) {
        if (!plan_.self) {
          const Measure of = measured_row(corpus, i, room);
          if (std::isnan(of.square))
            for (std::int64_t seen = bad; static_cast<std::int64_t>(i) < seen && !bad.compare_exchange_weak(seen, i);) continue;
          parts_.corpus_squares[i] = std::isnan(of.square) ? 0 : of.square;
          parts_.corpus_exponents[i] = of.exponent;
        }
        const double* row = scaled_row(corpus, i, parts_.corpus_exponents[i], room);
        write_unit(row, parts_.corpus_squares[i], columns, parts_.strip + (i - first) * columns);
      }
  });
  std::fill_n(parts_.strip + count * columns, kRowsPast * columns, 0.0f);
  return bad == std::numeric_limits<std::int64_t>::max() ? -1 : bad.load();
}

// What one thread has learnt holds for all.
void Search::share_thresholds() {
  const std::size_t n = plan_.queries.rows, stride = threshold_stride(n);
  for (unsigned thread = 1; thread < plan_.threads; ++thread)
    for (std::size_t i = 0; i < n; ++i)
      parts_.thresholds[i] = std::max(parts_.thresholds[i], parts_.thresholds[thread * stride + i]);
  for (unsigned thread = 1; thread < plan_.threads; ++thread) std::copy_n(parts_.thresholds, n, parts_.thresholds + thread * stride);
}

std::int64_t Search::compare(std::size_t first, std::size_t count) {
  one_blas_thread();
  std::uint64_t& compared = *parts_.compared;
  if (compared == 0) {
    const std::int64_t bad = measure_strip(first, count);
    if (bad >= 0) return bad;
    share_thresholds();
  }
  const SearchForm& form = *plan_.form;
  const std::size_t columns = plan_.queries.columns, n = plan_.queries.rows, panels = padded(n) / panel_rows;
  struct Item {
    std::size_t row, rows, panel, end_panel;
  };
  std::vector<Item> items;
  for (std::size_t row = first; row < first + count; row += form.strip_rows)
    for (std::size_t panel = plan_.self ? row / panel_rows : 0; panel < panels; panel += form.item_panels)
      items.push_back({row, std::min(form.strip_rows, first + count - row), panel, std::min(panels, panel + form.item_panels)});
  const std::size_t done = std::min<std::size_t>(compared, items.size()), left = items.size() - done;
  const auto deadline = std::chrono::steady_clock::now() + kSlice;
  std::atomic<std::size_t> taken{0};
  share_out(plan_.threads, left, [&](unsigned thread, auto next) {
    Selection selection(plan_, parts_, thread);
    bool is_late = false;
    for (std::size_t at; !is_late && (at = next()) < left; is_late = std::chrono::steady_clock::now() > deadline) {
      taken.fetch_add(1, std::memory_order_relaxed);
      const Item& item = items[done + at];
      form.compare({parts_.strip + (item.row - first) * columns, item.row, item.rows, parts_.prepared, item.panel, item.end_panel, n,
                    columns, plan_.self, parts_.scratch + thread * form.scratch_floats},
                   selection);
    }
  });
  // Items are handed out in their order, so what was taken is the beginning of them.
  compared = taken < left ? done + taken : 0;
  return taken < left ? kUnfinished : -1;
}

void Search::settle(std::size_t first, std::size_t count, std::int32_t* indices) {
  constexpr std::size_t kQueriesHanded = 32;
  share_out(plan_.threads, (count + kQueriesHanded - 1) / kQueriesHanded, [&](unsigned thread, auto next) {
    for (std::size_t at; (at = next() * kQueriesHanded) < count;)
      for (std::size_t i = at; i < std::min(count, at + kQueriesHanded); ++i) settle_one(thread, first + i, indices + i * plan_.depth);
  });
}

void Search::settle_one(unsigned thread, std::size_t query, std::int32_t* list) {
  const std::size_t n = plan_.queries.rows, depth = plan_.depth, items = plan_.self ? n : plan_.corpus.rows;
  const std::size_t capacity = capacity_of(depth);
  if (parts_.query_squares[query] == 0) {
    for (std::size_t p = 0; p < depth; ++p) list[p] = static_cast<std::int32_t>(p + (plan_.self && p >= query));
    return;
  }
  std::uint64_t* keys = parts_.gathered + thread * plan_.threads * capacity;
  std::size_t found = 0;
  for (unsigned t = 0; t < plan_.threads; ++t) {
    const std::size_t held = std::min<std::size_t>(parts_.counts[t * n + query], capacity);
    std::copy_n(parts_.keys + (t * n + query) * capacity, held, keys + found);
    found += held;
  }
  if (found < depth || std::any_of(keys, keys + found, [&](std::uint64_t key) { return Selection::item_of(key) >= items; }))
    throw std::invalid_argument("invalid room: expected one in which all rows were compared; the search was settled before all rows were compared");
  std::sort(keys, keys + found, std::greater<>());

  const double error = product_error(plan_.queries.columns);
  // Products further apart than twice the error stand in the right order; the others are settled among themselves.
  const auto apart = [&](std::size_t p, std::size_t q) {
    return static_cast<double>(Selection::product_of(keys[p])) - Selection::product_of(keys[q]) > 2 * error;
  };
  while (found > depth && apart(depth - 1, found - 1)) --found;
  for (std::size_t start = 0, end; start < depth; start = end) {
    for (end = start + 1; end < found && !apart(end - 1, end);) ++end;
    if (end - start == 1) {
      list[start] = static_cast<std::int32_t>(Selection::item_of(keys[start]));
    } else {
      const auto order = scored(plan_, parts_, thread, query, keys + start, end - start);
      for (std::size_t p = start; p < std::min(end, depth); ++p) list[p] = static_cast<std::int32_t>(Selection::item_of(order[p - start].key));
    }
  }
}

}  // namespace alva
