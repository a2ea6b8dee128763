// The distinct patches of a batch of images: of tiled images there are few, and what is equal need be computed once.
#pragma once
#include <cstddef>
#include <cstdint>

namespace alva {

// Cuts n RGB images of side x side pixels into patches of 8 x 8. Writes the distinct ones in the order in which they appear,
// 192 bytes each, and for each place of each image, row by row, which of them stands there. Answers their number, or
// capacity + 1 where there are more than fit; `patches` and `places` are then not to be used.
std::size_t distinct_patches(const std::uint8_t* images, std::size_t n, std::size_t side, std::size_t capacity,
                             std::uint8_t* patches, std::int64_t* places);

}  // namespace alva
