// The world's native exports: views to images, and tiles of any size to pictures.
#include <algorithm>

#include "arguments.hpp"
#include "exports.hpp"
#include "mosaics.hpp"
#include "views.hpp"

namespace alva::binding {
namespace {

constexpr const char* drawable = "object codes below 8, colours below 6 and states below 3";

// What render_views and render_planes have in common: views, observation (0 partial56, 1 padded64, 2 resized64), threads and
// form (a place in renderForms; 0 is the fastest), at the arguments 0 to 3.
struct Request {
  const std::uint8_t* codes;
  std::size_t n;
  Observation observation;
  Effort effort;
  std::size_t n_values;  // of all images together
};

Request request_of(const Napi::CallbackInfo& info) {
  const auto codes = array<std::uint8_t>(info, 0, "views");
  const std::size_t n = codes.length / view_bytes;
  if (codes.length != n * view_bytes) throw refuse(info.Env(), "views", "a multiple of 147 bytes");
  const auto observation = static_cast<Observation>(whole(info, 1, "observation", 0, 2));
  const auto threads = static_cast<unsigned>(whole(info, 2, "threads", 1, 1024));
  const auto form = whole(info, 3, "form", 0, static_cast<std::int64_t>(forms().size()) - 1);
  const auto side = static_cast<std::size_t>(side_of(observation));
  return {codes.data, n, observation, {threads, forms()[form]}, n * 3 * side * side};
}

// Three numbers at argument `i`.
void read_channels(const Napi::CallbackInfo& info, std::size_t i, const char* name, double (&out)[3]) {
  const double* values = array<double>(info, i, name, 3);
  std::copy(values, values + 3, out);
}

}  // namespace

Napi::Value render_forms(const Napi::CallbackInfo& info) {
  auto names = Napi::Array::New(info.Env());
  for (const Form* form : forms()) names.Set(names.Length(), form->name);
  return names;
}

Napi::Value render_views(const Napi::CallbackInfo& info) {
  const Request request = request_of(info);
  std::uint8_t* out = array<std::uint8_t>(info, 4, "images", request.n_values);
  if (!alva::render_views(request.codes, request.n, request.observation, request.effort, out))
    throw refuse(info.Env(), "views", drawable);
  return info.Env().Undefined();
}

Napi::Value render_planes(const Napi::CallbackInfo& info) {
  const Request request = request_of(info);
  Normalisation normalisation;
  read_channels(info, 4, "mean", normalisation.mean);
  read_channels(info, 5, "deviation", normalisation.deviation);
  float* out = array<float>(info, 6, "images", request.n_values);
  if (!alva::render_planes(request.codes, request.n, request.observation, normalisation, request.effort, out))
    throw refuse(info.Env(), "views", drawable);
  return info.Env().Undefined();
}

Napi::Value draw_mosaics(const Napi::CallbackInfo& info) {
  const auto tiles = array<std::uint8_t>(info, 0, "tiles");
  const auto rows = static_cast<int>(whole(info, 1, "rows", 1, 1024));
  const auto columns = static_cast<int>(whole(info, 2, "columns", 1, 1024));
  const auto side = static_cast<int>(whole(info, 3, "side", 1, 1024));
  const std::size_t image_tiles = std::size_t{1} * rows * columns, n = tiles.length / (tile_fields * image_tiles);
  if (tiles.length != n * image_tiles * tile_fields) throw refuse(info.Env(), "tiles", "5 bytes for each tile of whole images");
  std::uint8_t* out = array<std::uint8_t>(info, 4, "images", n * image_tiles * 3 * side * side);
  if (!are_tiles(tiles.data, n * image_tiles))
    throw refuse(info.Env(), "tiles", std::string(drawable) + ", headings up to 4 (none) and highlights up to 1");
  alva::draw_mosaics(tiles.data, n, rows, columns, side, out);
  return info.Env().Undefined();
}

}  // namespace alva::binding
