// Ranks by a radix sort of 32-bit fixed-point keys; what shares a key is put in order by its value.
#include "ranks.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <utility>
#include <vector>

namespace alva {
namespace {

constexpr int kFirstBits = 11, kDigitBits = 7, kDigits = 3;  // 11 + 3 x 7 = 32
constexpr std::size_t kFew = 24;
__extension__ typedef __int128 Wide;  // sums of squared ranks do not fit in 64 bits from some 2,400 rows on

// Sorts a bucket of entries, each a key (high half) and an index (low half), by the digits below its own, from `from` into `to`; both may be written.
void sort_bucket(std::uint64_t* from, std::uint64_t* to, std::size_t count) {
  if (count <= kFew) {
    std::copy_n(from, count, to);
    std::sort(to, to + count);
    return;
  }
  constexpr std::size_t values = std::size_t{1} << kDigitBits;
  std::uint32_t starts[kDigits][values] = {};
  const auto digit = [](std::uint64_t entry, int place) { return entry >> (32 + place * kDigitBits) & (values - 1); };
  for (std::size_t i = 0; i < count; ++i)
    for (int place = 0; place < kDigits; ++place) ++starts[place][digit(from[i], place)];
  for (int place = 0; place < kDigits; ++place) {
    std::exclusive_scan(starts[place], starts[place] + values, starts[place], 0u);
    for (std::size_t i = 0; i < count; ++i) to[starts[place][digit(from[i], place)]++] = from[i];
    std::swap(from, to);
  }
}

std::uint32_t index_of(std::uint64_t entry) { return static_cast<std::uint32_t>(entry); }

// Ranks of the sorted entries start .. end - 1, which have one key.
void rank_run(const double* values, std::uint64_t* entries, std::size_t start, std::size_t end, std::uint32_t* twice) {
  const auto value = [=](std::uint64_t entry) { return values[index_of(entry)]; };
  const auto differs = [=](std::uint64_t entry) { return value(entry) != value(entries[start]); };
  if (std::any_of(entries + start, entries + end, differs))
    std::sort(entries + start, entries + end, [=](std::uint64_t x, std::uint64_t y) { return value(x) < value(y); });
  for (std::size_t tie = start, after; tie < end; tie = after) {
    for (after = tie + 1; after < end && value(entries[after]) == value(entries[tie]);) ++after;
    for (std::size_t at = tie; at < after; ++at) twice[index_of(entries[at])] = static_cast<std::uint32_t>(tie + after - 1);
  }
}

std::unique_ptr<double[]> above_diagonal(const double* matrix, std::size_t rows) {
  auto out = std::make_unique_for_overwrite<double[]>(rows * (rows - 1) / 2);
  double* at = out.get();
  for (std::size_t i = 0; i < rows; ++i) at = std::copy(matrix + i * rows + i + 1, matrix + (i + 1) * rows, at);
  return out;
}

}  // namespace

bool average_ranks(const double* values, std::size_t count, std::uint32_t* twice) {
  if (count == 0) return true;
  double least = values[0], most = values[0];
  bool numbers = true;
  for (std::size_t i = 0; i < count; ++i) {
    least = values[i] < least ? values[i] : least;
    most = values[i] > most ? values[i] : most;
    numbers &= values[i] == values[i];
  }
  if (!numbers) return false;

  // Halves, because the range of all doubles is no double. Each step is monotone under rounding: a larger value never has a smaller key.
  const double top = std::numeric_limits<std::uint32_t>::max(), range = most / 2 - least / 2;
  const double factor = std::isfinite(range) ? std::min(range > 0 ? top / range : 0, std::numeric_limits<double>::max()) : 0;
  // First by the highest digit; a bucket is then sorted, and ranked, where it stays in the first cache.
  const auto entries = std::make_unique_for_overwrite<std::uint64_t[]>(count), spread = std::make_unique_for_overwrite<std::uint64_t[]>(count);
  std::vector<std::uint32_t> ends(std::size_t{1} << kFirstBits);
  for (std::size_t i = 0; i < count; ++i) {
    const double place = std::min((values[i] / 2 - least / 2) * factor, top);
    entries[i] = (factor > 0 ? static_cast<std::uint64_t>(place) << 32 : 0) | i;
    ++ends[entries[i] >> (64 - kFirstBits)];
  }
  std::exclusive_scan(ends.begin(), ends.end(), ends.begin(), 0u);
  for (std::size_t i = 0; i < count; ++i) spread[ends[entries[i] >> (64 - kFirstBits)]++] = entries[i];
  std::size_t first = 0;
  for (const std::size_t last : ends) {
    sort_bucket(&spread[first], &entries[first], last - first);
    for (std::size_t start = first, end; start < last; start = end) {
      for (end = start + 1; end < last && entries[end] >> 32 == entries[start] >> 32;) ++end;
      if (end - start == 1)
        twice[index_of(entries[start])] = static_cast<std::uint32_t>(2 * start);
      else
        rank_run(values, entries.get(), start, end, twice);
    }
    first = last;
  }
  return true;
}

double rank_correlation_above(const double* a, const double* b, std::size_t rows) {
  const std::size_t count = rows * (rows - 1) / 2;
  const auto x = std::make_unique_for_overwrite<std::uint32_t[]>(count), y = std::make_unique_for_overwrite<std::uint32_t[]>(count);
  for (auto [matrix, ranks] : {std::pair(a, x.get()), std::pair(b, y.get())})
    if (!average_ranks(above_diagonal(matrix, rows).get(), count, ranks)) return std::numeric_limits<double>::quiet_NaN();
  // Twice the distances from the mean rank, which ties leave where it is; as many products as 63 bits hold are summed at a time.
  const auto mean = static_cast<std::int64_t>(count) - 1;
  const std::size_t together = std::size_t{1} << std::max(0, 62 - 2 * static_cast<int>(std::bit_width(count)));
  Wide xy = 0, xx = 0, yy = 0;
  for (std::size_t from = 0; from < count; from += together) {
    std::int64_t uv = 0, uu = 0, vv = 0;
    for (std::size_t i = from; i < std::min(count, from + together); ++i) {
      const std::int64_t u = std::int64_t{x[i]} - mean, v = std::int64_t{y[i]} - mean;
      uv += u * v;
      uu += u * u;
      vv += v * v;
    }
    xy += uv;
    xx += uu;
    yy += vv;
  }
  return static_cast<double>(xy) / (std::sqrt(static_cast<double>(xx)) * std::sqrt(static_cast<double>(yy)));
}

}  // namespace alva
