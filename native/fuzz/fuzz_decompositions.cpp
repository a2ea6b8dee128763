// Components, shapes, products and nuclear norms of any finite numbers.
#include <algorithm>

#include "bytes.hpp"
#include "components.hpp"
#include "configuration.hpp"
#include "procrustes.hpp"
#include "products.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) try {
  fuzz::Bytes in(data, size);
  const auto kind = in.byte() % 4;
  const std::size_t rows = in.between(2, 16), columns = in.between(1, 20), least = std::min(rows, columns);
  const auto space = in.finites(rows * columns);
  if (kind == 0) {
    std::vector<double> scores(rows * least), values(least);
    alva::principal_components(space.data(), rows, columns, scores.data(), values.data());
    for (std::size_t i = 1; i < least; ++i) fuzz::check(!(values[i] > values[i - 1]), "singular values fall");
  } else if (kind == 1) {
    std::vector<double> scores(rows * std::min(rows - 1, columns));
    const double norm = alva::configuration(space.data(), rows, columns, scores.data());
    double squares = 0;
    for (const double score : scores) squares += score * score;
    fuzz::check(norm == 0 || std::fabs(squares - 1) < 1e-6, "a shape has norm 1");
  } else if (kind == 2) {
    const std::size_t others = in.between(1, 12);
    const auto b = in.finites(rows * others);
    const alva::Shuffle shuffle(rows, nullptr, in.word());
    std::vector<double> one(5), three(5);
    alva::nuclear_norm(space.data(), columns, b.data(), others, rows);
    alva::permuted_nuclear_norms(space.data(), columns, b.data(), others, rows, shuffle, 3, 5, 1, one.data());
    alva::permuted_nuclear_norms(space.data(), columns, b.data(), others, rows, shuffle, 3, 5, 3, three.data());
    for (std::size_t i = 0; i < 5; ++i) fuzz::check(one[i] == three[i] || std::isnan(one[i]), "threads change no bit");
  } else {
    std::vector<double> left(rows * least), values(least), right(least * columns), product(rows * rows);
    alva::matrix_product(space.data(), false, space.data(), true, rows, columns, rows, product.data());
    alva::singular_vectors(space.data(), rows, columns, left.data(), values.data(), right.data());
  }
  return 0;
} catch (const std::runtime_error&) {
  return 0;  // it did not converge, and says so
}
