// The search's products by AVX-512, the thresholds being tested on the sums while they are still in registers.
#include "searchforms.hpp"

namespace alva {

const SearchForm* avx512_search() { return nullptr; }

}  // namespace alva
