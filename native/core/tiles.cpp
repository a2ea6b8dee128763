// Drawing by point tests on a grid three times as fine, then the mean of each 3x3: MiniGrid's render_tile.
#include "tiles.hpp"

#include <array>
#include <cmath>
#include <numbers>

namespace alva {
namespace {

using Colour = std::array<std::uint8_t, 3>;

constexpr int supersampling = 3;
constexpr double highlight_alpha = 0.30;
constexpr double locked_shade = 0.45;
constexpr double grid_line = 0.031;
constexpr Colour black{0, 0, 0};
constexpr Colour red{255, 0, 0};
constexpr Colour grey{100, 100, 100};
constexpr std::array<Colour, n_colours> palette{{red, {0, 255, 0}, {0, 0, 255}, {112, 39, 195}, {255, 255, 0}, grey}};

// A point of the unit square with the colour painted there so far; each call paints it where the shape holds it.
struct Point {
  double x;
  double y;
  Colour colour;

  void rectangle(double x0, double x1, double y0, double y1, const Colour& paint) {
    if (x >= x0 && x <= x1 && y >= y0 && y <= y1) colour = paint;
  }
  void circle(double cx, double cy, double r, const Colour& paint) {
    if ((x - cx) * (x - cx) + (y - cy) * (y - cy) <= r * r) colour = paint;
  }
};

void draw_key(Point& p, const Colour& c) {
  p.rectangle(0.50, 0.63, 0.31, 0.88, c);
  p.rectangle(0.38, 0.50, 0.59, 0.66, c);
  p.rectangle(0.38, 0.50, 0.81, 0.88, c);
  p.circle(0.56, 0.28, 0.190, c);
  p.circle(0.56, 0.28, 0.064, black);
}

void draw_box(Point& p, const Colour& c) {
  p.rectangle(0.12, 0.88, 0.12, 0.88, c);
  p.rectangle(0.18, 0.82, 0.18, 0.82, black);
  p.rectangle(0.16, 0.84, 0.47, 0.53, c);
}

Colour shaded(const Colour& c) {
  Colour result;
  for (int i = 0; i < 3; i++) result[i] = static_cast<std::uint8_t>(locked_shade * c[i]);
  return result;
}

void draw_door(Point& p, const Colour& c, int state) {
  if (state == 0) {  // open
    p.rectangle(0.88, 1.00, 0.00, 1.00, c);
    p.rectangle(0.92, 0.96, 0.04, 0.96, black);
  } else if (state == 2) {  // locked
    p.rectangle(0.00, 1.00, 0.00, 1.00, c);
    p.rectangle(0.06, 0.94, 0.06, 0.94, shaded(c));
    p.rectangle(0.52, 0.75, 0.50, 0.56, c);
  } else {
    p.rectangle(0.00, 1.00, 0.00, 1.00, c);
    p.rectangle(0.04, 0.96, 0.04, 0.96, black);
    p.rectangle(0.08, 0.92, 0.08, 0.92, c);
    p.rectangle(0.12, 0.88, 0.12, 0.88, black);
    p.circle(0.75, 0.50, 0.08, c);
  }
}

void draw_object(Point& p, const Tile& tile) {
  const Colour& c = palette[tile.colour];
  switch (tile.object) {
    case 2: return p.rectangle(0, 1, 0, 1, c);
    case 4: return draw_door(p, c, tile.state);
    case 5: return draw_key(p, c);
    case 6: return p.circle(0.5, 0.5, 0.31, c);
    case 7: return draw_box(p, c);
    default: return;
  }
}

// The red triangle (.12,.19) (.87,.50) (.12,.81), turned by quarter turns about the middle.
void draw_agent(Point& p, int heading) {
  const double theta = 0.5 * std::numbers::pi * heading;
  const double cos = std::cos(-theta), sin = std::sin(-theta);
  const double x = 0.5 + (p.x - 0.5) * cos - (p.y - 0.5) * sin;
  const double y = 0.5 + (p.y - 0.5) * cos + (p.x - 0.5) * sin;
  const double ax = 0.12, ay = 0.19, bx = 0.87 - ax, by = 0.50 - ay, cx = 0.12 - ax, cy = 0.81 - ay;
  const double px = x - ax, py = y - ay;
  const double cc = cx * cx + cy * cy, cb = cx * bx + cy * by, cp = cx * px + cy * py;
  const double bb = bx * bx + by * by, bp = bx * px + by * py;
  const double scale = 1 / (cc * bb - cb * cb);
  const double u = (bb * cp - cb * bp) * scale, v = (cc * bp - cb * cp) * scale;
  if (u >= 0 && v >= 0 && u + v < 1) p.colour = red;
}

Colour colour_at(const Tile& tile, double x, double y) {
  Point p{x, y, black};
  p.rectangle(0, grid_line, 0, 1, grey);
  p.rectangle(0, 1, 0, grid_line, grey);
  draw_object(p, tile);
  if (tile.agent != no_agent) draw_agent(p, tile.agent);
  if (tile.highlighted)
    for (auto& channel : p.colour) channel = static_cast<std::uint8_t>(channel + highlight_alpha * (255 - channel));
  return p.colour;
}

}  // namespace

void draw_tile(const Tile& tile, int side, std::uint8_t* out) {
  const double n = supersampling * side;
  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++, out += 3) {
      int sum[3] = {0, 0, 0};
      for (int sub = 0; sub < supersampling * supersampling; sub++) {
        const int sub_x = x * supersampling + sub % supersampling, sub_y = y * supersampling + sub / supersampling;
        const Colour colour = colour_at(tile, (sub_x + 0.5) / n, (sub_y + 0.5) / n);
        for (int channel = 0; channel < 3; channel++) sum[channel] += colour[channel];
      }
      for (int channel = 0; channel < 3; channel++)
        out[channel] = static_cast<std::uint8_t>(sum[channel] / (supersampling * supersampling));
    }
}

}  // namespace alva
