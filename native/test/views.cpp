// The renderer by itself: known pixels, and the resized view against its definition.
#include "views.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

#include "random.hpp"
#include "tiles.hpp"

namespace {

using namespace alva;
using Image = std::vector<std::uint8_t>;
using Rgb = std::array<std::uint8_t, 3>;

int failures = 0;

void check(bool holds, const char* what) {
  if (holds) return;
  std::printf("failed: %s\n", what);
  failures++;
}

Rgb pixel(const Image& image, int side, int x, int y) {
  const std::uint8_t* at = image.data() + 3 * (y * side + x);
  return {at[0], at[1], at[2]};
}

Image tile(const Tile& description, int side) {
  Image out(3 * side * side);
  draw_tile(description, side, out.data());
  return out;
}

Image rendered(const std::vector<std::uint8_t>& codes, Observation observation, const Effort& effort = {}) {
  const std::size_t n = codes.size() / view_bytes, side = side_of(observation);
  Image out(n * 3 * side * side, 77);
  check(render_views(codes.data(), n, observation, effort, out.data()), "the views can be drawn");
  return out;
}

std::vector<std::uint8_t> random_codes(Random& random, std::size_t n = 1) {
  std::vector<std::uint8_t> codes(n * view_bytes);
  for (std::size_t i = 0; i < codes.size(); i += 3) {
    codes[i] = static_cast<std::uint8_t>(random.below(n_objects));
    codes[i + 1] = static_cast<std::uint8_t>(random.below(n_colours));
    codes[i + 2] = static_cast<std::uint8_t>(random.below(n_states));
  }
  return codes;
}

// One output channel by its definition: source (14 X - 1) / 16 in both directions, edges clamped, half up.
int resized(const Image& padded, int x, int y, int channel) {
  const auto at = [&](int row, int column) {
    row = std::clamp(row, 0, 55);
    column = std::clamp(column, 0, 55);
    return static_cast<int>(padded[3 * (row * image_side + column) + channel]);
  };
  const int sx = 14 * x + 15, sy = 14 * y + 15;  // 16ths, moved up by one source pixel to stay positive
  const int column = sx / 16 - 1, row = sy / 16 - 1, far_x = sx % 16, far_y = sy % 16;
  const int upper = (16 - far_x) * at(row, column) + far_x * at(row, column + 1);
  const int lower = (16 - far_x) * at(row + 1, column) + far_x * at(row + 1, column + 1);
  return ((16 - far_y) * upper + far_y * lower + 128) >> 8;
}

void test_tiles() {
  const Image wall = tile({2, 5, 0, no_agent, false}, 8);
  check(std::all_of(wall.begin(), wall.end(), [](int value) { return value == 100; }), "a wall is grey all over");
  const Image seen = tile({2, 5, 0, no_agent, true}, 8);
  check(std::all_of(seen.begin(), seen.end(), [](int value) { return value == 146; }), "a wall that is seen is lighter");
  const Image ball = tile({6, 2, 0, no_agent, false}, 9);
  check(pixel(ball, 9, 4, 4) == Rgb{0, 0, 255}, "a blue ball is blue in its middle");
  check(pixel(ball, 9, 8, 8) == Rgb{0, 0, 0}, "and black in its corner");
  const Image agent = tile({1, 0, 0, 3, false}, 9);
  check(pixel(agent, 9, 4, 4) == Rgb{255, 0, 0}, "the agent is red in the middle");
  check(pixel(agent, 9, 3, 6) == Rgb{255, 0, 0} && pixel(agent, 9, 2, 2) == Rgb{0, 0, 0}, "and points up for heading 3");
}

void test_padding() {
  const Image image = rendered(std::vector<std::uint8_t>(view_bytes, 2), Observation::padded64);
  bool is_black = true;
  for (int y = 0; y < image_side; y++)
    for (int x = 0; x < image_side; x++)
      if (x >= 56 || y >= 56) is_black = is_black && pixel(image, image_side, x, y) == Rgb{0, 0, 0};
  check(is_black, "padded64 is black beside and below the view");
}

void test_resizing() {
  Random random(7);
  bool is_equal = true;
  for (int trial = 0; trial < 300; trial++) {
    const auto codes = random_codes(random);
    const Image padded = rendered(codes, Observation::padded64), image = rendered(codes, Observation::resized64);
    for (int y = 0; y < image_side; y++)
      for (int x = 0; x < image_side; x++)
        for (int channel = 0; channel < 3; channel++)
          is_equal = is_equal && image[3 * (y * image_side + x) + channel] == resized(padded, x, y, channel);
  }
  check(is_equal, "resized64 equals its definition on 300 random views");
}

// Every drawable code in every cell, and batches small and large, so that each form meets all its tables and both ways out.
void test_forms() {
  Random random(11);
  std::vector<std::uint8_t> every;
  for (std::uint8_t object = 0; object < n_objects; object++)
    for (std::uint8_t colour = 0; colour < n_colours; colour++)
      for (std::uint8_t state = 0; state < n_states; state++)
        for (int cell = 0; cell < n_view_cells; cell++) every.insert(every.end(), {object, colour, state});
  for (const auto& codes : {every, random_codes(random, 1400), random_codes(random, 5)})
    for (const auto observation : {Observation::partial56, Observation::padded64, Observation::resized64}) {
      const Image reference = rendered(codes, observation, {1, &portable_form});
      for (const Form* form : forms())
        for (const unsigned threads : {1u, 3u})
          check(rendered(codes, observation, {threads, form}) == reference, form->name);
    }
}

void test_codes() {
  std::vector<std::uint8_t> codes(view_bytes, 0);
  check(are_drawable(codes.data(), 1), "unseen cells can be drawn");
  codes[view_bytes - 1] = n_states;
  check(!are_drawable(codes.data(), 1), "an unknown state cannot");
  Image image(image_bytes);
  check(!render_views(codes.data(), 1, Observation::resized64, {}, image.data()), "and is not rendered");
}

}  // namespace

int main() {
  test_tiles();
  test_padding();
  test_resizing();
  test_forms();
  test_codes();
  std::printf("views: %d failures\n", failures);
  return failures == 0 ? 0 : 1;
}
