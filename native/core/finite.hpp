// Where the first number stands that is not finite.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>

namespace alva {

// `count` where all are finite. Looks for the place only in a run that has one: a number times 0 is 0 unless it is not finite.
inline std::size_t first_not_finite(const double* values, std::size_t count) {
  constexpr std::size_t lanes = 8, run = 4096;  // eight sums, because each waits for itself
  for (std::size_t from = 0; from < count; from += run) {
    const std::size_t end = std::min(count, from + run);
    double nothing[lanes] = {};
    std::size_t at = from;
    for (; at + lanes <= end; at += lanes)
      for (std::size_t lane = 0; lane < lanes; ++lane) nothing[lane] += values[at + lane] * 0;
    for (; at < end; ++at) nothing[0] += values[at] * 0;
    bool finite = true;
    for (const double sum : nothing) finite &= sum == 0;
    if (!finite) return std::find_if(values + from, values + end, [](double value) { return !std::isfinite(value); }) - values;
  }
  return count;
}

}  // namespace alva
