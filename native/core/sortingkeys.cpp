// Keys in fixed point between the least and the greatest number.
#include "sortingkeys.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace alva {

double Listed::value(std::size_t place) const {
  if (rows == 0) return values[place];
  const auto before = [this](std::size_t i) { return i * (2 * rows - 1 - i) / 2; };  // how many places lie in the rows before row i
  const double twice = 2 * static_cast<double>(rows) - 1;
  auto i = static_cast<std::size_t>((twice - std::sqrt(twice * twice - 8 * static_cast<double>(place))) / 2);
  while (before(i) > place) --i;
  while (before(i + 1) <= place) ++i;
  return values[i * rows + i + 1 + (place - before(i))];
}

bool SortingKeys::fit(const Listed& list) {
  constexpr std::size_t lanes = 8;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  double low[lanes], high[lanes], nothing[lanes];
  std::fill_n(low, lanes, infinity);
  std::fill_n(high, lanes, -infinity);
  bool numbers = true;
  list.each_run([&](const double* values, std::size_t, std::size_t count) {
    std::fill_n(nothing, lanes, 0.0);  // a number times 0 is 0 unless it is not finite
    const auto take = [&](std::size_t lane, double value) {
      low[lane] = value < low[lane] ? value : low[lane];
      high[lane] = value > high[lane] ? value : high[lane];
      nothing[lane] += value * 0;
    };
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes)
      for (std::size_t lane = 0; lane < lanes; ++lane) take(lane, values[i + lane]);
    for (; i < count; ++i) take(0, values[i]);
    if (std::any_of(nothing, nothing + lanes, [](double sum) { return sum != 0; }))
      numbers &= std::none_of(values, values + count, [](double value) { return value != value; });
  });
  const double least = *std::min_element(low, low + lanes), range = *std::max_element(high, high + lanes) / 2 - least / 2;
  place_bits_ = std::max(1, static_cast<int>(std::bit_width(list.count - 1)));
  key_bits_ = std::min(62 - place_bits_, 50);
  top_ = std::ldexp(1.0, key_bits_) - 1;
  half_least_ = least / 2;
  factor_ = std::isfinite(range) && range > 0 ? std::min(top_ / range, std::numeric_limits<double>::max()) : 0;
  return numbers;
}

}  // namespace alva
