// The renderer: any codes, by every form and number of threads, which all draw the same.
#include "bytes.hpp"
#include "views.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes in(data, size);
  const auto observation = static_cast<alva::Observation>(in.between(0, 2));
  const std::size_t n = in.between(0, 4), side = alva::side_of(observation);
  const unsigned threads = static_cast<unsigned>(in.between(1, 3));
  const bool any = in.byte() & 1;
  auto codes = in.bytes(n * alva::view_bytes);
  constexpr int limits[] = {alva::n_objects, alva::n_colours, alva::n_states};
  for (std::size_t at = 0; !any && at < codes.size(); ++at) codes[at] = static_cast<std::uint8_t>(codes[at] % limits[at % 3]);
  const bool drawable = alva::are_drawable(codes.data(), n);
  fuzz::check(drawable || any, "codes within their limits can be drawn");
  std::vector<std::uint8_t> wanted(n * 3 * side * side), found(wanted.size());
  const bool drawn = alva::render_views(codes.data(), n, observation, {1, &alva::portable_form}, wanted.data());
  fuzz::check(drawn == drawable, "what can be drawn is drawn");
  for (const alva::Form* form : alva::forms()) {
    fuzz::check(alva::render_views(codes.data(), n, observation, {threads, form}, found.data()) == drawn, "forms agree on what can be drawn");
    fuzz::check(!drawn || found == wanted, "forms draw alike");
    alva::Normalisation normalisation{{in.number(), 0, 0}, {in.number(), 1, 1}};
    std::vector<float> planes(found.size());
    alva::render_planes(codes.data(), n, observation, normalisation, {threads, form}, planes.data());
  }
  return 0;
}
