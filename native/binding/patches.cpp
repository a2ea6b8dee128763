// The native export on image patches.
#include "patches.hpp"

#include "exports.hpp"

namespace alva::binding {

Answer distinct_patches(Arguments& given) {
  const auto images = given.input<std::uint8_t>(0, "images");
  const auto side = given.whole(1, "side", 8, 4096), across = side / 8;
  if (side % 8 != 0) throw Refusal("side", "a multiple of 8");
  const auto n = static_cast<std::int64_t>(images.length) / (3 * side * side);
  if (static_cast<std::int64_t>(images.length) != n * 3 * side * side) throw Refusal("images", "whole images of side x side x 3 bytes");
  const auto patches = given.output<std::uint8_t>(2, "patches");
  const std::size_t capacity = patches.length / 192;
  if (capacity == 0 || patches.length != capacity * 192) throw Refusal("patches", "a multiple of 192 bytes");
  auto* places = given.output<std::int64_t>(3, "places", {n, across, across});
  return static_cast<double>(alva::distinct_patches(images.data, n, side, capacity, patches.data, places));
}

}  // namespace alva::binding
