// Cosines, neighbour lists and their overlaps: any numbers, any lists.
#include "bytes.hpp"
#include "cosines.hpp"
#include "neighbours.hpp"

static void lists(fuzz::Bytes& in) {
  const std::size_t rows = in.between(2, 40), columns = in.between(1, 20), depth = in.between(1, rows - 1);
  const auto space = in.numbers(rows * columns);
  std::vector<double> similarity(rows * rows);
  alva::cosine_similarity(space.data(), rows, columns, 1, similarity.data());
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < rows; ++j) {
      const double of = similarity[i * rows + j];
      fuzz::check(std::isnan(of) || (of >= -1 && of <= 1), "a cosine is from -1 to 1");
      fuzz::check(std::isnan(of) || of == similarity[j * rows + i], "cosines are symmetric");
    }
  std::vector<std::int32_t> found(rows * depth), overlap(rows * depth);
  if (fuzz::refuses([&] { alva::nearest_neighbours(similarity.data(), rows, depth, found.data()); })) return;
  alva::overlaps(found.data(), found.data(), rows, depth, overlap.data());
  for (std::size_t at = 0; at < overlap.size(); ++at) fuzz::check(overlap[at] == static_cast<std::int32_t>(at % depth) + 1, "a table shares all with itself");
}

static void overlaps(fuzz::Bytes& in) {
  const std::size_t rows = in.between(2, 12), depth = in.between(1, rows - 1);
  const auto a = in.items(rows * depth, rows), b = in.items(rows * depth, rows);
  std::vector<std::int32_t> overlap(rows * depth);
  if (fuzz::refuses([&] { alva::overlaps(a.data(), b.data(), rows, depth, overlap.data()); })) return;
  for (std::size_t at = 0; at < overlap.size(); ++at)
    fuzz::check(overlap[at] >= 0 && overlap[at] <= static_cast<std::int32_t>(at % depth) + 1, "k neighbours share at most k");
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes in(data, size);
  if (in.byte() & 1) lists(in);
  else overlaps(in);
  return 0;
}
