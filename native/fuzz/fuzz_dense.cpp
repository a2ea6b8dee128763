// Ranks and cross products of any numbers.
#include <algorithm>

#include "bytes.hpp"
#include "columnproducts.hpp"
#include "crossproducts.hpp"
#include "finite.hpp"
#include "ranks.hpp"

static void rank(fuzz::Bytes& in) {
  const auto values = in.numbers(in.between(0, 300));
  std::vector<std::uint32_t> twice(values.size());
  const bool numbers = std::none_of(values.begin(), values.end(), [](double value) { return std::isnan(value); });
  fuzz::check(alva::average_ranks(values.data(), values.size(), twice.data()) == numbers, "all but NaN is ranked");
  std::uint64_t sum = 0;
  for (const auto rank : twice) sum += rank;
  fuzz::check(!numbers || sum == values.size() * (values.size() - (values.size() > 0)), "ranks add up");
  for (std::size_t i = 1; numbers && i < values.size(); ++i)
    fuzz::check((values[i - 1] < values[i]) == (twice[i - 1] < twice[i]), "ranks rise with their values");
  fuzz::check(alva::first_not_finite(values.data(), values.size()) <= values.size(), "a place within");
}

static void correlate(fuzz::Bytes& in) {
  const std::size_t rows = in.between(2, 30);
  const auto a = in.numbers(rows * rows), b = in.numbers(rows * rows);
  const double found = alva::rank_correlation_above(a.data(), b.data(), rows, 1);
  fuzz::check(std::isnan(found) || std::fabs(found) <= 1 + 1e-12, "a correlation is from -1 to 1");
}

static void cross(fuzz::Bytes& in) {
  const std::size_t rows = in.between(1, 20), a_columns = in.between(1, 20), b_columns = in.between(1, 20);
  const bool finite = in.byte() % 4 > 0;
  const auto drawn = [&](std::size_t count) { return finite ? in.finites(count) : in.numbers(count); };
  const auto a = drawn(rows * a_columns), b = drawn(rows * b_columns);
  const auto all = alva::cross_products(a.data(), a_columns, b.data(), b_columns, rows, 1);
  const bool is_finite = alva::first_not_finite(a.data(), a.size()) == a.size() && alva::first_not_finite(b.data(), b.size()) == b.size();
  fuzz::check(all.has_value() == is_finite, "finite spaces alone have products");
  const auto threaded = alva::column_products(a.data(), a_columns, b.data(), b_columns, rows, 2, *alva::tile_forms()[0], *alva::pack_forms()[0]);
  fuzz::check(threaded.has_value() == is_finite, "on threads too");
  if (!all) return;
  const auto& found = *all;
  fuzz::check(found.aa.squares >= 0 && found.ab.squares <= std::sqrt(found.aa.squares) * std::sqrt(found.bb.squares) * (1 + 1e-9) + 1e-9, "Cauchy and Schwarz");
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes in(data, size);
  const auto kind = in.byte() % 3;
  if (kind == 0) rank(in);
  else if (kind == 1) correlate(in);
  else cross(in);
  return 0;
}
