// Permutation tests of many pairs of neighbour tables at once: one relabelling serves all pairs and all k.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "jointforms.hpp"
#include "permutations.hpp"

namespace alva {

// Over relabellings, at one k: overlaps at least as large as the observed one; their sum and sum of squares (exact).
struct Tally {
  std::uint64_t exceedances = 0;
  std::uint64_t sum = 0;
  std::uint64_t squares = 0;
};

// Which relabellings: numbers first .. first + count - 1, drawn from the shuffle's seed or, in turn, of all that there are.
struct Numbers {
  std::uint32_t first, count;
  bool enumerated;
};

// Relabellings whose largest z is at least the observed z of one pair and k.
struct Maxima {
  std::uint64_t over_pairs = 0;  // the largest over the pairs, at this k
  std::uint64_t over_all = 0;    // the largest over pairs and k
};

struct JointTally {
  std::vector<Tally> tally;    // n_pairs x depth
  std::vector<Maxima> maxima;  // n_pairs x depth, or empty without a standard
};

// The same integers for any number of threads, any form and any split into ranges. Throws std::invalid_argument on a broken table.
JointTally joint_tally(const JointTables& tables, const Shuffle& shuffle, const Numbers& numbers, const Standard* standard,
                       unsigned threads, const JointForm& form);

// images[j * rows + item]: the item that relabelling first + j puts in its place; drawn as the form draws them.
void relabellings(std::size_t rows, const Shuffle& shuffle, const Numbers& numbers, const JointForm& form, std::uint32_t* images);

// totals[(j * n_pairs + pair) * depth + k - 1]: the overlap of relabelling first + j.
void joint_totals(const JointTables& tables, const Shuffle& shuffle, const Numbers& numbers, const JointForm& form,
                  std::uint32_t* totals);

}  // namespace alva
