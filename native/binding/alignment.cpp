// Alignment: neighbour tables, permutation tallies, principal components and Procrustes, each over whole matrices.
#include <algorithm>
#include <limits>
#include <stdexcept>

#include "arguments.hpp"
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

// Labels of blocks at argument `i`, or null where there are none.
const std::int32_t* blocks(const Napi::CallbackInfo& info, std::size_t i, std::size_t rows) {
  return info[i].IsNull() || info[i].IsUndefined() ? nullptr : array<std::int32_t>(info, i, "blocks", rows);
}

struct Numbers {  // which permutations to draw, and how
  std::uint64_t seed;
  std::uint32_t first, count;
  unsigned threads;
};

Numbers numbers(const Napi::CallbackInfo& info, std::size_t at) {
  constexpr std::int64_t words = std::numeric_limits<std::uint32_t>::max();
  const auto seed = whole(info, at, "seed", 0, (std::int64_t{1} << 53) - 1);
  const auto first = whole(info, at + 1, "first", 0, words);
  const auto count = whole(info, at + 2, "count", 1, words - first);
  const auto threads = whole(info, at + 3, "threads", 1, kMostThreads);
  return {static_cast<std::uint64_t>(seed), static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(count), static_cast<unsigned>(threads)};
}

}  // namespace

Napi::Value cosine_similarity(const Napi::CallbackInfo& info) {
  const auto rows = whole(info, 1, "rows", 1, kMostRows), columns = whole(info, 2, "columns", 1, kMostColumns);
  const auto* space = array<double>(info, 0, "space", rows * columns);
  auto* similarity = array<double>(info, 3, "similarity", rows * rows);
  std::int64_t bad = -1;
  run(info.Env(), [&] { bad = alva::cosine_similarity(space, rows, columns, similarity); });
  return Napi::Number::New(info.Env(), static_cast<double>(bad));
}

Napi::Value nearest_neighbours(const Napi::CallbackInfo& info) {
  const auto rows = whole(info, 1, "rows", 2, kMostRows), depth = whole(info, 2, "depth", 1, rows - 1);
  const auto* similarity = array<double>(info, 0, "similarity", rows * rows);
  auto* neighbours = array<std::int32_t>(info, 3, "neighbours", rows * depth);
  run(info.Env(), [&] { alva::nearest_neighbours(similarity, rows, depth, neighbours); });
  return info.Env().Undefined();
}

Napi::Value cosine_neighbours(const Napi::CallbackInfo& info) {
  const auto rows = whole(info, 1, "rows", 2, kMostRows), columns = whole(info, 2, "columns", 1, kMostColumns);
  const auto depth = whole(info, 3, "depth", 1, rows - 1);
  const auto* space = array<double>(info, 0, "space", rows * columns);
  auto* neighbours = array<std::int32_t>(info, 4, "neighbours", rows * depth);
  std::int64_t bad = -1;
  run(info.Env(), [&] { bad = alva::cosine_neighbours(space, rows, columns, depth, neighbours); });
  return Napi::Number::New(info.Env(), static_cast<double>(bad));
}

Napi::Value overlaps(const Napi::CallbackInfo& info) {
  const auto rows = whole(info, 2, "rows", 2, kMostItems), depth = whole(info, 3, "depth", 1, rows - 1);
  const auto* a = array<std::int32_t>(info, 0, "a", rows * depth);
  const auto* b = array<std::int32_t>(info, 1, "b", rows * depth);
  auto* overlap = array<std::int32_t>(info, 4, "overlap", rows * depth);
  run(info.Env(), [&] { alva::overlaps(a, b, rows, depth, overlap); });
  return info.Env().Undefined();
}

Napi::Value principal_components(const Napi::CallbackInfo& info) {
  const auto rows = whole(info, 1, "rows", 1, kMostRows), columns = whole(info, 2, "columns", 1, kMostColumns);
  const auto least = std::min(rows, columns);
  const auto* space = array<double>(info, 0, "space", rows * columns);
  auto* scores = array<double>(info, 3, "scores", rows * least);
  auto* singular_values = array<double>(info, 4, "singularValues", least);
  run(info.Env(), [&] { alva::principal_components(space, rows, columns, scores, singular_values); });
  return info.Env().Undefined();
}

Napi::Value nuclear_norm(const Napi::CallbackInfo& info) {
  const auto a_columns = whole(info, 1, "aColumns", 1, kMostColumns), b_columns = whole(info, 3, "bColumns", 1, kMostColumns);
  const auto rows = whole(info, 4, "rows", 1, kMostRows);
  const auto* a = array<double>(info, 0, "a", rows * a_columns);
  const auto* b = array<double>(info, 2, "b", rows * b_columns);
  double norm = 0;
  run(info.Env(), [&] { norm = alva::nuclear_norm(a, a_columns, b, b_columns, rows); });
  return Napi::Number::New(info.Env(), norm);
}

Napi::Value permuted_nuclear_norms(const Napi::CallbackInfo& info) {
  const auto a_columns = whole(info, 1, "aColumns", 1, kMostColumns), b_columns = whole(info, 3, "bColumns", 1, kMostColumns);
  const auto rows = whole(info, 4, "rows", 1, kMostRows);
  const auto* a = array<double>(info, 0, "a", rows * a_columns);
  const auto* b = array<double>(info, 2, "b", rows * b_columns);
  const auto* labels = blocks(info, 5, rows);
  const auto draw = numbers(info, 6);
  auto* norms = array<double>(info, 10, "norms", draw.count);
  run(info.Env(), [&] {
    alva::permuted_nuclear_norms(a, a_columns, b, b_columns, rows, Shuffle(rows, labels, draw.seed), draw.first, draw.count,
                                 draw.threads, norms);
  });
  return info.Env().Undefined();
}

}  // namespace alva::binding
