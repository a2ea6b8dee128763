// The columns of both spaces stand side by side, and the lower triangle of their products is made tile by tile: (p + q)^2 n multiplications
// and additions in all. Rows are centred as they are packed, some at a time, so that no copy of a space is made.
#include "columnproducts.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <vector>

#include "cosines.hpp"

namespace alva {
namespace {

constexpr std::size_t kRowsPacked = 250;   // of which a panel stays in the first cache; no power of two, which would crowd few of its sets
constexpr std::size_t kPanelsNear = 12;    // that stay in the second cache while all others pass by
constexpr std::int32_t kPlainExponent = 500;  // up to which sums of a space's own numbers stay in range

// Numbers on whole cache lines, not filled.
class Lines {
 public:
  explicit Lines(std::size_t count) : room_(std::make_unique_for_overwrite<double[]>(count + 8)) {
    first_ = room_.get() + (64 - reinterpret_cast<std::uintptr_t>(room_.get()) % 64) % 64 / sizeof(double);
  }
  double* operator+(std::size_t at) const { return first_ + at; }

 private:
  std::unique_ptr<double[]> room_;
  double* first_;
};

class Source {
 public:
  Source(const double* space, std::size_t rows, std::size_t columns)
      : panels((columns + kPanel - 1) / kPanel), squares(rows), space_(space), columns_(columns), means_(panels * kPanel, 0.0),
        row_(panels * kPanel, 0.0) {
    int exponent = 0;
    std::frexp(add_up(rows), &exponent);
    // In two steps, because the power of two itself may be out of range.
    factor_ = std::ldexp(1.0, -exponent / 2);
    again_ = std::ldexp(1.0, -exponent - -exponent / 2);
    if (std::abs(exponent) > kPlainExponent) {
      std::fill(means_.begin(), means_.end(), 0.0);
      add_up(rows, factor_, again_);
    } else {
      for (double& mean : means_) mean = mean * factor_ * again_;
    }
    for (double& mean : means_) mean /= static_cast<double>(rows);
  }

  // Rows first .. first + count - 1, centred, panel after panel; each row's sum of squares is taken on the way.
  void pack(std::size_t first, std::size_t count, double* out) {
    for (std::size_t i = 0; i < count; ++i) {
      const double* from = space_ + (first + i) * columns_;
      for (std::size_t j = 0; j < columns_; ++j) row_[j] = from[j] * factor_ * again_ - means_[j];
      squares[first + i] = dot(row_.data(), row_.data(), row_.size());
      for (std::size_t panel = 0; panel < panels; ++panel) std::copy_n(&row_[panel * kPanel], kPanel, out + (panel * count + i) * kPanel);
    }
  }

  const std::size_t panels;
  std::vector<double> squares;

 private:
  // Adds the rows to the means, scaled; answers the largest magnitude.
  double add_up(std::size_t rows, double factor = 1, double again = 1) {
    constexpr std::size_t lanes = 8;
    double most[lanes] = {};
    double* mean = means_.data();
    for (std::size_t i = 0; i < rows; ++i) {
      const double* from = space_ + i * columns_;
      std::size_t j = 0;
      const auto take = [&](std::size_t lane, std::size_t at) {
        const double magnitude = std::fabs(from[at]);
        most[lane] = magnitude > most[lane] ? magnitude : most[lane];
        mean[at] += from[at] * factor * again;
      };
      for (; j + lanes <= columns_; j += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane) take(lane, j + lane);
      for (; j < columns_; ++j) take(0, j);
    }
    return *std::max_element(most, most + lanes);
  }

  const double* space_;
  std::size_t columns_;
  double factor_, again_;
  std::vector<double> means_, row_;
};

// The lower triangle of tiles, those of a panel's left half before those of its right half.
std::size_t place(std::size_t panel, std::size_t half, std::size_t other) { return (panel * (panel + 1) + half * (panel + 1) + other) * kTile; }

void add_products(const double* packed, std::size_t panels, std::size_t rows, bool begun, const TileForm& form, const Lines& tiles) {
  const std::size_t panel = rows * kPanel;
  for (std::size_t near = 0; near < panels; near += kPanelsNear)
    for (std::size_t i = near; i < panels; ++i)
      for (std::size_t half = 0; half < 2; ++half)
        for (std::size_t j = near; j < std::min(near + kPanelsNear, i + 1); ++j)
          form.add(packed + j * panel, packed + i * panel + half * kTileColumns, rows, begun, tiles + place(i, half, j));
}

double sum_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum;
}

}  // namespace

CrossProducts column_products(const double* a, std::size_t a_columns, const double* b, std::size_t b_columns, std::size_t rows, const TileForm& form) {
  Source x(a, rows, a_columns), y(b, rows, b_columns);
  const std::size_t panels = x.panels + y.panels;
  const Lines packed(panels * kPanel * std::min(rows, kRowsPacked)), tiles(place(panels, 0, 0));
  for (std::size_t first = 0; first < rows; first += kRowsPacked) {
    const std::size_t count = std::min(kRowsPacked, rows - first);
    x.pack(first, count, packed + 0);
    y.pack(first, count, packed + x.panels * count * kPanel);
    add_products(packed + 0, panels, count, first > 0, form, tiles);
  }

  CrossProducts out{};
  for (std::size_t i = 0; i < panels; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      double squares = 0;
      for (std::size_t half = 0; half < 2; ++half) squares += dot(tiles + place(i, half, j), tiles + place(i, half, j), kTile);
      if (i >= x.panels && j < x.panels)
        out.ab.squares += squares;
      else
        (i < x.panels ? out.aa : out.bb).squares += i == j ? squares : 2 * squares;
    }
  out.aa.diagonal = dot(x.squares.data(), x.squares.data(), rows);
  out.bb.diagonal = dot(y.squares.data(), y.squares.data(), rows);
  out.ab.diagonal = dot(x.squares.data(), y.squares.data(), rows);
  out.trace_a = sum_of(x.squares);
  out.trace_b = sum_of(y.squares);
  return out;
}

}  // namespace alva
