// A batch is split among threads by image; each image is drawn where it shall stand, or past the cache where the batch is large.
#include "views.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>

#include "linewriter.hpp"
#include "threads.hpp"

namespace alva {
namespace {

constexpr std::size_t largest_image = image_bytes;
// A smaller batch may be read back from the cache, and so is left there.
constexpr std::size_t stream_from = std::size_t{16} << 20;

bool is_streamed(const Form& form, std::size_t bytes) { return form.stream && bytes >= stream_from; }

DrawBand draw_of(const Form& form, Observation observation) {
  switch (observation) {
    case Observation::partial56: return form.partial56;
    case Observation::padded64: return form.padded64;
    default: return form.resized64;
  }
}

std::size_t bytes_of(Observation observation) {
  const std::size_t side = side_of(observation);
  return 3 * side * side;
}

// One image after another from codes.
class Renderer {
 public:
  Renderer(Observation observation, const Form& form) : form_(form), draw_(draw_of(form, observation)) {}

  bool draw(const std::uint8_t* codes, std::uint8_t* image) const {
    return draw(codes, [&](auto band) { image = band(image); });
  }

  bool draw(const std::uint8_t* codes, LineWriter& writer) const {
    return draw(codes, [&](auto band) {
      std::uint8_t* start = writer.next();
      writer.advance(band(start) - start);
    });
  }

 private:
  // Calls place(band) for each band of the image; band(out) writes it and returns its end.
  template <typename Place>
  bool draw(const std::uint8_t* codes, Place place) const {
    if (!are_drawable(codes, 1)) return false;
    std::uint8_t numbers[64];
    form_.decode(codes, numbers);
    for (int vy = 0; vy < view_side; vy++) place([&](std::uint8_t* out) { return draw_(numbers, vy, out); });
    return true;
  }

  const Form& form_;
  DrawBand draw_;
};

// Calls work(first, last) for each thread's part of n; says whether all of them did well.
template <typename Work>
bool in_parts(std::size_t n, unsigned threads, Work work) {
  const std::size_t n_parts = std::clamp<std::size_t>(threads, 1, std::max<std::size_t>(n, 1));
  std::atomic<bool> is_well = true;
  on_threads(static_cast<unsigned>(n_parts), [&](std::size_t i) {
    if (!work(i * n / n_parts, (i + 1) * n / n_parts)) is_well = false;
  });
  return is_well;
}

bool draw_streamed(const Renderer& renderer, const Form& form, const std::uint8_t* codes, std::size_t n, std::uint8_t* out) {
  LineWriter writer(form, out);
  for (std::size_t i = 0; i < n; i++)
    if (!renderer.draw(codes + i * view_bytes, writer)) return false;
  return true;
}

// The next image covers what one has written past its end; the last one is put together elsewhere.
bool draw_in_place(const Renderer& renderer, const std::uint8_t* codes, std::size_t n, std::size_t bytes, std::uint8_t* out) {
  for (std::size_t i = 0; i + 1 < n; i++, out += bytes)
    if (!renderer.draw(codes + i * view_bytes, out)) return false;
  std::uint8_t last[largest_image + overrun];
  if (!renderer.draw(codes + (n - 1) * view_bytes, last)) return false;
  std::memcpy(out, last, bytes);
  return true;
}

// By channel and byte.
using FloatTable = std::array<std::array<float, 256>, 3>;

FloatTable table_of(const Normalisation& normalisation) {
  FloatTable table;
  for (int channel = 0; channel < 3; channel++)
    for (int value = 0; value < 256; value++)
      table[channel][value] =
          static_cast<float>((value / 255.0 - normalisation.mean[channel]) / normalisation.deviation[channel]);
  return table;
}

void write_planes(const std::uint8_t* image, std::size_t n_pixels, const FloatTable& table, float* out) {
  for (int channel = 0; channel < 3; channel++)
    for (std::size_t i = 0; i < n_pixels; i++) *out++ = table[channel][image[3 * i + channel]];
}

}  // namespace

int side_of(Observation observation) {
  return observation == Observation::partial56 ? view_side * tile_side : image_side;
}

bool are_drawable(const std::uint8_t* codes, std::size_t n) {
  // One view's limits in a row and no way out of the loop, so that it becomes a few vector comparisons.
  static constexpr std::array<std::uint8_t, view_bytes> last = [] {
    std::array<std::uint8_t, view_bytes> result{};
    for (std::size_t i = 0; i < view_bytes; i++) result[i] = (i % 3 == 0 ? n_objects : i % 3 == 1 ? n_colours : n_states) - 1;
    return result;
  }();
  for (std::size_t i = 0; i < n; i++, codes += view_bytes) {
    std::uint8_t exceeds = 0;
    for (std::size_t at = 0; at < view_bytes; at++) exceeds |= codes[at] > last[at];
    if (exceeds) return false;
  }
  return true;
}

bool render_views(const std::uint8_t* codes, std::size_t n, Observation observation, const Effort& effort, std::uint8_t* out) {
  const std::size_t bytes = bytes_of(observation);
  const Renderer renderer(observation, *effort.form);
  return in_parts(n, effort.threads, [&](std::size_t first, std::size_t last) {
    if (first == last) return true;
    const std::uint8_t* from = codes + first * view_bytes;
    std::uint8_t* to = out + first * bytes;
    if (is_streamed(*effort.form, n * bytes)) return draw_streamed(renderer, *effort.form, from, last - first, to);
    return draw_in_place(renderer, from, last - first, bytes, to);
  });
}

bool render_planes(const std::uint8_t* codes, std::size_t n, Observation observation, const Normalisation& normalisation,
                   const Effort& effort, float* out) {
  const std::size_t bytes = bytes_of(observation);
  const Renderer renderer(observation, *effort.form);
  const FloatTable table = table_of(normalisation);
  return in_parts(n, effort.threads, [&](std::size_t first, std::size_t last) {
    std::uint8_t image[largest_image + overrun];
    for (std::size_t i = first; i < last; i++) {
      if (!renderer.draw(codes + i * view_bytes, image)) return false;
      write_planes(image, bytes / 3, table, out + i * bytes);
    }
    return true;
  });
}

}  // namespace alva
