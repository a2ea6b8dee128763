// The search of native/core by itself: lists of small spaces by every form, and what a room holds.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <stdexcept>
#include <vector>

#include "cosines.hpp"
#include "neighbours.hpp"
#include "random.hpp"
#include "ranks.hpp"
#include "search.hpp"
#include "searchforms.hpp"

static int failures = 0;

static void check(bool holds, const char* what) {
  if (holds) return;
  std::printf("failed: %s\n", what);
  ++failures;
}

static alva::SearchPlan plan_for(const std::vector<double>& space, std::size_t columns, std::size_t depth, const alva::SearchForm* form) {
  alva::SearchPlan plan{};
  plan.queries = {space.data(), nullptr, space.size() / columns, columns};
  plan.self = true;
  plan.depth = depth;
  plan.threads = 2;
  plan.block = 50;
  plan.form = form;
  return plan;
}

static void test_forms() {
  constexpr std::size_t rows = 131, columns = 7, depth = 9;
  alva::Random random(3);
  std::vector<double> space(rows * columns), similarity(rows * rows);
  for (double& value : space) value = random.below(5) - 2.0;  // many ties, some rows of zeros
  std::vector<std::int32_t> wanted(rows * depth);
  alva::cosine_similarity(space.data(), rows, columns, 1, similarity.data());
  alva::nearest_neighbours(similarity.data(), rows, depth, wanted.data());
  for (const alva::SearchForm* form : alva::search_forms()) {
    const auto plan = plan_for(space, columns, depth, form);
    std::vector<std::uint8_t> room(alva::search_bytes(plan));
    std::vector<std::int32_t> found(rows * depth);
    alva::Search search(plan, room.data());
    check(search.prepare(0, rows) == -1, "all rows are finite");
    for (std::size_t first = 0; first < rows; first += 50) search.compare(first, std::min<std::size_t>(50, rows - first));
    search.settle(0, rows, found.data());
    check(found == wanted, form->name);
  }
}

static void test_order() {
  const std::vector<double> space(40, 1.0);
  const auto plan = plan_for(space, 2, 3, alva::search_forms().back());
  std::vector<std::uint8_t> room(alva::search_bytes(plan));
  std::vector<std::int32_t> found(60);
  alva::Search search(plan, room.data());
  search.prepare(0, 20);
  bool refused = false;
  try {
    search.settle(0, 20, found.data());
  } catch (const std::logic_error&) {
    refused = true;
  }
  check(refused, "lists are not settled before rows are compared");
}

static void test_ranks() {
  const double values[] = {0.5, -1, 0.5, 0, -0.0};
  std::uint32_t twice[5];
  check(alva::average_ranks(values, 5, twice), "numbers have ranks");
  const std::vector<std::uint32_t> wanted{7, 0, 7, 3, 3};
  check(std::vector<std::uint32_t>(twice, twice + 5) == wanted, "ties share their mean rank");

  // Spread wide, in a cluster where many share a key, and tied: sorted plainly beside.
  std::vector<double> many(30000);
  alva::Random random(7);
  for (std::size_t i = 0; i < many.size(); ++i) {
    const double drawn = random.uint32() / 4294967296.0;
    many[i] = i % 3 == 0 ? drawn : i % 3 == 1 ? 0.5 + drawn * 1e-13 : std::round(drawn * 50) / 50;
  }
  std::vector<double> sorted = many;
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::uint32_t> ranks(many.size());
  check(alva::average_ranks(many.data(), many.size(), ranks.data()), "many numbers have ranks");
  bool right = true;
  for (std::size_t i = 0; i < many.size(); ++i) {
    const auto [low, high] = std::equal_range(sorted.begin(), sorted.end(), many[i]);
    right &= ranks[i] == static_cast<std::uint32_t>((low - sorted.begin()) + (high - sorted.begin()) - 1);
  }
  check(right, "ranks are those of the sorted list");
}

int main() {
  test_forms();
  test_order();
  test_ranks();
  return failures != 0;
}
