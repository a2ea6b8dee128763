// Memory that runs out: at any allocation, on any thread, a kernel throws std::bad_alloc and goes on to work when there is memory again.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <new>
#include <vector>

#include "columnproducts.hpp"
#include "components.hpp"
#include "configuration.hpp"
#include "cosines.hpp"
#include "crossproducts.hpp"
#include "joint.hpp"
#include "mosaics.hpp"
#include "neighbours.hpp"
#include "patches.hpp"
#include "procrustes.hpp"
#include "products.hpp"
#include "random.hpp"
#include "ranks.hpp"
#include "search.hpp"
#include "searchforms.hpp"
#include "views.hpp"

static std::atomic<long> left{-1};  // allocations until one fails; below 0: none does

static void* allocate(std::size_t size) {
  if (left.load() >= 0 && left.fetch_sub(1) == 0) throw std::bad_alloc();
  if (void* found = std::malloc(size > 0 ? size : 1)) return found;
  throw std::bad_alloc();
}

void* operator new(std::size_t size) { return allocate(size); }
void* operator new[](std::size_t size) { return allocate(size); }
void* operator new(std::size_t size, std::align_val_t line) {
  if (left.load() >= 0 && left.fetch_sub(1) == 0) throw std::bad_alloc();
  const auto step = static_cast<std::size_t>(line);
  if (void* found = std::aligned_alloc(step, (size + step - 1) / step * step)) return found;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

static int failures = 0;

// Lets each allocation of `work` fail in turn.
static void starve(const char* name, const std::function<void()>& work) {
  long failed = 0;
  for (long at = 0;; ++at) {
    left = at;
    bool threw = false;
    try {
      work();
    } catch (const std::bad_alloc&) {
      threw = true;
      ++failed;
    }
    const bool reached = left.load() < 0;
    left = -1;
    if (threw && !reached) {
      std::printf("failed: %s threw where memory had not run out\n", name);
      ++failures;
    }
    if (!reached) break;
  }
  work();
  std::printf("%s: %ld allocations failed\n", name, failed);
}

int main() {
  constexpr std::size_t rows = 30, columns = 9, depth = 5, n_tables = 6;
  alva::Random random(1);
  std::vector<double> space(rows * columns), out(rows * rows), more(rows * rows), values(rows);
  for (double& value : space) value = random.uint32() / 4294967296.0 - 0.5;
  std::vector<std::int32_t> lists(n_tables * rows * depth), table(rows * depth), pairs;
  alva::cosine_neighbours(space.data(), rows, columns, depth, table.data());
  for (std::size_t t = 0; t < n_tables; ++t) std::copy(table.begin(), table.end(), lists.begin() + static_cast<std::ptrdiff_t>(t * rows * depth));
  for (std::int32_t i = 1; i < 6; ++i) pairs.insert(pairs.end(), {0, i});
  const std::vector<double> scales(2 * 5 * depth, 1.0);
  const alva::Standard standard{scales.data(), scales.data() + 5 * depth};
  const alva::Shuffle shuffle(rows, nullptr, 3);
  std::vector<std::uint32_t> words(40 * 5 * depth + 40 * rows);
  std::vector<std::uint8_t> codes(9 * alva::view_bytes, 1), images(9 * alva::image_bytes), tiles(12 * 5, 1), mosaic(12 * 192), patches(9 * 192);
  std::vector<std::int64_t> places(9 * 64);

  for (const std::size_t n_pairs : {std::size_t{1}, std::size_t{5}})
    for (const alva::JointForm* form : alva::joint_forms()) {
      const alva::JointTables tables{lists.data(), n_tables, rows, depth, pairs.data(), n_pairs, false};
      starve("joint_tally", [&] { alva::joint_tally(tables, shuffle, {0, 40, false}, &standard, 3, *form); });
      starve("joint_totals", [&] { alva::joint_totals(tables, shuffle, {0, 40, true}, *form, words.data()); });
    }
  starve("relabellings", [&] { alva::relabellings(rows, alva::Shuffle(rows, table.data(), 1), {0, 40, false}, *alva::joint_forms()[0], words.data()); });
  starve("permuted_nuclear_norms", [&] { alva::permuted_nuclear_norms(space.data(), columns, space.data(), columns, rows, shuffle, 0, 20, 3, values.data()); });
  starve("cosine_similarity", [&] { alva::cosine_similarity(space.data(), rows, columns, 3, out.data()); });
  constexpr std::size_t many = 330, wide = 701;  // enough for three threads
  std::vector<double> large(many * wide), square(many * many);
  for (double& value : large) value = random.uint32() / 4294967296.0 - 0.5;
  starve("cosine_similarity on threads", [&] { alva::cosine_similarity(large.data(), many, wide, 3, square.data()); });
  starve("rank_correlation_above on threads", [&] { alva::rank_correlation_above(square.data(), square.data(), many, 3); });
  starve("cross_products by rows on threads", [&] { alva::cross_products(large.data(), wide, large.data(), wide, many, 3); });
  starve("column_products on threads", [&] {
    alva::column_products(large.data(), 20, large.data() + 5, 33, many, 3, *alva::tile_forms()[0], *alva::pack_forms()[0]);
  });
  starve("nearest_neighbours", [&] { alva::nearest_neighbours(out.data(), rows, depth, table.data()); });
  starve("overlaps", [&] { std::vector<std::int32_t> shared(rows * depth); alva::overlaps(table.data(), table.data(), rows, depth, shared.data()); });
  starve("principal_components", [&] { alva::principal_components(space.data(), rows, columns, out.data(), values.data()); });
  starve("configuration", [&] { alva::configuration(space.data(), columns, rows, more.data()); });
  starve("singular_vectors", [&] { alva::singular_vectors(space.data(), rows, columns, out.data(), values.data(), more.data()); });
  starve("cross_products", [&] { alva::cross_products(space.data(), columns, space.data(), columns, rows, 3); });
  starve("average_ranks", [&] { alva::average_ranks(space.data(), space.size(), words.data()); });
  starve("rank_correlation_above", [&] { alva::rank_correlation_above(out.data(), out.data(), rows, 3); });
  starve("render_views", [&] { alva::render_views(codes.data(), 9, alva::Observation::resized64, {3, alva::forms()[0]}, images.data()); });
  starve("draw_mosaics", [&] { alva::draw_mosaics(tiles.data(), 3, 2, 2, 8, mosaic.data()); });
  starve("distinct_patches", [&] { alva::distinct_patches(images.data(), 9, 64, 9, patches.data(), places.data()); });
  alva::SearchPlan plan{};
  plan.queries = {space.data(), nullptr, rows, columns};
  plan.self = true;
  plan.depth = depth;
  plan.threads = 3;
  plan.block = 20;
  plan.form = alva::search_forms()[0];
  std::vector<std::uint8_t> room(alva::search_bytes(plan));
  starve("search", [&] {
    alva::Search search(plan, room.data());
    search.prepare(0, rows);
    search.compare(0, 20);
    search.compare(20, 10);
    search.settle(0, rows, table.data());
  });
  return failures != 0;
}
