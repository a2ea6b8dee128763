// The world's native exports: views to images, and tiles of any size to pictures.
#include <algorithm>
#include <cmath>

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
  std::int64_t n;
  Observation observation;
  Effort effort;
  std::int64_t side;
};

Request request_of(Arguments& given) {
  const auto codes = given.input<std::uint8_t>(0, "views");
  const std::size_t n = codes.length / view_bytes;
  if (codes.length != n * view_bytes) throw Refusal("views", "a multiple of 147 bytes");
  const auto observation = static_cast<Observation>(given.whole(1, "observation", 0, 2));
  const auto threads = static_cast<unsigned>(given.whole(2, "threads", 1, 1024));
  const auto form = given.whole(3, "form", 0, static_cast<std::int64_t>(forms().size()) - 1);
  return {codes.data, static_cast<std::int64_t>(n), observation, {threads, forms()[form]}, side_of(observation)};
}

// Three numbers at argument `at`.
void read_channels(Arguments& given, std::size_t at, const char* name, double (&out)[3]) {
  const double* values = given.finite(at, name, {3});
  std::copy(values, values + 3, out);
}

}  // namespace

Napi::Value render_forms(Napi::Env env, const Arguments&) {
  auto names = Napi::Array::New(env);
  for (const Form* form : forms()) names.Set(names.Length(), form->name);
  return names;
}

Answer render_views(Arguments& given) {
  const Request request = request_of(given);
  auto* out = given.output<std::uint8_t>(4, "images", {request.n, 3, request.side, request.side});
  if (!alva::render_views(request.codes, request.n, request.observation, request.effort, out)) throw Refusal("views", drawable);
  return {};
}

Answer render_planes(Arguments& given) {
  const Request request = request_of(given);
  Normalisation normalisation;
  read_channels(given, 4, "mean", normalisation.mean);
  read_channels(given, 5, "deviation", normalisation.deviation);
  if (std::any_of(normalisation.deviation, normalisation.deviation + 3, [](double value) { return value == 0; }))
    throw Refusal("deviation", "numbers other than 0");
  auto* out = given.output<float>(6, "images", {request.n, 3, request.side, request.side});
  if (!alva::render_planes(request.codes, request.n, request.observation, normalisation, request.effort, out))
    throw Refusal("views", drawable);
  return {};
}

Answer draw_mosaics(Arguments& given) {
  const auto tiles = given.input<std::uint8_t>(0, "tiles");
  const auto rows = given.whole(1, "rows", 1, 1024), columns = given.whole(2, "columns", 1, 1024), side = given.whole(3, "side", 1, 1024);
  const std::size_t image_tiles = rows * columns, n = tiles.length / (tile_fields * image_tiles);
  if (tiles.length != n * image_tiles * tile_fields) throw Refusal("tiles", "5 bytes for each tile of whole images");
  auto* out = given.output<std::uint8_t>(4, "images", {static_cast<std::int64_t>(n), rows, columns, 3, side, side});
  if (!are_tiles(tiles.data, n * image_tiles))
    throw Refusal("tiles", std::string(drawable) + ", headings up to 4 (none) and highlights up to 1");
  alva::draw_mosaics(tiles.data, n, static_cast<int>(rows), static_cast<int>(columns), static_cast<int>(side), out);
  return {};
}

}  // namespace alva::binding
