// Permutation tests of many pairs at once.
#include "joint.hpp"

#include <algorithm>
#include <limits>

#include "exports.hpp"

namespace alva::binding {
namespace {

constexpr std::int64_t kMostRows = 65536;  // items are renamed in 16 bits
constexpr std::size_t kMostPairs = 1 << 20;

constexpr std::int64_t kWords = std::numeric_limits<std::uint32_t>::max();

// Which relabellings, and how: blocks at argument `b`, seed, first, count and form from `at` on.
struct Draw {
  std::int64_t rows;
  const std::int32_t* blocks;
  std::uint64_t seed;
  Numbers numbers;
  const JointForm* form;

  Shuffle shuffle() const { return Shuffle(rows, blocks, seed); }
};

Draw draw_of(Arguments& given, std::int64_t rows, std::size_t b, std::size_t at, bool enumerated) {
  const std::int32_t* blocks = given.is_absent(b) ? nullptr : given.input<std::int32_t>(b, "blocks", {rows});
  const auto seed = given.whole(at, "seed", 0, (std::int64_t{1} << 53) - 1);
  const auto first = given.whole(at + 1, "first", 0, kWords - 1);
  const auto count = given.whole(at + 2, "count", 1, kWords - first);
  const auto form = given.whole(at + 3, "form", 0, static_cast<std::int64_t>(alva::joint_forms().size()) - 1);
  return {rows, blocks, static_cast<std::uint64_t>(seed), {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(count), enumerated},
          alva::joint_forms()[form]};
}

// What both exports on tables begin with: tables, rows, depth, pairs, blocks, variant, seed, first, count, form.
struct Asked {
  JointTables tables;
  Draw draw;

  std::int64_t n_pairs() const { return static_cast<std::int64_t>(tables.n_pairs); }
  std::int64_t depth() const { return static_cast<std::int64_t>(tables.depth); }
};

Asked asked(Arguments& given) {
  const auto lists = given.input<std::int32_t>(0, "tables");
  const auto rows = given.whole(1, "rows", 2, kMostRows);
  const auto depth = given.whole(2, "depth", 1, std::min<std::int64_t>(rows - 1, kMaxDepth));
  const std::size_t n_tables = lists.length / (rows * depth);
  if (n_tables == 0 || lists.length != n_tables * rows * depth) throw Refusal("tables", "whole tables of rows x depth");
  const auto pairs = given.input<std::int32_t>(3, "pairs");
  if (pairs.length < 2 || pairs.length % 2 != 0 || pairs.length > 2 * kMostPairs) throw Refusal("pairs", "two tables a pair");
  const auto variant = given.whole(5, "variant", 0, 3);
  return {{lists.data, n_tables, static_cast<std::size_t>(rows), static_cast<std::size_t>(depth), pairs.data, pairs.length / 2, (variant & 1) != 0},
          draw_of(given, rows, 4, 6, (variant & 2) != 0)};
}

}  // namespace

Napi::Value joint_forms(Napi::Env env, const Arguments&) {
  auto names = Napi::Array::New(env);
  for (const JointForm* form : alva::joint_forms()) names.Set(names.Length(), form->name);
  return names;
}

Answer relabellings(Arguments& given) {
  const auto rows = given.whole(0, "rows", 2, kMostRows);
  const Draw draw = draw_of(given, rows, 1, 2, false);
  auto* images = given.output<std::uint32_t>(6, "images", {draw.numbers.count, rows});
  alva::relabellings(rows, draw.shuffle(), draw.numbers, *draw.form, images);
  return {};
}

Answer joint_tally(Arguments& given) {
  const Asked call = asked(given);
  const auto width = call.n_pairs() * call.depth();
  const auto threads = static_cast<unsigned>(given.whole(10, "threads", 1, 256));
  const bool with_maxima = !given.is_absent(11);
  // Finite, because maxima of what is no number have no order.
  const double* standard = with_maxima ? given.finite(11, "standard", {2, width}) : nullptr;
  auto* tally = given.output<std::int64_t>(12, "tally", {3, width});
  auto* maxima = with_maxima ? given.output<std::int64_t>(13, "maxima", {2, width}) : nullptr;
  const Standard scales{standard, standard + (with_maxima ? width : 0)};
  const JointTally found =
      alva::joint_tally(call.tables, call.draw.shuffle(), call.draw.numbers, with_maxima ? &scales : nullptr, threads, *call.draw.form);
  // Unsigned, so that a sum past the largest number is no undefined behaviour.
  const auto add = [](std::int64_t& to, std::uint64_t more) { to = static_cast<std::int64_t>(static_cast<std::uint64_t>(to) + more); };
  for (std::size_t at = 0; at < found.tally.size(); ++at) {
    add(tally[3 * at], found.tally[at].exceedances);
    add(tally[3 * at + 1], found.tally[at].sum);
    add(tally[3 * at + 2], found.tally[at].squares);
  }
  for (std::size_t at = 0; at < found.maxima.size(); ++at) {
    add(maxima[2 * at], found.maxima[at].over_pairs);
    add(maxima[2 * at + 1], found.maxima[at].over_all);
  }
  return {};
}

Answer joint_totals(Arguments& given) {
  const Asked call = asked(given);
  auto* totals = given.output<std::uint32_t>(10, "totals", {call.draw.numbers.count, call.n_pairs(), call.depth()});
  alva::joint_totals(call.tables, call.draw.shuffle(), call.draw.numbers, *call.draw.form, totals);
  return {};
}

}  // namespace alva::binding
