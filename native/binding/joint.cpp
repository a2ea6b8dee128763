// Permutation tests of many pairs at once.
#include <algorithm>
#include <limits>

#include "arguments.hpp"
#include "exports.hpp"
#include "joint.hpp"

namespace alva::binding {
namespace {

constexpr std::int64_t kMostRows = 65536;  // items are renamed in 16 bits
constexpr std::size_t kMostPairs = 1 << 20;

constexpr std::int64_t kWords = std::numeric_limits<std::uint32_t>::max();

// Which relabellings, and how: blocks at argument `b`, seed, first, count and form from `at` on.
struct Draw {
  Shuffle shuffle;
  Numbers numbers;
  const JointForm* form;
};

Draw draw_of(const Napi::CallbackInfo& info, std::int64_t rows, std::size_t b, std::size_t at, bool enumerated) {
  const bool without = info[b].IsNull() || info[b].IsUndefined();
  const std::int32_t* blocks = without ? nullptr : array<std::int32_t>(info, b, "blocks", rows);
  const auto seed = whole(info, at, "seed", 0, (std::int64_t{1} << 53) - 1);
  const auto first = whole(info, at + 1, "first", 0, kWords);
  const auto count = whole(info, at + 2, "count", 1, kWords - first);
  const auto form = whole(info, at + 3, "form", 0, static_cast<std::int64_t>(alva::joint_forms().size()) - 1);
  return {Shuffle(rows, blocks, static_cast<std::uint64_t>(seed)),
          {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(count), enumerated},
          alva::joint_forms()[form]};
}

// What both exports on tables begin with: tables, rows, depth, pairs, blocks, variant, seed, first, count, form.
struct Asked {
  JointTables tables;
  Draw draw;
};

Asked asked(const Napi::CallbackInfo& info) {
  const auto lists = array<std::int32_t>(info, 0, "tables");
  const auto rows = whole(info, 1, "rows", 2, kMostRows);
  const auto depth = whole(info, 2, "depth", 1, std::min<std::int64_t>(rows - 1, kMaxDepth));
  const std::size_t n_tables = lists.length / (rows * depth);
  if (n_tables == 0 || lists.length != n_tables * rows * depth) throw refuse(info.Env(), "tables", "whole tables of rows x depth");
  const auto pairs = array<std::int32_t>(info, 3, "pairs");
  if (pairs.length < 2 || pairs.length % 2 != 0 || pairs.length > 2 * kMostPairs) throw refuse(info.Env(), "pairs", "two tables a pair");
  const auto variant = whole(info, 5, "variant", 0, 3);
  return {{lists.data, n_tables, static_cast<std::size_t>(rows), static_cast<std::size_t>(depth), pairs.data, pairs.length / 2, (variant & 1) != 0},
          draw_of(info, rows, 4, 6, (variant & 2) != 0)};
}

}  // namespace

Napi::Value joint_forms(const Napi::CallbackInfo& info) {
  auto names = Napi::Array::New(info.Env());
  for (const JointForm* form : alva::joint_forms()) names.Set(names.Length(), form->name);
  return names;
}

Napi::Value relabellings(const Napi::CallbackInfo& info) {
  const auto rows = whole(info, 0, "rows", 2, kMostRows);
  const Draw draw = draw_of(info, rows, 1, 2, false);
  auto* images = array<std::uint32_t>(info, 6, "images", draw.numbers.count * rows);
  run(info.Env(), [&] { alva::relabellings(rows, draw.shuffle, draw.numbers, *draw.form, images); });
  return info.Env().Undefined();
}

Napi::Value joint_tally(const Napi::CallbackInfo& info) {
  const Asked call = asked(info);
  const std::size_t width = call.tables.n_pairs * call.tables.depth;
  const auto threads = static_cast<unsigned>(whole(info, 10, "threads", 1, 256));
  const bool with_maxima = !info[11].IsNull() && !info[11].IsUndefined();
  const double* standard = with_maxima ? array<double>(info, 11, "standard", 2 * width) : nullptr;
  auto* tally = array<std::int64_t>(info, 12, "tally", 3 * width);
  auto* maxima = with_maxima ? array<std::int64_t>(info, 13, "maxima", 2 * width) : nullptr;
  run(info.Env(), [&] {
    const Standard given{standard, standard + (with_maxima ? width : 0)};
    const JointTally found = alva::joint_tally(call.tables, call.draw.shuffle, call.draw.numbers, with_maxima ? &given : nullptr, threads, *call.draw.form);
    for (std::size_t at = 0; at < width; ++at) {
      tally[3 * at] += static_cast<std::int64_t>(found.tally[at].exceedances);
      tally[3 * at + 1] += static_cast<std::int64_t>(found.tally[at].sum);
      tally[3 * at + 2] += static_cast<std::int64_t>(found.tally[at].squares);
    }
    for (std::size_t at = 0; at < found.maxima.size(); ++at) {
      maxima[2 * at] += static_cast<std::int64_t>(found.maxima[at].over_pairs);
      maxima[2 * at + 1] += static_cast<std::int64_t>(found.maxima[at].over_all);
    }
  });
  return info.Env().Undefined();
}

Napi::Value joint_totals(const Napi::CallbackInfo& info) {
  const Asked call = asked(info);
  auto* totals = array<std::uint32_t>(info, 10, "totals", call.draw.numbers.count * call.tables.n_pairs * call.tables.depth);
  run(info.Env(), [&] { alva::joint_totals(call.tables, call.draw.shuffle, call.draw.numbers, *call.draw.form, totals); });
  return info.Env().Undefined();
}

}  // namespace alva::binding
