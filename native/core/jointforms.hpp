// The forms of the joint permutation kernel: the same integers from each, chosen by what the CPU can do.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "permutations.hpp"

namespace alva {

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
};

// Relabellings are drawn and counted so many at a time.
constexpr std::size_t kBatch = 16;

// One thread's counting over tables that were readied once.
class JointCounter {
 public:
  virtual ~JointCounter() = default;
  // Draws permutations number first .. first + kBatch - 1 into `images` (kBatch x rows).
  virtual void draw(const Shuffle& shuffle, std::uint32_t first, std::uint32_t* images) const;
  // totals[(j * n_pairs + pair) * depth + k - 1]: what the pair's first k neighbours share under images[j], for n of them.
  virtual void count(const std::uint32_t* images, std::size_t n, std::uint32_t* totals) = 0;
  // The same state for another thread.
  virtual std::unique_ptr<JointCounter> clone() const = 0;
};

struct JointForm {
  const char* name;
  // nullptr where these tables are too large for this form.
  std::unique_ptr<JointCounter> (*counter)(const JointTables& tables);
};

// Portable C++ for any size; the reference for the other.
extern const JointForm portable_joint_form;
// nullptr where the compiler or the CPU does not have it.
const JointForm* avx512_joint_form();

// The forms that this CPU can run, the fastest first.
const std::vector<const JointForm*>& joint_forms();

}  // namespace alva
