// One thread's candidates for every query, and the certainty with which float32 products choose them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "search.hpp"

namespace alva {

// One thread's candidates.
class Selection {
 public:
  Selection(const SearchPlan& plan, const SearchParts& parts, unsigned thread);
  const float* thresholds() const { return thresholds_; }

  // Keeps `item` for `query` where its product reaches the query's threshold.
  void offer(std::size_t query, float product, std::size_t item) {
    if (!(product >= thresholds_[query])) return;
    std::uint64_t* keys = keys_ + query * capacity_;
    if (counts_[query] >= capacity_) thin_out(query);  // in a room that another search, or nobody, has prepared
    keys[counts_[query]++] = key(product, item);
    if (counts_[query] >= capacity_) thin_out(query);
  }

  // Falling keys are falling products, and rising items among equal products.
  static std::uint64_t key(float product, std::size_t item);
  static float product_of(std::uint64_t key);
  static std::size_t item_of(std::uint64_t key) { return static_cast<std::uint32_t>(~key); }

 private:
  void thin_out(std::size_t query);

  const SearchPlan& plan_;
  const SearchParts& parts_;
  const unsigned thread_;
  const std::size_t capacity_;
  const double error_;
  float* thresholds_;
  std::uint32_t* counts_;
  std::uint64_t* keys_;
};

// How far a float32 product of unit rows may be from their float64 cosine, whatever the order of its sum.
double product_error(std::size_t columns);

struct Scored {
  double cosine;
  std::uint64_t key;
  bool operator<(const Scored& other) const {
    return cosine > other.cosine || (cosine == other.cosine && Selection::item_of(key) < Selection::item_of(other.key));
  }
};

// The float64 cosines of a query with the items of some keys, best first, ties by rising item. Throws std::invalid_argument where the room holds
// what no search has left there.
std::vector<Scored> scored(const SearchPlan& plan, const SearchParts& parts, unsigned thread, std::size_t query, const std::uint64_t* keys,
                           std::size_t count);

}  // namespace alva
