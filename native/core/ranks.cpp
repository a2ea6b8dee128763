// Ranks by two digits of a radix sort; what then is still out of order stands close by, and what shares a key is put in order by its value.
#include "ranks.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <utility>
#include <vector>

#include "sortingkeys.hpp"
#include "threads.hpp"

namespace alva {
namespace {

constexpr int kFirstBits = 11, kDigitBits = 8;
constexpr std::size_t kFew = 24;
constexpr std::size_t kFewPairs = 1 << 16;  // which take a millisecond
__extension__ typedef __int128 Wide;  // sums of squared ranks do not fit in 64 bits from some 2,400 rows on

void sort_nearly_sorted(std::uint64_t* entries, std::size_t count) {
  for (std::size_t i = 1; i < count; ++i) {
    const std::uint64_t entry = entries[i];
    std::size_t at = i;
    for (; at > 0 && entries[at - 1] > entry; --at) entries[at] = entries[at - 1];
    entries[at] = entry;
  }
}

// Sorts entries that agree from bit `shift` on: by two more digits, which leave hardly one of them beside its place. Both arrays are written, and
// `entries` has the answer.
void sort_bucket(std::uint64_t* entries, std::uint64_t* other, std::size_t count, int shift) {
  if (count <= kFew) return sort_nearly_sorted(entries, count);
  constexpr std::size_t values = std::size_t{1} << kDigitBits;
  std::uint32_t ends[2][values] = {};
  const auto digit = [=](std::uint64_t entry, int place) { return entry >> (shift - (2 - place) * kDigitBits) & (values - 1); };
  for (std::size_t i = 0; i < count; ++i)
    for (int place = 0; place < 2; ++place) ++ends[place][digit(entries[i], place)];
  for (auto& starts : ends) std::exclusive_scan(starts, starts + values, starts, 0u);
  for (std::size_t i = 0; i < count; ++i) other[ends[0][digit(entries[i], 0)]++] = entries[i];
  for (std::size_t i = 0; i < count; ++i) entries[ends[1][digit(other[i], 1)]++] = other[i];
  const std::uint64_t* const end = entries + count;
  const auto together = [=](std::uint64_t x, std::uint64_t y) { return (x ^ y) >> (shift - 2 * kDigitBits) == 0; };
  const std::uint64_t* crowd = entries;  // is there a run of entries with the same digits that would take too long one by one?
  for (; crowd + kFew < end && !together(*crowd, crowd[kFew]);) ++crowd;
  if (crowd + kFew < end)
    std::sort(entries, entries + count);
  else
    sort_nearly_sorted(entries, count);
}

struct Ranked {
  std::uint32_t place, twice;
};

// What entries of one key have, those from `start` on among all.
void rank_run(const Listed& list, const SortingKeys& keys, const std::uint64_t* entries, std::size_t count, std::size_t start, Ranked* out) {
  std::vector<std::pair<double, std::uint32_t>> run(count);
  for (std::size_t i = 0; i < count; ++i) run[i] = {list.value(keys.place(entries[i])), keys.place(entries[i])};
  if (std::any_of(run.begin(), run.end(), [&](const auto& one) { return one.first != run[0].first; }))
    std::sort(run.begin(), run.end(), [](const auto& x, const auto& y) { return x.first < y.first; });
  for (std::size_t tie = 0, after; tie < count; tie = after) {
    for (after = tie + 1; after < count && run[after].first == run[tie].first;) ++after;
    for (std::size_t at = tie; at < after; ++at) out[at] = {run[at].second, static_cast<std::uint32_t>(2 * start + tie + after - 1)};
  }
}

// take(ranked numbers, how many) for each bucket of numbers, rising; false where one is not a number.
template <typename Take>
bool each_bucket(const Listed& list, Take take) {
  SortingKeys keys;
  if (!keys.fit(list)) return false;
  // First by the highest digit; a bucket is then sorted, and ranked, where it stays in the first caches.
  const int shift = keys.bits() - kFirstBits;
  std::vector<std::uint32_t> ends(std::size_t{1} << kFirstBits);
  list.each_run([&](const double* values, std::size_t, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) ++ends[keys.entry(values[i], 0) >> shift];
  });
  const std::size_t most = *std::max_element(ends.begin(), ends.end());
  std::exclusive_scan(ends.begin(), ends.end(), ends.begin(), 0u);
  const auto spread = std::make_unique_for_overwrite<std::uint64_t[]>(list.count), other = std::make_unique_for_overwrite<std::uint64_t[]>(most);
  const auto ranked = std::make_unique_for_overwrite<Ranked[]>(most);
  list.each_run([&](const double* values, std::size_t place, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t entry = keys.entry(values[i], place + i);
      spread[ends[entry >> shift]++] = entry;
    }
  });
  std::size_t first = 0;
  for (const std::size_t last : ends) {
    const std::size_t count = last - first;
    std::uint64_t* bucket = &spread[first];
    sort_bucket(bucket, other.get(), count, shift);
    for (std::size_t start = 0, end; start < count; start = end) {
      for (end = start + 1; end < count && keys.one_key(bucket[end], bucket[start]);) ++end;
      if (end - start == 1)
        ranked[start] = {static_cast<std::uint32_t>(keys.place(bucket[start])), static_cast<std::uint32_t>(2 * (first + start))};
      else
        rank_run(list, keys, bucket + start, end - start, first + start, &ranked[start]);
    }
    take(static_cast<const Ranked*>(ranked.get()), count);
    first = last;
  }
  return true;
}

// The sum of products of two numbers each that are below 2^31 in magnitude; as many as 63 bits hold are summed at a time.
template <typename Factors>
Wide sum_of_products(std::size_t count, std::size_t together, Factors factors) {
  Wide sum = 0;
  for (std::size_t from = 0; from < count; from += together) {
    std::int64_t part = 0;
    for (std::size_t i = from; i < std::min(count, from + together); ++i) {
      const auto [u, v] = factors(i);
      part += u * v;
    }
    sum += part;
  }
  return sum;
}

}  // namespace

bool average_ranks(const double* values, std::size_t count, std::uint32_t* twice) {
  return count == 0 || each_bucket({values, count, 0}, [=](const Ranked* of, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) twice[of[i].place] = of[i].twice;
  });
}

double rank_correlation_above(const double* a, const double* b, std::size_t rows, unsigned threads) {
  const std::size_t count = rows * (rows - 1) / 2;
  // Twice the distances from the mean rank, which ties leave where it is.
  const auto mean = static_cast<std::int64_t>(count) - 1;
  const std::size_t together = std::size_t{1} << std::max(0, 62 - 2 * static_cast<int>(std::bit_width(count)));
  using Factors = std::pair<std::int64_t, std::int64_t>;
  const auto squares = [=](const Ranked* of, std::size_t n) {
    return sum_of_products(n, together, [=](std::size_t i) { return Factors(of[i].twice - mean, of[i].twice - mean); });
  };
  const auto keep = [=](const Ranked* of, std::size_t n, std::int32_t* distances) {
    for (std::size_t i = 0; i < n; ++i) distances[of[i].place] = static_cast<std::int32_t>(of[i].twice - mean);
  };
  const unsigned sides = threads > 1 && count >= kFewPairs ? 2 : 1;  // ranked at the same time
  const auto room = std::make_unique_for_overwrite<std::int32_t[]>(sides * count);
  std::int32_t *const of_a = room.get(), *const of_b = of_a + (sides - 1) * count;
  Wide xy = 0, xx = 0, yy = 0;
  bool are_numbers[2] = {true, true};
  const auto rank_a = [&] {
    are_numbers[0] = each_bucket({a, count, rows}, [&](const Ranked* of, std::size_t n) {
      keep(of, n, of_a);
      xx += squares(of, n);
    });
  };
  const auto rank_b = [&] {
    are_numbers[1] = each_bucket({b, count, rows}, [&](const Ranked* of, std::size_t n) {
      if (sides == 2)
        keep(of, n, of_b);
      else
        xy += sum_of_products(n, together, [=](std::size_t i) { return Factors(of_a[of[i].place], of[i].twice - mean); });
      yy += squares(of, n);
    });
  };
  on_threads(sides, [&](unsigned part) {
    if (part == 0) rank_a();
    if (sides == 2 ? part == 1 : are_numbers[0]) rank_b();
  });
  if (!are_numbers[0] || !are_numbers[1]) return std::numeric_limits<double>::quiet_NaN();
  if (sides == 2) xy = sum_of_products(count, together, [=](std::size_t i) { return Factors(of_a[i], of_b[i]); });
  return static_cast<double>(xy) / (std::sqrt(static_cast<double>(xx)) * std::sqrt(static_cast<double>(yy)));
}

}  // namespace alva
