// Neighbour lists of one similarity matrix or of one space, and the overlaps of two neighbour tables.
#pragma once
#include <cstddef>
#include <cstdint>

namespace alva {

// neighbours[i * depth + p]: the item at place p of row i's list, by falling similarity, ties by rising index; never i itself.
// Throws std::invalid_argument where a similarity is not a number.
void nearest_neighbours(const double* similarity, std::size_t rows, std::size_t depth, std::int32_t* neighbours);

// The same of the cosines of a row-major rows x columns space. Answers -1, or the first row with an entry that is not finite.
std::int64_t cosine_neighbours(const double* space, std::size_t rows, std::size_t columns, std::size_t depth, std::int32_t* neighbours);

// overlap[i * depth + k - 1]: how many of row i's first k neighbours two tables share.
// Throws std::invalid_argument where an entry is not an item, or a list names an item twice or the row itself.
void overlaps(const std::int32_t* a, const std::int32_t* b, std::size_t rows, std::size_t depth, std::int32_t* overlap);

// Throws std::invalid_argument, which names the argument `name`, unless each list holds `depth` other items, each once.
void check_neighbours(const char* name, const std::int32_t* neighbours, std::size_t rows, std::size_t depth);

}  // namespace alva
