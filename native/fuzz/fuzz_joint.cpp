// Joint relabellings: any tables, pairs, blocks and numbers, by every form and number of threads, which all count the same.
#include <algorithm>

#include "bytes.hpp"
#include "joint.hpp"
#include "random.hpp"

static bool same(const alva::JointTally& a, const alva::JointTally& b) {
  for (std::size_t at = 0; at < a.tally.size(); ++at)
    if (a.tally[at].exceedances != b.tally[at].exceedances || a.tally[at].sum != b.tally[at].sum || a.tally[at].squares != b.tally[at].squares) return false;
  for (std::size_t at = 0; at < a.maxima.size(); ++at)
    if (a.maxima[at].over_pairs != b.maxima[at].over_pairs || a.maxima[at].over_all != b.maxima[at].over_all) return false;
  return a.tally.size() == b.tally.size() && a.maxima.size() == b.maxima.size();
}

// Lists that are in order, from a seed; a fuzzer would hardly write any.
static std::vector<std::int32_t> tables(std::size_t n, std::size_t rows, std::size_t depth, std::uint32_t seed) {
  alva::Random random(seed);
  std::vector<std::int32_t> found, others;
  for (std::size_t i = 0; i < n * rows; ++i) {
    others.clear();
    for (std::size_t j = 0; j < rows; ++j)
      if (j != i % rows) others.push_back(static_cast<std::int32_t>(j));
    for (std::size_t p = 0; p < depth; ++p) {
      std::swap(others[p], others[p + random.below(static_cast<std::uint32_t>(others.size() - p))]);
      found.push_back(others[p]);
    }
  }
  return found;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes in(data, size);
  const std::uint8_t kind = in.byte();
  const std::size_t rows = in.between(2, kind & 1 ? 300 : 12), depth = in.between(1, std::min<std::size_t>(rows - 1, kind & 2 ? alva::kMaxDepth : 20));
  const std::size_t n_tables = in.between(1, 6), n_pairs = in.between(1, 7);
  auto lists = kind & 4 ? in.items(n_tables * rows * depth, rows) : tables(n_tables, rows, depth, static_cast<std::uint32_t>(in.word()));
  auto pairs = in.items(2 * n_pairs, n_tables);
  for (auto& table : pairs)
    if (!(kind & 8)) table = std::clamp<std::int32_t>(table, 0, static_cast<std::int32_t>(n_tables) - 1);
  std::vector<std::int32_t> blocks;
  if (kind & 16)
    for (std::size_t i = 0; i < rows; ++i) blocks.push_back(in.byte() % 4 - 1);
  const alva::Shuffle shuffle(rows, blocks.empty() ? nullptr : blocks.data(), in.word());
  const alva::Numbers numbers{static_cast<std::uint32_t>(in.word()) & 0x7fffffff, static_cast<std::uint32_t>(in.between(1, 40)), (kind & 32) != 0};
  const alva::JointTables given{lists.data(), n_tables, rows, depth, pairs.data(), n_pairs, (kind & 64) != 0};
  std::vector<double> scales = in.finites(2 * n_pairs * depth);
  const alva::Standard standard{scales.data(), scales.data() + n_pairs * depth};
  alva::JointTally wanted;
  std::vector<std::uint32_t> totals(numbers.count * n_pairs * depth);
  const bool refused = fuzz::refuses([&] { wanted = alva::joint_tally(given, shuffle, numbers, kind & 128 ? &standard : nullptr, 1, alva::portable_joint_form); });
  for (const alva::JointForm* form : alva::joint_forms()) {
    alva::JointTally found;
    const unsigned threads = static_cast<unsigned>(in.between(1, 3));
    fuzz::check(refused == fuzz::refuses([&] { found = alva::joint_tally(given, shuffle, numbers, kind & 128 ? &standard : nullptr, threads, *form); }), "forms refuse alike");
    if (refused) continue;
    fuzz::check(same(wanted, found), "forms and threads count alike");
    alva::joint_totals(given, shuffle, numbers, *form, totals.data());
    std::uint64_t sum = 0;
    for (std::size_t at = 0; at < totals.size(); at += n_pairs * depth) sum += totals[at];
    fuzz::check(sum == found.tally[0].sum, "totals add up to the tally");
  }
  return 0;
}
