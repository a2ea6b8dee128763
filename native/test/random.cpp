// The generator against known answers; the same numbers stand in test/base/random.test.ts.
#include "random.hpp"

#include <cstdio>

namespace {

int failures = 0;

void expect(bool holds, const char* what) {
  if (holds) return;
  std::printf("failed: %s\n", what);
  ++failures;
}

void draws_as_typescript_does() {
  const std::uint32_t seeds[] = {0, 1, 0xdeadbeef};
  const std::uint32_t first[][5] = {{1789933344u, 44971166u, 2521387044u, 3848737593u, 1138324114u},
                                    {393288148u, 2174103013u, 3814759091u, 2092745082u, 1865176206u},
                                    {3842467093u, 879304004u, 3694663928u, 2788030634u, 934155191u}};
  for (int i = 0; i < 3; ++i) {
    alva::Random random(seeds[i]);
    for (const auto number : first[i]) expect(random.uint32() == number, "the first draws of a seed");
  }
}

void below_stays_below() {
  alva::Random random(5);
  for (const std::uint32_t n : {1u, 2u, 7u, 108u, 3221225472u, 4294967295u})
    for (int i = 0; i < 1000; ++i) expect(random.below(n) < n, "below(n) < n");
}

// Of 2^32 numbers, a remainder by 3 * 2^30 gives those under 2^30 twice as often: 1/2 instead of 1/3.
void below_is_unbiased() {
  alva::Random random(14);
  int low = 0;
  for (int i = 0; i < 30000; ++i) low += random.below(3221225472u) < 1073741824u;
  expect(low > 9650 && low < 10350, "below is unbiased");
}

}  // namespace

int main() {
  draws_as_typescript_does();
  below_stays_below();
  below_is_unbiased();
  return failures == 0 ? 0 : 1;
}
