// Mosaics of any tiles, and the distinct patches of any images.
#include "bytes.hpp"
#include "mosaics.hpp"
#include "patches.hpp"

static void draw(fuzz::Bytes& in) {
  const std::size_t n = in.between(0, 3), rows = in.between(1, 5), columns = in.between(1, 5), side = in.between(1, 12);
  auto tiles = in.bytes(n * rows * columns * alva::tile_fields);
  constexpr int limits[] = {8, 6, 3, 5, 2};
  for (std::size_t at = 0; at < tiles.size(); ++at)
    if (tiles[at] < 250) tiles[at] = static_cast<std::uint8_t>(tiles[at] % limits[at % 5]);
  if (!alva::are_tiles(tiles.data(), n * rows * columns)) return;
  std::vector<std::uint8_t> out(n * rows * columns * 3 * side * side);
  alva::draw_mosaics(tiles.data(), n, static_cast<int>(rows), static_cast<int>(columns), static_cast<int>(side), out.data());
}

static void cut(fuzz::Bytes& in) {
  const std::size_t n = in.between(0, 3), side = 8 * in.between(1, 3), capacity = in.between(1, 12);
  auto images = in.bytes(n * side * side * 3);
  for (auto& byte : images) byte &= 1;
  std::vector<std::uint8_t> patches(capacity * 192);
  std::vector<std::int64_t> places(n * (side / 8) * (side / 8));
  const std::size_t found = alva::distinct_patches(images.data(), n, side, capacity, patches.data(), places.data());
  fuzz::check(found <= capacity + 1, "no more patches than fit, and one");
  for (const auto place : places) fuzz::check(found > capacity || (place >= 0 && static_cast<std::size_t>(place) < found), "places are of patches that are there");
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes in(data, size);
  if (in.byte() & 1) draw(in);
  else cut(in);
  return 0;
}
