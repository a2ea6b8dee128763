// The world's native exports: views to images, and single tiles of any size.
#include "arguments.hpp"
#include "exports.hpp"
#include "tiles.hpp"
#include "views.hpp"

namespace alva::binding {

Napi::Value render_views(const Napi::CallbackInfo& info) {
  const auto codes = array<std::uint8_t>(info, 0, "views");
  const bool resized = info[1].ToBoolean();
  const std::size_t n = codes.length / view_bytes;
  if (codes.length != n * view_bytes) throw refuse(info.Env(), "views", "a multiple of 147 bytes");
  std::uint8_t* out = array<std::uint8_t>(info, 2, "images", n * image_bytes);
  if (!are_drawable(codes.data, n))
    throw refuse(info.Env(), "views", "object codes below 8, colours below 6 and states below 3");
  alva::render_views(codes.data, n, resized ? Observation::resized64 : Observation::padded64, out);
  return info.Env().Undefined();
}

Napi::Value draw_tiles(const Napi::CallbackInfo& info) {
  constexpr std::size_t fields = 5;
  constexpr std::uint8_t n_headings = 4;
  const auto tiles = array<std::uint8_t>(info, 0, "tiles");
  const int side = static_cast<int>(whole(info, 1, "side", 1, 1024));
  const std::size_t n = tiles.length / fields, bytes = 3u * side * side;
  if (tiles.length != n * fields) throw refuse(info.Env(), "tiles", "a multiple of 5 bytes");
  std::uint8_t* out = array<std::uint8_t>(info, 2, "images", n * bytes);
  for (std::size_t i = 0; i < n; i++) {
    const std::uint8_t* t = tiles.data + i * fields;
    if (t[0] >= n_objects || t[1] >= n_colours || t[2] >= n_states || t[3] > n_headings)
      throw refuse(info.Env(), "tiles", "object codes below 8, colours below 6, states below 3 and headings up to 4 (none)");
    alva::draw_tile({t[0], t[1], t[2], t[3] == n_headings ? no_agent : t[3], t[4] != 0}, side, out + i * bytes);
  }
  return info.Env().Undefined();
}

}  // namespace alva::binding
