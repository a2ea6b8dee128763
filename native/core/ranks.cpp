// Ranks by a radix sort of 32-bit fixed-point keys; what shares a key is put in order by its value.
#include "ranks.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

namespace alva {
namespace {

constexpr int kDigitBits = 11, kDigits = 3;
constexpr std::size_t kDigitValues = std::size_t{1} << kDigitBits;
__extension__ typedef __int128 Wide;  // sums of squared ranks do not fit in 64 bits from some 2,400 rows on

std::uint32_t digit(std::uint64_t entry, int place) { return entry >> (32 + place * kDigitBits) & (kDigitValues - 1); }

// Entries of key (high half) and index (low half), sorted by key; `spare` is room of the same size.
void sort_by_key(std::vector<std::uint64_t>& entries, std::vector<std::uint64_t>& spare) {
  std::vector<std::array<std::uint32_t, kDigitValues>> starts(kDigits);
  for (const std::uint64_t entry : entries)
    for (int place = 0; place < kDigits; ++place) ++starts[place][digit(entry, place)];
  for (int place = 0; place < kDigits; ++place) {
    auto& start = starts[place];
    std::exclusive_scan(start.begin(), start.end(), start.begin(), 0u);
    for (const std::uint64_t entry : entries) spare[start[digit(entry, place)]++] = entry;
    entries.swap(spare);
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

std::vector<double> above_diagonal(const double* matrix, std::size_t rows) {
  std::vector<double> out(rows * (rows - 1) / 2);
  double* at = out.data();
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
  std::vector<std::uint64_t> entries(count), spare(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double place = std::min((values[i] / 2 - least / 2) * factor, top);
    entries[i] = (factor > 0 ? static_cast<std::uint64_t>(place) << 32 : 0) | i;
  }
  sort_by_key(entries, spare);
  for (std::size_t start = 0, end; start < count; start = end) {
    for (end = start + 1; end < count && entries[end] >> 32 == entries[start] >> 32;) ++end;
    if (end - start == 1)
      twice[index_of(entries[start])] = static_cast<std::uint32_t>(2 * start);
    else
      rank_run(values, entries.data(), start, end, twice);
  }
  return true;
}

double rank_correlation_above(const double* a, const double* b, std::size_t rows) {
  const std::size_t count = rows * (rows - 1) / 2;
  std::vector<std::uint32_t> x(count), y(count);
  for (auto [matrix, ranks] : {std::pair(a, x.data()), std::pair(b, y.data())})
    if (!average_ranks(above_diagonal(matrix, rows).data(), count, ranks)) return std::numeric_limits<double>::quiet_NaN();
  Wide xy = 0, xx = 0, yy = 0;
  for (std::size_t i = 0; i < count; ++i) {
    // Twice the distance from the mean rank, which ties leave where it is.
    const std::int64_t u = std::int64_t{x[i]} - static_cast<std::int64_t>(count - 1), v = std::int64_t{y[i]} - static_cast<std::int64_t>(count - 1);
    xy += u * v;
    xx += u * u;
    yy += v * v;
  }
  return static_cast<double>(xy) / (std::sqrt(static_cast<double>(xx)) * std::sqrt(static_cast<double>(yy)));
}

}  // namespace alva
