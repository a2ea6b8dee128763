// Alignment: neighbour tables, principal components and Procrustes, each over whole matrices.
#include <algorithm>
#include <limits>

#include "components.hpp"
#include "cosines.hpp"
#include "exports.hpp"
#include "neighbours.hpp"
#include "permutations.hpp"
#include "procrustes.hpp"

namespace alva::binding {
namespace {

constexpr std::int64_t kMostRows = 65536;  // rank tables hold rows x rows bytes
constexpr std::int64_t kMostItems = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t kMostColumns = 1 << 24;
constexpr std::int64_t kMostThreads = 256;

// Two spaces of the same rows: a, its columns, b, its columns, rows.
struct Spaces {
  std::int64_t a_columns, b_columns, rows;
  const double *a, *b;
};

Spaces spaces_of(Arguments& given) {
  Spaces spaces{given.whole(1, "aColumns", 1, kMostColumns), given.whole(3, "bColumns", 1, kMostColumns), given.whole(4, "rows", 1, kMostRows), nullptr, nullptr};
  spaces.a = given.finite(0, "a", {spaces.rows, spaces.a_columns});
  spaces.b = given.finite(2, "b", {spaces.rows, spaces.b_columns});
  return spaces;
}

}  // namespace

Answer cosine_similarity(Arguments& given) {
  const auto rows = given.whole(1, "rows", 1, kMostRows), columns = given.whole(2, "columns", 1, kMostColumns);
  const auto* space = given.input<double>(0, "space", {rows, columns});
  const auto threads = given.whole(3, "threads", 1, kMostThreads);
  auto* similarity = given.output<double>(4, "similarity", {rows, rows});
  return static_cast<double>(alva::cosine_similarity(space, rows, columns, static_cast<unsigned>(threads), similarity));
}

Answer nearest_neighbours(Arguments& given) {
  const auto rows = given.whole(1, "rows", 2, kMostRows), depth = given.whole(2, "depth", 1, rows - 1);
  const auto* similarity = given.input<double>(0, "similarity", {rows, rows});
  auto* neighbours = given.output<std::int32_t>(3, "neighbours", {rows, depth});
  alva::nearest_neighbours(similarity, rows, depth, neighbours);
  return {};
}

Answer cosine_neighbours(Arguments& given) {
  const auto rows = given.whole(1, "rows", 2, kMostRows), columns = given.whole(2, "columns", 1, kMostColumns);
  const auto depth = given.whole(3, "depth", 1, rows - 1);
  const auto* space = given.input<double>(0, "space", {rows, columns});
  auto* neighbours = given.output<std::int32_t>(4, "neighbours", {rows, depth});
  return static_cast<double>(alva::cosine_neighbours(space, rows, columns, depth, neighbours));
}

Answer overlaps(Arguments& given) {
  const auto rows = given.whole(2, "rows", 2, kMostItems), depth = given.whole(3, "depth", 1, rows - 1);
  const auto* a = given.input<std::int32_t>(0, "a", {rows, depth});
  const auto* b = given.input<std::int32_t>(1, "b", {rows, depth});
  auto* overlap = given.output<std::int32_t>(4, "overlap", {rows, depth});
  alva::overlaps(a, b, rows, depth, overlap);
  return {};
}

Answer principal_components(Arguments& given) {
  const auto rows = given.whole(1, "rows", 1, kMostRows), columns = given.whole(2, "columns", 1, kMostColumns);
  const auto least = std::min(rows, columns);
  const auto* space = given.finite(0, "space", {rows, columns});
  auto* scores = given.output<double>(3, "scores", {rows, least});
  auto* singular_values = given.output<double>(4, "singularValues", {least});
  alva::principal_components(space, rows, columns, scores, singular_values);
  return {};
}

Answer nuclear_norm(Arguments& given) {
  const Spaces s = spaces_of(given);
  return alva::nuclear_norm(s.a, s.a_columns, s.b, s.b_columns, s.rows);
}

Answer permuted_nuclear_norms(Arguments& given) {
  constexpr std::int64_t words = std::numeric_limits<std::uint32_t>::max();
  const Spaces s = spaces_of(given);
  const auto* blocks = given.is_absent(5) ? nullptr : given.input<std::int32_t>(5, "blocks", {s.rows});
  const auto seed = given.whole(6, "seed", 0, (std::int64_t{1} << 53) - 1);
  const auto first = given.whole(7, "first", 0, words - 1), count = given.whole(8, "count", 1, words - first);
  const auto threads = given.whole(9, "threads", 1, kMostThreads);
  auto* norms = given.output<double>(10, "norms", {count});
  const Shuffle shuffle(s.rows, blocks, static_cast<std::uint64_t>(seed));
  alva::permuted_nuclear_norms(s.a, s.a_columns, s.b, s.b_columns, s.rows, shuffle, static_cast<std::uint32_t>(first),
                               static_cast<std::uint32_t>(count), static_cast<unsigned>(threads), norms);
  return {};
}

}  // namespace alva::binding
