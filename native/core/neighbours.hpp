// Neighbour lists of one similarity matrix, and the overlaps of two neighbour tables.
#pragma once
#include <cstddef>
#include <cstdint>

namespace alva {

// neighbours[i * depth + p]: the item at place p of row i's list, by falling similarity, ties by rising index; never i itself.
// Throws std::invalid_argument where a similarity is not a number.
void nearest_neighbours(const double* similarity, std::size_t rows, std::size_t depth, std::int32_t* neighbours);

// overlap[i * depth + k - 1]: how many of row i's first k neighbours two tables share.
// Throws std::invalid_argument where an entry is not an item, or a list names an item twice or the row itself.
void overlaps(const std::int32_t* a, const std::int32_t* b, std::size_t rows, std::size_t depth, std::int32_t* overlap);

// Throws std::invalid_argument, which names the argument `name`, unless each list holds `depth` other items, each once.
void check_neighbours(const char* name, const std::int32_t* neighbours, std::size_t rows, std::size_t depth);

}  // namespace alva
