// Numbers above a matrix's diagonal or in a list, and whole-number keys in their order, for sorting by radix.
#pragma once
#include <cstddef>
#include <cstdint>

namespace alva {

// `rows` = 0: a list of `count` numbers. Else what stands above the diagonal of a rows x rows matrix, row by row.
struct Listed {
  const double* values;
  std::size_t count, rows;

  // visit(numbers, place of the first, how many) for each run of neighbours in memory.
  template <typename Visit>
  void each_run(Visit visit) const {
    if (rows == 0)
      visit(values, std::size_t{0}, count);
    else
      for (std::size_t i = 0, at = 0; i + 1 < rows; at += rows - 1 - i, ++i) visit(values + i * rows + i + 1, at, rows - 1 - i);
  }

  double value(std::size_t place) const;
};

// An entry has the key, a number in fixed point, in its high bits and the number's place in its low ones. A larger number never has a smaller
// key; different numbers may have one key.
class SortingKeys {
 public:
  // False where one is not a number. At least one number, at most 2^31.
  bool fit(const Listed& list);

  // At most that many bits are not 0 in an entry: 51 to 62.
  int bits() const { return place_bits_ + key_bits_; }

  std::uint64_t entry(double value, std::size_t place) const {
    // Halves, because the range of all doubles is no double. Each step is monotone under rounding.
    if (factor_ == 0) return place;
    const double key = (value / 2 - half_least_) * factor_;
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(key < top_ ? key : top_)) << place_bits_ | place;
  }
  std::size_t place(std::uint64_t entry) const { return entry & ((std::uint64_t{1} << place_bits_) - 1); }
  bool one_key(std::uint64_t x, std::uint64_t y) const { return (x ^ y) >> place_bits_ == 0; }

 private:
  int place_bits_ = 1, key_bits_ = 50;
  double half_least_ = 0, factor_ = 0, top_ = 0;
};

}  // namespace alva
