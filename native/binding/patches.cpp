// The native export on image patches.
#include "patches.hpp"

#include "arguments.hpp"
#include "exports.hpp"

namespace alva::binding {

Napi::Value distinct_patches(const Napi::CallbackInfo& info) {
  const auto images = array<std::uint8_t>(info, 0, "images");
  const auto side = static_cast<std::size_t>(whole(info, 1, "side", 8, 4096));
  if (side % 8 != 0) throw refuse(info.Env(), "side", "a multiple of 8");
  const std::size_t n = images.length / (3 * side * side);
  if (images.length != n * 3 * side * side) throw refuse(info.Env(), "images", "whole images of side x side x 3 bytes");
  const auto patches = array<std::uint8_t>(info, 2, "patches");
  const std::size_t capacity = patches.length / 192;
  if (capacity == 0 || patches.length != capacity * 192) throw refuse(info.Env(), "patches", "a multiple of 192 bytes");
  std::int64_t* places = array<std::int64_t>(info, 3, "places", n * (side / 8) * (side / 8));
  const auto count = alva::distinct_patches(images.data, n, side, capacity, patches.data, places);
  return Napi::Number::New(info.Env(), static_cast<double>(count));
}

}  // namespace alva::binding
