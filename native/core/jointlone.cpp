// Joint permutations for AVX-512, few pairs: a vector holds one table's list under four relabellings.
#include "jointvbmi.hpp"

#if defined(__GNUC__) && defined(__x86_64__)
#include <utility>

namespace alva {
namespace {

using namespace vbmi;

// One direction of looking up a pair: the lists of one table in the ranks of the other.
struct Direction {
  std::vector<Line> lists;  // n_chunks x lines of four rows each
  std::vector<Line> most;   // n_chunks: the largest rank that is a hit in each lane
  std::vector<Line> ranks;
};

struct Prepared {
  JointTables tables;
  std::size_t n_lines;  // that hold one chunk of a table's lists
  std::vector<Direction> in_stays, in_renamed;  // by pair
};

Direction direction_of(const JointTables& tables, std::size_t n_lines, std::size_t of, std::size_t in, bool strictly) {
  Direction direction;
  direction.lists.assign(chunks_of(tables) * n_lines, Line{});
  direction.most.assign(chunks_of(tables), Line{});
  for (std::size_t place = 0; place < tables.depth; ++place) {
    const std::size_t chunk = place / kLanes, lane = place % kLanes;
    for (std::size_t unit = 0; unit < kUnits; ++unit)
      direction.most[chunk].bytes[unit * kLanes + lane] = static_cast<std::uint8_t>(strictly ? place : place + 1);
    for (std::size_t i = 0; i < tables.rows; ++i)
      direction.lists[chunk * n_lines + i / kUnits].bytes[i % kUnits * kLanes + lane] =
          static_cast<std::uint8_t>(tables.table(of)[i * tables.depth + place]);
  }
  append_ranks(tables, in, direction.ranks);
  return direction;
}

// Counts the hits of rows first .. end - 1 of the ranks: items[u] has the lists under relabelling u, and list rows[u][r] meets row r.
template <bool Wide>
ALVA_VBMI void meet(const Line* ranks, std::size_t first, std::size_t end, const Line& most, const Line* const (&items)[kUnits],
                    const std::uint8_t* const (&rows)[kUnits], Line& counts) {
  const __m512i one = _mm512_set1_epi8(1), largest = _mm512_load_si512(&most);
  __m512i found = _mm512_setzero_si512();
  const auto unit = [&](int u, std::size_t r) ALVA_VBMI {
    return _mm_load_si128(reinterpret_cast<const __m128i*>(items[u]) + rows[u][r]);
  };
  for (std::size_t r = first; r < end; ++r) {
    const __m256i low = _mm256_inserti128_si256(_mm256_castsi128_si256(unit(0, r)), unit(1, r), 1);
    const __m256i high = _mm256_inserti128_si256(_mm256_castsi128_si256(unit(2, r)), unit(3, r), 1);
    const __m512i list = _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
    const __mmask64 hits = _mm512_cmple_epu8_mask(look_up<Wide>(ranks + r * (Wide ? 4 : 2), list), largest);
    found = _mm512_mask_add_epi8(found, hits, found, one);
  }
  _mm512_store_si512(&counts, found);
}

class RelabellingsInLanes final : public JointCounter {
 public:
  explicit RelabellingsInLanes(std::shared_ptr<const Prepared> shared)
      : shared_(std::move(shared)), names_(kBatch), items_(kUnits * shared_->n_lines) {
    const JointTables& tables = shared_->tables;
    n_segments_ = (tables.rows + kSegment - 1) / kSegment;
    counts_.resize(2 * n_segments_);
  }

  ALVA_VBMI void count(const std::uint32_t* images, std::size_t n, std::uint32_t* totals) override {
    const JointTables& tables = shared_->tables;
    for (std::size_t j = 0; j < n; ++j) set_names(images + j * tables.rows, tables.rows, names_[j]);
    for (std::size_t j = 0; j < n; j += kUnits)
      for (std::size_t pair = 0; pair < tables.n_pairs; ++pair) count_four(pair, j, n, totals + pair * tables.depth);
  }

  std::unique_ptr<JointCounter> clone() const override { return std::make_unique<RelabellingsInLanes>(shared_); }

 private:
  ALVA_VBMI void count_four(std::size_t pair, std::size_t j, std::size_t n, std::uint32_t* totals) {
    const JointTables& tables = shared_->tables;
    __m512i before[kUnits];
    for (auto& each : before) each = _mm512_setzero_si512();
    for (std::size_t chunk = 0; chunk < chunks_of(tables); ++chunk) {
      count_chunk(shared_->in_stays[pair], chunk, j, n, false, counts_.data());
      count_chunk(shared_->in_renamed[pair], chunk, j, n, true, counts_.data() + n_segments_);
      for (std::size_t u = 0; u < kUnits && j + u < n; ++u) {
        __m512i sum = before[u];
        for (const Line& counts : counts_) sum = added(sum, counts, u);
        before[u] = put(tables, chunk, sum, totals + (j + u) * tables.stride());
      }
    }
  }

  // Lists of the renamed table take the relabelling's names and stand in the inverse's rows; `back`: the other way round.
  ALVA_VBMI void count_chunk(const Direction& direction, std::size_t chunk, std::size_t j, std::size_t n, bool back, Line* counts) {
    const JointTables& tables = shared_->tables;
    const std::size_t n_lines = shared_->n_lines;
    const Line* items[kUnits];
    const std::uint8_t* rows[kUnits];
    for (std::size_t u = 0; u < kUnits; ++u) {
      const Names& names = names_[std::min(j + u, n - 1)];
      const Line* own = back ? names.inverse : names.image;
      rows[u] = reinterpret_cast<const std::uint8_t*>(back ? names.image : names.inverse);
      items[u] = &direction.lists[chunk * n_lines];
      if (tables.rows_only) continue;
      Line* renamed = &items_[u * n_lines];
      if (is_wide(tables)) rename<true>(items[u], n_lines, own, renamed);
      else rename<false>(items[u], n_lines, own, renamed);
      items[u] = renamed;
    }
    const auto meet_of = is_wide(tables) ? meet<true> : meet<false>;
    for (std::size_t segment = 0; segment < n_segments_; ++segment)
      meet_of(direction.ranks.data(), segment * kSegment, std::min(tables.rows, (segment + 1) * kSegment), direction.most[chunk], items,
              rows, counts[segment]);
  }

  std::shared_ptr<const Prepared> shared_;
  std::vector<Names> names_;
  std::vector<Line> items_;  // one chunk of lists under each of four relabellings
  std::size_t n_segments_;
  std::vector<Line> counts_;  // by direction and segment: hits
};

}  // namespace

std::unique_ptr<JointCounter> relabellings_in_lanes(const JointTables& tables) {
  auto prepared = std::make_shared<Prepared>();
  prepared->tables = tables;
  prepared->n_lines = (tables.rows + kUnits - 1) / kUnits;
  for (std::size_t pair = 0; pair < tables.n_pairs; ++pair) {
    const std::size_t renamed = tables.renamed(pair), stays = tables.stays(pair);
    prepared->in_stays.push_back(direction_of(tables, prepared->n_lines, renamed, stays, false));
    prepared->in_renamed.push_back(direction_of(tables, prepared->n_lines, stays, renamed, true));
  }
  return std::make_unique<RelabellingsInLanes>(std::move(prepared));
}

}  // namespace alva
#endif
