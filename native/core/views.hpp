// Batches of 7x7 views as images.
#pragma once
#include <cstddef>
#include <cstdint>

#include "drawings.hpp"
#include "forms.hpp"
#include "resizing.hpp"

namespace alva {

enum class Observation {
  partial56,  // 56 x 56: 8 pixels a tile
  padded64,   // the same top-left on 64 x 64 of black
  resized64,  // the same stretched to 64 x 64 bilinearly
};

// Height and width of an image.
int side_of(Observation observation);

// Whether every code of n views has a tile.
bool are_drawable(const std::uint8_t* codes, std::size_t n);

// How the work is done; none of it changes a byte of the result.
struct Effort {
  unsigned threads = 1;
  const Form* form = forms().front();
};

// Draws n views ([vx][vy][object, colour, state], 147 bytes each) as n RGB images, rows from the top. Returns false where
// a code has no tile; `out` is then unspecified.
bool render_views(const std::uint8_t* codes, std::size_t n, Observation observation, const Effort& effort, std::uint8_t* out);

// The same as float32 planes, n x 3 x height x width: (x / 255 - mean) / deviation of each channel, computed in float64.
struct Normalisation {
  double mean[3];
  double deviation[3];
};
bool render_planes(const std::uint8_t* codes, std::size_t n, Observation observation, const Normalisation& normalisation,
                   const Effort& effort, float* out);

}  // namespace alva
