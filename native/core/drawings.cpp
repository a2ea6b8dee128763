// Drawing every code once, with and without the agent on it, and leaving out what looks like another.
#include "drawings.hpp"

#include <cstring>
#include <map>
#include <memory>
#include <stdexcept>

namespace alva {
namespace {

using Pixels = std::array<std::uint8_t, tile_side * tile_row>;
constexpr int up = 3;  // in its own view the agent always looks up

// What is seen is highlighted; object code 0 is what is not.
Pixels drawn(std::uint8_t object, std::uint8_t colour, std::uint8_t state, int agent) {
  Pixels pixels;
  draw_tile({object, colour, state, agent, object != 0}, tile_side, pixels.data());
  return pixels;
}

// Returns how many different drawings there are; their numbers begin at `first`.
int draw_all(int agent, int first, std::array<std::uint8_t, 256>& numbers, Drawings& drawings) {
  std::map<Pixels, int> known;
  for (std::uint8_t object = 0; object < n_objects; object++)
    for (std::uint8_t colour = 0; colour < n_colours; colour++)
      for (std::uint8_t state = 0; state < n_states; state++) {
        const Pixels pixels = drawn(object, colour, state, agent);
        const auto [at, is_new] = known.emplace(pixels, first + static_cast<int>(known.size()));
        if (known.size() > n_drawings) throw std::logic_error("more different tiles than n_drawings");
        const std::uint8_t code[] = {object, colour, state};
        numbers[key_of(code)] = static_cast<std::uint8_t>(at->second);
        if (!is_new) continue;
        for (int row = 0; row < tile_side; row++)
          std::memcpy(drawings.rows[at->second][row], pixels.data() + row * tile_row, tile_row);
      }
  return static_cast<int>(known.size());
}

std::unique_ptr<const Drawings> all_drawings() {
  auto drawings = std::make_unique<Drawings>();
  drawings->n_alone = draw_all(no_agent, 0, drawings->alone, *drawings);
  drawings->n_under_agent = draw_all(up, n_drawings, drawings->under_agent, *drawings);
  return drawings;
}

}  // namespace

const Drawings& drawings() {
  static const std::unique_ptr<const Drawings> made = all_drawings();
  return *made;
}

}  // namespace alva
