// The forms of the joint permutation kernel: the same integers from each, chosen by what the CPU can do.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "permutations.hpp"

namespace alva {

// Ranks are stored in a byte.
constexpr std::size_t kMaxDepth = 254;

// Neighbour tables (n_tables x rows x depth) and the pairs of them to compare (n_pairs x 2: the table whose items are renamed, the
// table that stays); borrowed. `rows_only`: lists change rows, but the items in them keep their names.
struct JointTables {
  const std::int32_t* lists;
  std::size_t n_tables, rows, depth;
  const std::int32_t* pairs;
  std::size_t n_pairs;
  bool rows_only;

  const std::int32_t* table(std::size_t i) const { return lists + i * rows * depth; }
  std::size_t renamed(std::size_t pair) const { return static_cast<std::size_t>(pairs[2 * pair]); }
  std::size_t stays(std::size_t pair) const { return static_cast<std::size_t>(pairs[2 * pair + 1]); }
  std::size_t width() const { return n_pairs * depth; }
  // Totals of one relabelling stand so far from those of the next: whole vectors of 16.
  std::size_t stride() const { return (width() + 15) / 16 * 16; }
};

// Sums over relabellings, by pair, then k (JointTables::stride of each).
struct Sums {
  explicit Sums(std::size_t stride) : exceedances(stride), sum(stride), squares(stride) {}
  std::vector<std::uint64_t> exceedances, sum, squares;
};

// z = total * scale - offset at each pair and k: what makes pairs and k comparable for the maximum.
struct Standard {
  const double* scale;
  const double* offset;
};

// One thread's counting over tables that were readied once.
class JointCounter {
 public:
  virtual ~JointCounter() = default;
  // totals[j * stride + pair * depth + k - 1]: what the pair's first k neighbours share under the relabelling images[j] (rows each).
  virtual void count(const std::uint32_t* images, std::size_t n, std::uint32_t* totals) = 0;
  // The same state for another thread.
  virtual std::unique_ptr<JointCounter> clone() const = 0;
};

struct JointForm {
  const char* name;
  // nullptr where these tables are too large for this form.
  std::unique_ptr<JointCounter> (*counter)(const JointTables& tables);
  // Draws the places that kBatch shuffles exchange with.
  DrawExchanges draw;
  // Adds n <= kBatch relabellings.
  void (*tally)(const std::uint32_t* totals, std::size_t n, std::size_t stride, const std::uint32_t* observed, Sums& sums);
  // best[k - 1]: the largest z over the pairs in one relabelling.
  void (*largest)(const std::uint32_t* totals, const JointTables& tables, const Standard& standard, double* best);
};

// Portable C++ for any size; the reference for the other.
extern const JointForm portable_joint_form;
// nullptr where the compiler or the CPU does not have it.
const JointForm* avx512_joint_form();

// The forms that this CPU can run, the fastest first.
const std::vector<const JointForm*>& joint_forms();

}  // namespace alva
