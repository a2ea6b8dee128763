// Joint permutations for AVX-512, many pairs: a vector holds the lists of four tables, looked up in the ranks of a fifth at once.
#include "jointvbmi.hpp"

#if defined(__GNUC__) && defined(__x86_64__)
#include <array>
#include <utility>

namespace alva {
namespace {

using namespace vbmi;

// The meeting of up to 4 rank tables with up to 4 vectors of lists, all counters being registers.
struct Tile {
  std::size_t n_tables, n_groups;
  std::array<std::size_t, 4> tables, groups;
};

// One of the two directions of looking up: the lists of some tables in the ranks of the others.
struct Side {
  std::size_t n_groups;          // vectors that hold the lists of one row
  std::vector<Line> lists;       // rows x n_groups
  std::vector<Line> most;        // n_groups: the largest rank that is a hit in each lane
  std::vector<Line> ranks;       // n_tables x rows x lines_a_row: 1 for the first neighbour
  std::vector<Tile> tiles;
};

struct Prepared {
  JointTables tables;
  std::vector<std::size_t> place_renamed, place_stays;  // by pair
  std::size_t n_renamed, n_stays;
  Side in_stays, in_renamed;  // lists of the renamed tables looked up in those that stay, and the other way round
};

std::vector<std::size_t> evenly(std::size_t n) {
  const std::size_t parts = (n + 3) / 4;
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i <= parts; ++i) starts.push_back(i * n / parts);
  return starts;
}

// Cuts the tables into groups of at most four, and the vectors that any of them needs likewise.
void set_tiles(Side& side, std::size_t n_units, std::size_t n_chunks, const std::vector<std::vector<bool>>& asked) {
  const auto starts = evenly(asked.size());
  for (std::size_t part = 0; part + 1 < starts.size(); ++part) {
    std::vector<std::size_t> needed;
    for (std::size_t g = 0; g < side.n_groups; ++g) {
      bool any = false;
      for (std::size_t u = g * kUnits; u < std::min((g + 1) * kUnits, n_units); ++u)
        for (std::size_t t = starts[part]; t < starts[part + 1]; ++t) any = any || asked[t][u / n_chunks];
      if (any) needed.push_back(g);
    }
    const auto cuts = evenly(needed.size());
    for (std::size_t cut = 0; cut + 1 < cuts.size(); ++cut) {
      Tile tile{starts[part + 1] - starts[part], cuts[cut + 1] - cuts[cut], {}, {}};
      for (std::size_t t = 0; t < tile.n_tables; ++t) tile.tables[t] = starts[part] + t;
      for (std::size_t g = 0; g < tile.n_groups; ++g) tile.groups[g] = needed[cuts[cut] + g];
      side.tiles.push_back(tile);
    }
  }
}

// `of`: the tables whose lists are looked up; `in`: those whose ranks answer; `asked`: in x of, which meet in a pair.
Side side_of(const JointTables& tables, const std::vector<std::size_t>& of, const std::vector<std::size_t>& in,
             const std::vector<std::vector<bool>>& asked, bool strictly) {
  const std::size_t rows = tables.rows, depth = tables.depth, n_chunks = chunks_of(tables);
  Side side;
  side.n_groups = (of.size() * n_chunks + kUnits - 1) / kUnits;
  side.lists.assign(rows * side.n_groups, Line{});
  side.most.assign(side.n_groups, Line{});
  for (std::size_t u = 0; u < of.size() * n_chunks; ++u)
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const std::size_t place = u % n_chunks * kLanes + lane, byte = u % kUnits * kLanes + lane;
      if (place >= depth) continue;
      side.most[u / kUnits].bytes[byte] = static_cast<std::uint8_t>(strictly ? place : place + 1);
      for (std::size_t i = 0; i < rows; ++i)
        side.lists[i * side.n_groups + u / kUnits].bytes[byte] = static_cast<std::uint8_t>(tables.table(of[u / n_chunks])[i * depth + place]);
    }
  for (const std::size_t table : in) append_ranks(tables, table, side.ranks);
  set_tiles(side, of.size() * n_chunks, n_chunks, asked);
  return side;
}

// What one meeting works on.
struct Meeting {
  const Side* side;
  const Line* lists;             // renamed: rows x n_groups
  const std::uint8_t* row;       // the row of ranks that list i is looked up in
  std::size_t rows, first, end;  // of all, and of this segment
  Line* counts;                  // n_tables x n_groups
};

template <int T, int G, bool Wide>
ALVA_VBMI void meet(const Meeting& m, const Tile& tile) {
  constexpr std::size_t lines = Wide ? 4 : 2;
  __m512i counts[T][G], most[G];
  const Line* ranks[T];
  for (int t = 0; t < T; ++t) {
    ranks[t] = &m.side->ranks[tile.tables[t] * m.rows * lines];
    for (int g = 0; g < G; ++g) counts[t][g] = _mm512_setzero_si512();
  }
  for (int g = 0; g < G; ++g) most[g] = _mm512_load_si512(&m.side->most[tile.groups[g]]);
  const __m512i one = _mm512_set1_epi8(1);
  const std::size_t stride = m.side->n_groups, end = m.end;
  const std::uint8_t* rows = m.row;
  const Line* lists = m.lists + m.first * stride;
  for (std::size_t i = m.first; i < end; ++i, lists += stride) {
    const std::size_t at = rows[i] * lines;
    __m512i items[G];
#pragma GCC unroll 4
    for (int g = 0; g < G; ++g) items[g] = _mm512_load_si512(lists + tile.groups[g]);
#pragma GCC unroll 4
    for (int t = 0; t < T; ++t) {
#pragma GCC unroll 4
      for (int g = 0; g < G; ++g) {
        const __mmask64 hits = _mm512_cmple_epu8_mask(look_up<Wide>(ranks[t] + at, items[g]), most[g]);
        counts[t][g] = _mm512_mask_add_epi8(counts[t][g], hits, counts[t][g], one);
      }
    }
  }
  for (int t = 0; t < T; ++t)
    for (int g = 0; g < G; ++g) _mm512_store_si512(m.counts + tile.tables[t] * m.side->n_groups + tile.groups[g], counts[t][g]);
}

using Meet = void (*)(const Meeting&, const Tile&);
template <bool Wide>
constexpr Meet meets[4][4] = {{meet<1, 1, Wide>, meet<1, 2, Wide>, meet<1, 3, Wide>, meet<1, 4, Wide>},
                              {meet<2, 1, Wide>, meet<2, 2, Wide>, meet<2, 3, Wide>, meet<2, 4, Wide>},
                              {meet<3, 1, Wide>, meet<3, 2, Wide>, meet<3, 3, Wide>, meet<3, 4, Wide>},
                              {meet<4, 1, Wide>, meet<4, 2, Wide>, meet<4, 3, Wide>, meet<4, 4, Wide>}};

class TablesInLanes final : public JointCounter {
 public:
  explicit TablesInLanes(std::shared_ptr<const Prepared> shared)
      : shared_(std::move(shared)),
        items_(shared_->tables.rows * std::max(shared_->in_stays.n_groups, shared_->in_renamed.n_groups)),
        names_(kBatch),
        n_segments_((shared_->tables.rows + kSegment - 1) / kSegment),
        in_stays_(n_segments_ * shared_->n_stays * shared_->in_stays.n_groups),
        in_renamed_(n_segments_ * shared_->n_renamed * shared_->in_renamed.n_groups) {}

  ALVA_VBMI void count(const std::uint32_t* images, std::size_t n, std::uint32_t* totals) override {
    const JointTables& tables = shared_->tables;
    // All names first: a vector that is loaded right after its bytes were stored waits for them.
    for (std::size_t j = 0; j < n; ++j) set_names(images + j * tables.rows, tables.rows, names_[j]);
    for (std::size_t j = 0; j < n; ++j, totals += tables.stride()) {
      count_side(shared_->in_stays, names_[j].image, in_stays_.data(), shared_->n_stays);
      count_side(shared_->in_renamed, names_[j].inverse, in_renamed_.data(), shared_->n_renamed);
      for (std::size_t pair = 0; pair < tables.n_pairs; ++pair) total(pair, totals + pair * tables.depth);
    }
  }

  std::unique_ptr<JointCounter> clone() const override { return std::make_unique<TablesInLanes>(shared_); }

 private:
  ALVA_VBMI void count_side(const Side& side, const Line* names, Line* counts, std::size_t n_tables) {
    const Line* lists = side.lists.data();
    if (!shared_->tables.rows_only) {
      if (is_wide(shared_->tables)) rename<true>(lists, side.lists.size(), names, items_.data());
      else rename<false>(lists, side.lists.size(), names, items_.data());
      lists = items_.data();
    }
    const auto& meet_of = is_wide(shared_->tables) ? meets<true> : meets<false>;
    for (std::size_t segment = 0; segment < n_segments_; ++segment, counts += n_tables * side.n_groups) {
      const std::size_t rows = shared_->tables.rows, first = segment * kSegment;
      const Meeting meeting{&side, lists, reinterpret_cast<const std::uint8_t*>(names), rows, first, std::min(rows, first + kSegment), counts};
      for (const Tile& tile : side.tiles) meet_of[tile.n_tables - 1][tile.n_groups - 1](meeting, tile);
    }
  }

  // The pair's counts at each place, of both directions and all segments, added up to totals at each k.
  ALVA_VBMI void total(std::size_t pair, std::uint32_t* totals) const {
    const Prepared& p = *shared_;
    const std::size_t n_chunks = chunks_of(p.tables);
    const std::size_t renamed = p.place_renamed[pair], stays = p.place_stays[pair];
    __m512i before = _mm512_setzero_si512();
    for (std::size_t chunk = 0; chunk < n_chunks; ++chunk) {
      __m512i sum = before;
      for (std::size_t segment = 0; segment < n_segments_; ++segment) {
        sum = added_unit(sum, &in_stays_[(segment * p.n_stays + stays) * p.in_stays.n_groups], renamed * n_chunks + chunk);
        sum = added_unit(sum, &in_renamed_[(segment * p.n_renamed + renamed) * p.in_renamed.n_groups], stays * n_chunks + chunk);
      }
      before = put(p.tables, chunk, sum, totals);
    }
  }

  static ALVA_VBMI_INLINE __m512i added_unit(__m512i sum, const Line* counts, std::size_t unit) {
    return added(sum, counts[unit / kUnits], unit % kUnits);
  }

  std::shared_ptr<const Prepared> shared_;
  std::vector<Line> items_;  // the lists of one side, renamed
  std::vector<Names> names_;
  std::size_t n_segments_;
  std::vector<Line> in_stays_, in_renamed_;  // by segment, table and vector of lists: hits
};

// The tables that a pair names at `end` 0 or 1, each once; and each pair's place among them.
std::vector<std::size_t> named(const JointTables& tables, int end, std::vector<std::size_t>& places) {
  std::vector<std::size_t> found;
  for (std::size_t pair = 0; pair < tables.n_pairs; ++pair) {
    const std::size_t table = end == 0 ? tables.renamed(pair) : tables.stays(pair);
    const auto at = std::find(found.begin(), found.end(), table);
    places.push_back(static_cast<std::size_t>(at - found.begin()));
    if (at == found.end()) found.push_back(table);
  }
  return found;
}

}  // namespace

std::unique_ptr<JointCounter> tables_in_lanes(const JointTables& tables) {
  auto prepared = std::make_shared<Prepared>();
  prepared->tables = tables;
  const auto renamed = named(tables, 0, prepared->place_renamed), stays = named(tables, 1, prepared->place_stays);
  prepared->n_renamed = renamed.size();
  prepared->n_stays = stays.size();
  std::vector<std::vector<bool>> by_stays(stays.size(), std::vector<bool>(renamed.size()));
  std::vector<std::vector<bool>> by_renamed(renamed.size(), std::vector<bool>(stays.size()));
  for (std::size_t pair = 0; pair < tables.n_pairs; ++pair) {
    by_stays[prepared->place_stays[pair]][prepared->place_renamed[pair]] = true;
    by_renamed[prepared->place_renamed[pair]][prepared->place_stays[pair]] = true;
  }
  prepared->in_stays = side_of(tables, renamed, stays, by_stays, false);
  prepared->in_renamed = side_of(tables, stays, renamed, by_renamed, true);
  return std::make_unique<TablesInLanes>(std::move(prepared));
}

}  // namespace alva
#endif
