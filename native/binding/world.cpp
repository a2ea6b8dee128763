// The world's one native export: views to images.
#include "arguments.hpp"
#include "exports.hpp"
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

}  // namespace alva::binding
