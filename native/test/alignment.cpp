// Neighbours, permutations and Procrustes of native/core by themselves: known answers and refusals.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numeric>
#include <set>
#include <stdexcept>
#include <vector>

#include "components.hpp"
#include "joint.hpp"
#include "cosines.hpp"
#include "neighbours.hpp"
#include "procrustes.hpp"
#include "random.hpp"
#include "ranks.hpp"

static int failures = 0;

static void check(bool holds, const char* what) {
  if (holds) return;
  std::printf("failed: %s\n", what);
  ++failures;
}

template <typename Work>
static bool refuses(Work work) {
  try {
    work();
  } catch (const std::invalid_argument&) {
    return true;
  }
  return false;
}

static std::vector<double> drawn(std::size_t size, std::uint32_t seed) {
  alva::Random random(seed);
  std::vector<double> values(size);
  for (double& value : values) value = random.uint32() / 4294967296.0 - 0.5;
  return values;
}

static std::vector<std::int32_t> table(const std::vector<double>& space, std::size_t rows, std::size_t columns, std::size_t depth) {
  std::vector<double> similarity(rows * rows);
  std::vector<std::int32_t> neighbours(rows * depth);
  alva::cosine_similarity(space.data(), rows, columns, 1, similarity.data());
  alva::nearest_neighbours(similarity.data(), rows, depth, neighbours.data());
  return neighbours;
}

static std::vector<alva::Tally> tally_of(const std::vector<std::int32_t>& a, const std::vector<std::int32_t>& b, std::size_t rows,
                                         std::size_t depth, const alva::Shuffle& shuffle, alva::Numbers numbers, unsigned threads,
                                         std::size_t form = 0) {
  auto lists = a;
  lists.insert(lists.end(), b.begin(), b.end());
  const std::int32_t pair[] = {0, 1};
  return alva::joint_tally({lists.data(), 2, rows, depth, pair, 1, false}, shuffle, numbers, nullptr, threads, *alva::joint_forms()[form]).tally;
}

static void test_neighbours() {
  const std::vector<double> space = {1e-200, 0, 3e200, 0, 0, 0, 1, 1};  // two rows on one ray, a zero row, a diagonal one
  std::vector<double> similarity(16);
  check(alva::cosine_similarity(space.data(), 4, 2, 1, similarity.data()) == -1, "finite rows are measured");
  check(similarity[1] == 1, "rows on one ray have cosine 1 at any magnitude");
  check(similarity[2] == 0 && similarity[10] == 0, "a zero row has cosine 0, with itself too");
  check(std::fabs(similarity[3] - std::sqrt(0.5)) < 1e-15, "45 degrees");
  const auto lists = table({1, 1, 1}, 3, 1, 2);
  check((lists == std::vector<std::int32_t>{1, 2, 0, 2, 0, 1}), "ties go to the lowest index, never to the row itself");
  std::vector<double> broken = drawn(12, 3), room(9);
  broken[7] = broken[9] = std::numeric_limits<double>::infinity();
  check(alva::cosine_similarity(broken.data(), 3, 4, 1, room.data()) == 1, "the first row that is not finite is named");
  similarity[5] = std::numeric_limits<double>::quiet_NaN();
  std::vector<std::int32_t> out(4);
  check(refuses([&] { alva::nearest_neighbours(similarity.data(), 4, 1, out.data()); }), "NaN is refused");
}

static void test_threads() {
  for (const auto& [rows, columns] : {std::pair<std::size_t, std::size_t>{401, 640}, {403, 637}, {300, 1111}}) {
    const auto space = drawn(rows * columns, 5);
    std::vector<double> one(rows * rows), more(rows * rows);
    check(alva::cosine_similarity(space.data(), rows, columns, 1, one.data()) == -1, "finite rows are measured");
    const double correlated = alva::rank_correlation_above(one.data(), drawn(rows * rows, 6).data(), rows, 1);
    for (const unsigned threads : {2u, 3u}) {
      check(alva::cosine_similarity(space.data(), rows, columns, threads, more.data()) == -1 && more == one, "threads change no cosine");
      check(alva::rank_correlation_above(one.data(), drawn(rows * rows, 6).data(), rows, threads) == correlated, "threads change no correlation of ranks");
      auto broken = space;
      broken[(rows - 2) * columns] = broken[7 * columns + 3] = std::numeric_limits<double>::quiet_NaN();
      check(alva::cosine_similarity(broken.data(), rows, columns, threads, more.data()) == 7, "threads find the first row that is not finite");
      more = one;
      more[rows - 1] = std::numeric_limits<double>::quiet_NaN();
      check(std::isnan(alva::rank_correlation_above(more.data(), one.data(), rows, threads)) &&
                std::isnan(alva::rank_correlation_above(one.data(), more.data(), rows, threads)),
            "threads find what is not a number");
    }
    for (const std::size_t i : {std::size_t{0}, rows / 2, rows - 1})
      for (std::size_t j = 0; j < rows; ++j) {
        const double *x = &space[i * columns], *y = &space[j * columns];
        check(one[i * rows + j] == alva::cosine(alva::dot(x, y, columns), alva::dot(x, x, columns), alva::dot(y, y, columns)), "a cosine of dot");
      }
  }
}

static void test_refusals() {
  const std::vector<std::int32_t> good = {1, 2, 0, 2, 0, 1};
  for (const auto& bad : {std::vector<std::int32_t>{1, 3, 0, 2, 0, 1}, {1, -1, 0, 2, 0, 1}, {1, 0, 0, 2, 0, 1}, {1, 1, 0, 2, 0, 1}}) {
    std::vector<std::int32_t> out(6);
    check(refuses([&] { alva::overlaps(good.data(), bad.data(), 3, 2, out.data()); }), "overlaps refuse a broken list");
    check(refuses([&] { tally_of(bad, good, 3, 2, alva::Shuffle(3, nullptr, 0), {0, 1, false}, 1); }), "relabellings refuse a broken list");
  }
}

static void test_shuffle() {
  const std::vector<std::int32_t> blocks = {5, -2, 5, 5, -2, 9};
  const alva::Shuffle free(6, nullptr, 3), within(6, blocks.data(), 3);
  std::vector<std::uint32_t> image;
  std::set<std::vector<std::uint32_t>> seen;
  for (std::uint32_t i = 0; i < 200; ++i) {
    free.draw(i, image);
    seen.insert(image);
    auto sorted = image;
    std::sort(sorted.begin(), sorted.end());
    for (std::uint32_t item = 0; item < 6; ++item) check(sorted[item] == item, "a draw is a permutation");
    within.draw(i, image);
    for (std::size_t item = 0; item < 6; ++item) check(blocks[item] == blocks[image[item]], "blocks are kept");
  }
  check(seen.size() > 100, "draws differ");
  for (const alva::JointForm* form : alva::joint_forms())
    for (const alva::Shuffle* shuffle : {&free, &within}) {
      std::vector<std::uint16_t> places;
      std::vector<std::uint32_t> images(alva::kBatch * 6);
      shuffle->draw_batch(32, form->draw, places, images.data());
      for (std::uint32_t j = 0; j < alva::kBatch; ++j) {
        shuffle->draw(32 + j, image);
        check(std::equal(image.begin(), image.end(), images.begin() + j * 6), "a batch draws what one by one draws");
      }
    }
}

static void test_tallies() {
  constexpr std::size_t rows = 6, depth = 5;
  const auto a = table(drawn(rows * 3, 1), rows, 3, depth), b = table(drawn(rows * 4, 2), rows, 4, depth);
  const auto exact = tally_of(a, b, rows, depth, alva::Shuffle(rows, nullptr, 0), {0, 720, true}, 2);
  for (std::size_t k = 1; k <= depth; ++k)
    check(exact[k - 1].sum == 720 * rows * k * k / (rows - 1), "the mean overlap of all relabellings is n k^2 / (n - 1)");
  check(exact[4].exceedances == 720, "all relabellings share all at k = n - 1");
  const alva::Shuffle shuffle(rows, nullptr, 9);
  const auto run = [&](std::uint32_t first, std::uint32_t count, unsigned threads, std::size_t form = 0) {
    return tally_of(a, b, rows, depth, shuffle, {first, count, false}, threads, form);
  };
  const auto one = run(0, 1000, 1), three = run(0, 1000, 3), first = run(0, 400, 2), rest = run(400, 600, 2);
  for (std::size_t k = 0; k < depth; ++k) {
    check(one[k].exceedances == three[k].exceedances && one[k].squares == three[k].squares, "threads change nothing");
    check(one[k].sum == first[k].sum + rest[k].sum, "a run can be split");
    for (std::size_t form = 1; form < alva::joint_forms().size(); ++form)
      check(one[k].squares == run(0, 1000, 1, form)[k].squares, "all forms count alike");
  }
}

static void test_procrustes() {
  constexpr std::size_t rows = 9, columns = 20;
  const auto space = drawn(rows * columns, 4);
  std::vector<double> scores(rows * rows), values(rows);
  alva::principal_components(space.data(), rows, columns, scores.data(), values.data());
  double total = 0;
  for (const double value : values) total += value * value;
  check(std::fabs(alva::nuclear_norm(scores.data(), rows, scores.data(), rows, rows) - total) < 1e-12, "the nuclear norm of A'A is its trace");
  check(values[rows - 1] < 1e-14 * values[0], "centred rows span one dimension less");
  const alva::Shuffle shuffle(rows, nullptr, 5);
  std::vector<double> one(40), four(40);
  alva::permuted_nuclear_norms(scores.data(), rows, scores.data(), rows, rows, shuffle, 0, 40, 1, one.data());
  alva::permuted_nuclear_norms(scores.data(), rows, scores.data(), rows, rows, shuffle, 0, 40, 4, four.data());
  check(one == four, "threads change no bit of a nuclear norm");
  check(*std::max_element(one.begin(), one.end()) <= total + 1e-12, "no permutation fits a space better than itself");
}

int main() {
  test_neighbours();
  test_threads();
  test_refusals();
  test_shuffle();
  test_tallies();
  test_procrustes();
  return failures == 0 ? 0 : 1;
}
