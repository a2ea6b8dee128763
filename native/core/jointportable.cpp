// The joint permutation kernel in portable C++: each renamed neighbour is looked up once, in histograms of two places.
#include <algorithm>
#include <numeric>
#include <utility>

#include "exchanges.hpp"
#include "jointforms.hpp"

namespace alva {
namespace {

// Up to this many rows a table's places stand in a rows x rows table; beyond, only those of one row at a time are marked.
constexpr std::size_t kMostDenseRows = 512;

// What threads share: which pairs each table that stays takes part in, and the places in its lists.
struct Places {
  JointTables tables;
  std::vector<std::vector<std::size_t>> partners;  // by table: the pairs in which it stays
  std::vector<std::vector<std::uint8_t>> dense;    // by table: place of j in the list of i at i * rows + j, `depth` where it has none
};

class PortableCounter final : public JointCounter {
 public:
  explicit PortableCounter(std::shared_ptr<const Places> shared)
      : shared_(std::move(shared)),
        tables_(shared_->tables),
        renamed_(tables_.n_tables),
        histograms_(tables_.n_pairs * histogram()),
        marks_(tables_.rows, static_cast<std::uint8_t>(tables_.depth)) {
    for (std::size_t pair = 0; pair < tables_.n_pairs; ++pair) renamed_[tables_.renamed(pair)].resize(tables_.rows * tables_.depth);
  }

  void count(const std::uint32_t* images, std::size_t n, std::uint32_t* totals) override {
    for (std::size_t j = 0; j < n; ++j, images += tables_.rows, totals += tables_.stride()) count_one(images, totals);
  }

  std::unique_ptr<JointCounter> clone() const override { return std::make_unique<PortableCounter>(shared_); }

 private:
  // One histogram of places in the table that stays for each place in the renamed one: neighbouring steps then count in different
  // memory, and none waits for the one before.
  std::size_t histogram() const { return tables_.depth * (tables_.depth + 1); }

  void count_one(const std::uint32_t* image, std::uint32_t* totals) {
    for (std::size_t t = 0; t < tables_.n_tables; ++t) {
      const std::int32_t* list = tables_.table(t);
      for (auto& item : renamed_[t]) item = static_cast<std::uint16_t>(tables_.rows_only ? *list++ : image[*list++]);
    }
    std::fill(histograms_.begin(), histograms_.end(), 0u);
    for (std::size_t t = 0; t < tables_.n_tables; ++t) {
      if (shared_->partners[t].empty()) continue;
      if (shared_->dense[t].empty()) meet_marked(t, image);
      else meet_dense(t, image);
    }
    for (std::size_t pair = 0; pair < tables_.n_pairs; ++pair) fold(&histograms_[pair * histogram()], totals + pair * tables_.depth);
  }

  void meet_dense(std::size_t t, const std::uint32_t* image) {
    for (const std::size_t pair : shared_->partners[t])
      for (std::size_t i = 0; i < tables_.rows; ++i) meet(pair, i, &shared_->dense[t][image[i] * tables_.rows]);
  }

  void meet_marked(std::size_t t, const std::uint32_t* image) {
    for (std::size_t i = 0; i < tables_.rows; ++i) {
      const std::int32_t* list = tables_.table(t) + image[i] * tables_.depth;
      for (std::size_t p = 0; p < tables_.depth; ++p) marks_[list[p]] = static_cast<std::uint8_t>(p);
      for (const std::size_t pair : shared_->partners[t]) meet(pair, i, marks_.data());
      for (std::size_t p = 0; p < tables_.depth; ++p) marks_[list[p]] = static_cast<std::uint8_t>(tables_.depth);
    }
  }

  void meet(std::size_t pair, std::size_t i, const std::uint8_t* places) {
    const std::size_t depth = tables_.depth;
    const std::uint16_t* list = &renamed_[tables_.renamed(pair)][i * depth];
    std::uint32_t* counts = &histograms_[pair * histogram()];
    for (std::size_t p = 0; p < depth; ++p, counts += depth + 1) ++counts[places[list[p]]];
  }

  // An item enters the common set at the larger of its two places.
  void fold(const std::uint32_t* counts, std::uint32_t* totals) const {
    const std::size_t depth = tables_.depth;
    std::fill(totals, totals + depth, 0u);
    for (std::size_t p = 0; p < depth; ++p)
      for (std::size_t place = 0; place < depth; ++place) totals[std::max(p, place)] += counts[p * (depth + 1) + place];
    std::partial_sum(totals, totals + depth, totals);
  }

  std::shared_ptr<const Places> shared_;
  const JointTables& tables_;
  std::vector<std::vector<std::uint16_t>> renamed_;  // by table: its lists under the relabelling, where a pair asks for them
  std::vector<std::uint32_t> histograms_;
  std::vector<std::uint8_t> marks_;
};

std::unique_ptr<JointCounter> counter(const JointTables& tables) {
  auto places = std::make_shared<Places>();
  places->tables = tables;
  places->partners.resize(tables.n_tables);
  places->dense.resize(tables.n_tables);
  for (std::size_t pair = 0; pair < tables.n_pairs; ++pair) places->partners[tables.stays(pair)].push_back(pair);
  const std::size_t rows = tables.rows, depth = tables.depth;
  for (std::size_t t = 0; t < tables.n_tables && rows <= kMostDenseRows; ++t) {
    if (places->partners[t].empty()) continue;
    places->dense[t].assign(rows * rows, static_cast<std::uint8_t>(depth));
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t p = 0; p < depth; ++p) places->dense[t][i * rows + tables.table(t)[i * depth + p]] = static_cast<std::uint8_t>(p);
  }
  return std::make_unique<PortableCounter>(std::move(places));
}

std::uint32_t draw(std::uint64_t seed, std::uint32_t first, const std::uint32_t* sizes, std::size_t n, std::uint16_t* places) {
  return exchanges::draw(seed, first, sizes, n, places);
}

void tally(const std::uint32_t* totals, std::size_t n, std::size_t stride, const std::uint32_t* observed, Sums& sums) {
  for (std::size_t j = 0; j < n; ++j, totals += stride)
    for (std::size_t at = 0; at < stride; ++at) {
      sums.exceedances[at] += totals[at] >= observed[at];
      sums.sum[at] += totals[at];
      sums.squares[at] += std::uint64_t{totals[at]} * totals[at];
    }
}

void largest(const std::uint32_t* totals, const JointTables& tables, const Standard& standard, double* best) {
  for (std::size_t pair = 0, at = 0; pair < tables.n_pairs; ++pair)
    for (std::size_t k = 0; k < tables.depth; ++k, ++at) {
      const double z = totals[at] * standard.scale[at] - standard.offset[at];
      best[k] = pair == 0 ? z : std::max(best[k], z);
    }
}

}  // namespace

const JointForm portable_joint_form{"portable", counter, draw, tally, largest};

const std::vector<const JointForm*>& joint_forms() {
  static const std::vector<const JointForm*> runnable = [] {
    std::vector<const JointForm*> found;
    for (const JointForm* form : {avx512_joint_form(), &portable_joint_form})
      if (form) found.push_back(form);
    return found;
  }();
  return runnable;
}

}  // namespace alva
