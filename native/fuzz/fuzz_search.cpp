// The search for nearest rows: the lists of all cosines by every form and split, and rooms that hold anything.
#include <algorithm>

#include "bytes.hpp"
#include "cosines.hpp"
#include "neighbours.hpp"
#include "search.hpp"
#include "searchforms.hpp"

static alva::SearchPlan plan_of(fuzz::Bytes& in, const std::vector<double>& space, std::size_t columns) {
  alva::SearchPlan plan{};
  plan.queries = {space.data(), nullptr, space.size() / columns, columns};
  plan.self = true;
  plan.depth = in.between(1, plan.queries.rows - 1);
  plan.threads = static_cast<unsigned>(in.between(1, 3));
  plan.block = in.between(1, plan.queries.rows);
  return plan;
}

static void compare_all(alva::Search& search, const alva::SearchPlan& plan) {
  for (std::size_t first = 0; first < plan.queries.rows; first += plan.block)
    while (search.compare(first, std::min(plan.block, plan.queries.rows - first)) == alva::kUnfinished) continue;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes in(data, size);
  const bool in_any_room = in.byte() & 1;
  const std::size_t rows = in.between(2, 90), columns = in.between(1, 9);
  const auto space = in_any_room ? in.numbers(rows * columns) : in.finites(rows * columns);
  alva::SearchPlan plan = plan_of(in, space, columns);
  std::vector<std::int32_t> wanted(rows * plan.depth), found(rows * plan.depth);
  if (!in_any_room) {
    std::vector<double> similarity(rows * rows);
    alva::cosine_similarity(space.data(), rows, columns, 1, similarity.data());
    alva::nearest_neighbours(similarity.data(), rows, plan.depth, wanted.data());
  }
  for (const alva::SearchForm* form : alva::search_forms()) {
    plan.form = form;
    const std::size_t bytes = alva::search_bytes(plan);
    std::vector<std::uint8_t> room = in_any_room ? in.bytes(bytes) : std::vector<std::uint8_t>(bytes);
    alva::Search search(plan, room.data());
    if (in_any_room) {
      for (int steps = in.byte() % 8; steps > 0; --steps)
        fuzz::refuses([&] {
          const std::uint8_t step = in.byte();
          if (step % 3 == 0) search.prepare(0, rows);
          else if (step % 3 == 1) compare_all(search, plan);
          else search.settle(0, rows, found.data());
        });
      continue;
    }
    fuzz::check(search.prepare(0, rows) == -1, "all rows are finite");
    compare_all(search, plan);
    search.settle(0, rows, found.data());
    fuzz::check(found == wanted, "a search finds what all cosines tell");
  }
  return 0;
}
