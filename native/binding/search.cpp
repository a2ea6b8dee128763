// The native exports of the search for nearest rows: what it needs, and its steps.
#include "search.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "exports.hpp"
#include "searchforms.hpp"

namespace alva::binding {
namespace {

constexpr std::int64_t kMostItems = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t kMostColumns = 1 << 22;  // more of them, and float32 sums bound nothing
constexpr std::int64_t kMostThreads = 256;

// Sizes at arguments `at` ..: queries, items of the corpus (0: the queries themselves), columns, depth, threads, block, form.
SearchPlan plan_of(const Arguments& given, std::size_t at) {
  const auto size = [&](std::size_t i, const char* name, std::int64_t low, std::int64_t high) {
    return static_cast<std::size_t>(given.whole(at + i, name, low, high));
  };
  SearchPlan plan{};
  const std::size_t columns = size(2, "columns", 1, kMostColumns);
  plan.queries = {nullptr, nullptr, size(0, "queries", 1, kMostItems), columns};
  plan.corpus = {nullptr, nullptr, size(1, "corpus", 0, kMostItems), columns};
  plan.self = plan.corpus.rows == 0;
  const auto others = static_cast<std::int64_t>(plan.self ? plan.queries.rows - 1 : plan.corpus.rows);
  plan.depth = size(3, "depth", 1, others);
  plan.threads = static_cast<unsigned>(size(4, "threads", 1, kMostThreads));
  plan.block = size(5, "block", 1, kMostItems);
  plan.form = alva::search_forms()[size(6, "form", 0, static_cast<std::int64_t>(alva::search_forms().size()) - 1)];
  return plan;
}

void read_rows(Arguments& given, std::size_t at, const char* name, Rows& rows) {
  const Sizes sizes{static_cast<std::int64_t>(rows.rows), static_cast<std::int64_t>(rows.columns)};
  if (given.is<float>(at))
    rows.narrow = given.input<float>(at, name, sizes);
  else
    rows.wide = given.input<double>(at, name, sizes);
}

}  // namespace

Napi::Value search_forms(Napi::Env env, const Arguments&) {
  auto names = Napi::Array::New(env);
  for (const SearchForm* form : alva::search_forms()) names.Set(names.Length(), form->name);
  return names;
}

Answer search_bytes(Arguments& given) {
  const SearchPlan plan = plan_of(given, 0);
  return static_cast<double>(alva::search_bytes(plan));
}

// queries, corpus (or null), the plan's seven numbers, room, step (0 prepare, 1 compare, 2 settle), first, count, indices.
Answer search_step(Arguments& given) {
  SearchPlan plan = plan_of(given, 2);
  read_rows(given, 0, "queries", plan.queries);
  if (!plan.self) read_rows(given, 1, "corpus", plan.corpus);
  const auto room = given.output<std::uint8_t>(9, "room");
  if (room.length < alva::search_bytes(plan)) throw Refusal("room", std::to_string(alva::search_bytes(plan)) + " bytes");
  const auto step = given.whole(10, "step", 0, 2);
  const auto rows = static_cast<std::int64_t>(step == 1 && !plan.self ? plan.corpus.rows : plan.queries.rows);
  const auto first = given.whole(11, "first", 0, rows - 1);
  const auto count = given.whole(12, "count", 1, step == 1 ? std::min<std::int64_t>(rows - first, plan.block) : rows - first);
  if (step == 0 && first % static_cast<std::int64_t>(panel_rows) != 0) throw Refusal("first", "a multiple of 32");
  const auto n_queries = static_cast<std::int64_t>(plan.queries.rows), depth = static_cast<std::int64_t>(plan.depth);
  auto* indices = given.output<std::int32_t>(13, "indices", {n_queries, depth});
  Search search(plan, room.data);
  if (step == 0) return static_cast<double>(search.prepare(first, count));
  if (step == 1) return static_cast<double>(search.compare(first, count));
  search.settle(first, count, indices + first * depth);
  return -1.0;
}

}  // namespace alva::binding
