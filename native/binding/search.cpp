// The native exports of the search for nearest rows: what it needs, and its steps, at once or on a thread of their own.
#include "search.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <string>

#include "arguments.hpp"
#include "exports.hpp"
#include "later.hpp"
#include "searchforms.hpp"

namespace alva::binding {
namespace {

constexpr std::int64_t kMostItems = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t kMostColumns = 1 << 22;  // more of them, and float32 sums bound nothing
constexpr std::int64_t kMostThreads = 256;

// Sizes at arguments `at` ..: queries, items of the corpus (0: the queries themselves), columns, depth, threads, block, form.
SearchPlan plan_of(const Napi::CallbackInfo& info, std::size_t at) {
  const auto size = [&](std::size_t i, const char* name, std::int64_t low, std::int64_t high) {
    return static_cast<std::size_t>(whole(info, at + i, name, low, high));
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

void read_rows(const Napi::CallbackInfo& info, std::size_t i, const char* name, Rows& rows) {
  const std::size_t length = rows.rows * rows.columns;
  if (info[i].IsTypedArray() && info[i].As<Napi::TypedArray>().TypedArrayType() == napi_float32_array)
    rows.narrow = array<float>(info, i, name, length);
  else
    rows.wide = array<double>(info, i, name, length);
}

// queries, corpus (or null), the plan's seven numbers, room, step (0 prepare, 1 compare, 2 settle), first, count, indices.
std::function<double()> step_of(const Napi::CallbackInfo& info) {
  SearchPlan plan = plan_of(info, 2);
  read_rows(info, 0, "queries", plan.queries);
  if (!plan.self) read_rows(info, 1, "corpus", plan.corpus);
  const auto room = array<std::uint8_t>(info, 9, "room");
  if (room.length < alva::search_bytes(plan)) throw refuse(info.Env(), "room", std::to_string(alva::search_bytes(plan)) + " bytes");
  const auto step = whole(info, 10, "step", 0, 2);
  const auto rows = static_cast<std::int64_t>(step == 1 && !plan.self ? plan.corpus.rows : plan.queries.rows);
  const auto first = whole(info, 11, "first", 0, rows - 1);
  const auto count = whole(info, 12, "count", 1, step == 1 ? std::min<std::int64_t>(rows - first, plan.block) : rows - first);
  if (step == 0 && first % static_cast<std::int64_t>(panel_rows) != 0) throw refuse(info.Env(), "first", "a multiple of 32");
  std::int32_t* indices = array<std::int32_t>(info, 13, "indices", plan.queries.rows * plan.depth);
  return [=]() -> double {
    Search search(plan, room.data);
    if (step == 0) return static_cast<double>(search.prepare(first, count));
    if (step == 1) return static_cast<double>(search.compare(first, count));
    search.settle(first, count, indices + first * plan.depth);
    return -1;
  };
}

}  // namespace

Napi::Value search_forms(const Napi::CallbackInfo& info) {
  auto names = Napi::Array::New(info.Env());
  for (const SearchForm* form : alva::search_forms()) names.Set(names.Length(), form->name);
  return names;
}

Napi::Value search_bytes(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(alva::search_bytes(plan_of(info, 0))));
}

Napi::Value search_step(const Napi::CallbackInfo& info) {
  const auto step = step_of(info);
  try {
    return Napi::Number::New(info.Env(), step());
  } catch (const std::exception& error) {
    throw Napi::Error::New(info.Env(), error.what());
  }
}

Napi::Value search_step_later(const Napi::CallbackInfo& info) { return Later::of(info, step_of(info)); }

}  // namespace alva::binding
