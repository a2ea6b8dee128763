// The columns of both spaces stand side by side, and the lower triangle of their products is made tile by tile: (p + q)^2 n multiplications
// and additions in all. Rows are centred as they are packed, some at a time, so that no copy of a space is made. Each tile adds up its rows in
// their order whoever does it, so threads change no bit.
#include "columnproducts.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <vector>

#include "cosines.hpp"
#include "finite.hpp"
#include "stages.hpp"

namespace alva {
namespace {

constexpr std::size_t kRowsPacked = 192;   // of which a panel stays in the first cache; no power of two, which would crowd few of its sets
constexpr std::size_t kRowsOfStrip = 24;   // that a thread packs at a time
constexpr std::size_t kPanelsNear = 12;    // that stay in the second cache while all others pass by
constexpr std::int32_t kPlainExponent = 500;  // up to which sums of a space's own numbers stay in range

std::size_t parts_of(std::size_t count, std::size_t part) { return (count + part - 1) / part; }

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
  Source(const double* space, std::size_t rows, std::size_t columns, const PackForm& form)
      : panels(parts_of(columns, kPanel)), squares(rows), form_(form), space_(space), rows_(rows), columns_(columns),
        blocks_(parts_of(rows, kRowsPacked)), means_(panels * kPanel, 0.0), sums_(blocks_ * panels * kPanel, 0.0), largest_(blocks_, 0.0) {}

  std::size_t blocks() const { return blocks_; }

  // The columns' sums over one block of rows.
  void add_up(std::size_t block) noexcept {
    const std::size_t first = block * kRowsPacked;
    largest_[block] = form_.add_up(strip(first, std::min(kRowsPacked, rows_ - first)), &sums_[block * means_.size()]);
  }

  // From all sums the power of two that brings the largest magnitude near 1, and the means. False where a number is not finite.
  bool fit() {
    int exponent = 0;
    std::frexp(*std::max_element(largest_.begin(), largest_.end()), &exponent);
    const bool plain = std::abs(exponent) <= kPlainExponent;
    const bool sure = plain && first_not_finite(sums_.data(), sums_.size()) == sums_.size();
    if (!sure && first_not_finite(space_, rows_ * columns_) < rows_ * columns_) return false;
    // In two steps, because the power of two itself may be out of range.
    factor_ = std::ldexp(1.0, -exponent / 2);
    again_ = std::ldexp(1.0, -exponent - -exponent / 2);
    if (!plain) {
      std::fill(sums_.begin(), sums_.end(), 0.0);
      for (std::size_t block = 0; block < blocks_; ++block) add_up(block);
    }
    for (std::size_t at = 0; at < sums_.size(); ++at) means_[at % means_.size()] += sums_[at];
    for (double& mean : means_) mean = (plain ? mean * factor_ * again_ : mean) / static_cast<double>(rows_);
    return true;
  }

  // Rows first .. first + count - 1, centred, into panels of `height` rows each; each row's sum of squares is taken on the way.
  void pack(std::size_t first, std::size_t count, std::size_t height, double* out) noexcept {
    form_.pack(strip(first, count), means_.data(), height, out, &squares[first]);
  }

  const std::size_t panels;
  std::vector<double> squares;

 private:
  Strip strip(std::size_t first, std::size_t count) const { return {space_ + first * columns_, count, columns_, factor_, again_}; }

  const PackForm& form_;
  const double* space_;
  std::size_t rows_, columns_, blocks_;
  double factor_ = 1, again_ = 1;
  std::vector<double> means_, sums_, largest_;
};

// The lower triangle of tiles, those of a panel's left half before those of its right half.
std::size_t place(std::size_t panel, std::size_t half, std::size_t other) { return (panel * (panel + 1) + half * (panel + 1) + other) * kTile; }

// A panel, with the tiles that it makes with some panels before it and itself.
struct Stripe {
  std::size_t panel, first, last;
};

// Step by step the rows of a block are packed while those of the block before it are multiplied.
class Products {
 public:
  Products(Source& x, Source& y, std::size_t rows, const TileForm& form)
      : x_(x), y_(y), rows_(rows), blocks_(parts_of(rows, kRowsPacked)), panels_(x.panels + y.panels), form_(form),
        packed_(2 * panels_ * kPanel * std::min(rows, kRowsPacked)), tiles_(place(panels_, 0, 0) + kTile), squares_(panels_ * (panels_ + 1) / 2) {
    for (std::size_t near = 0; near < panels_; near += kPanelsNear)
      for (std::size_t i = near; i < panels_; ++i) stripes_[near > 0].push_back({i, near, std::min(near + kPanelsNear, i + 1)});
  }

  // Stages 3 t, 3 t + 1 and 3 t + 2 are those of step t: the first stripes of block t - 1, the packing of block t, the other stripes of block t - 1.
  // Nothing waits for what came just before it, so that hardly anybody waits at all.
  void run(unsigned threads) {
    std::vector<std::size_t> items;
    for (std::size_t step = 0; step <= blocks_; ++step)
      items.insert(items.end(), {step > 0 ? stripes_[0].size() : 0, step < blocks_ ? parts_of(rows_of(step), kRowsOfStrip) : 0,
                                 step > 0 ? stripes_[1].size() : 0});
    Stages stages(items);
    stages.run(threads, [&](unsigned, std::size_t stage, std::size_t item) noexcept {
      const std::size_t step = stage / 3, kind = stage % 3;
      for (std::size_t before = 3; step > 0 && before > (kind == 0); --before) stages.wait_for(3 * step - before);
      if (kind == 1)
        pack(step, item);
      else
        multiply(step - 1, stripes_[kind == 2][item]);
    });
  }

  // The sum of squares of the products of panel i's columns and panel j's, j <= i.
  double squares(std::size_t i, std::size_t j) const { return squares_[i * (i + 1) / 2 + j]; }

 private:
  std::size_t rows_of(std::size_t block) const { return std::min(kRowsPacked, rows_ - block * kRowsPacked); }
  double* packed(std::size_t block) const { return packed_ + block % 2 * panels_ * kPanel * std::min(rows_, kRowsPacked); }

  void pack(std::size_t block, std::size_t item) noexcept {
    const std::size_t height = rows_of(block), first = item * kRowsOfStrip, count = std::min(kRowsOfStrip, height - first);
    double* out = packed(block) + first * kPanel;
    x_.pack(block * kRowsPacked + first, count, height, out);
    y_.pack(block * kRowsPacked + first, count, height, out + x_.panels * height * kPanel);
  }

  void multiply(std::size_t block, const Stripe& stripe) noexcept {
    const std::size_t height = rows_of(block), i = stripe.panel;
    const double* of = packed(block);
    for (std::size_t half = 0; half < 2; ++half)
      for (std::size_t j = stripe.first; j < stripe.last; ++j)
        form_.add(of + j * height * kPanel, of + i * height * kPanel + half * kTileColumns, height, block > 0, tiles_ + place(i, half, j));
    if (block + 1 < blocks_) return;
    for (std::size_t j = stripe.first; j < stripe.last; ++j) {
      double squares = 0;
      for (std::size_t half = 0; half < 2; ++half) squares += dot(tiles_ + place(i, half, j), tiles_ + place(i, half, j), kTile);
      squares_[i * (i + 1) / 2 + j] = squares;
    }
  }

  Source &x_, &y_;
  std::size_t rows_, blocks_, panels_;
  const TileForm& form_;
  Lines packed_, tiles_;
  std::vector<double> squares_;
  std::vector<Stripe> stripes_[2];  // those with the first panels, and all others
};

double sum_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum;
}

}  // namespace

std::optional<CrossProducts> column_products(const double* a, std::size_t a_columns, const double* b, std::size_t b_columns, std::size_t rows,
                                             unsigned threads, const TileForm& form, const PackForm& packing) {
  Source x(a, rows, a_columns, packing), y(b, rows, b_columns, packing);
  Stages sums({x.blocks(), y.blocks()});
  sums.run(threads, [&](unsigned, std::size_t of_b, std::size_t block) noexcept { (of_b ? y : x).add_up(block); });
  if (!x.fit() || !y.fit()) return {};
  Products products(x, y, rows, form);
  products.run(threads);

  CrossProducts out{};
  for (std::size_t i = 0; i < x.panels + y.panels; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      const double squares = products.squares(i, j);
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
