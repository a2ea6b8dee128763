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
#include "threads.hpp"

namespace alva {
namespace {

constexpr std::size_t kRowsPacked = 192;   // of which a panel stays in the first cache; no power of two, which would crowd few of its sets
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
  void add_up(std::size_t block) {
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

  // Rows first .. first + count - 1, centred: the first `most` panels of them, and, where those are all, each row's sum of squares.
  void pack(std::size_t first, std::size_t count, std::size_t most, double* out, double* squares) const {
    form_.pack(strip(first, count), means_.data(), std::min(most, panels), out, squares);
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

// Each thread makes the tiles of some panels with all before them, and packs by itself what it needs: what another has written costs more to
// get than to make.
class Products {
 public:
  Products(Source& x, Source& y, std::size_t rows, unsigned threads, const TileForm& form)
      : x_(x), y_(y), rows_(rows), blocks_(parts_of(rows, kRowsPacked)), panels_(x.panels + y.panels), threads_(threads), form_(form),
        room_(panels_ * kPanel * std::min(rows, kRowsPacked)), packed_(threads * room_), unused_(threads * kRowsPacked),
        tiles_(place(panels_, 0, 0) + kTile), squares_(panels_ * (panels_ + 1) / 2) {}

  void run() {
    on_threads(threads_, [this](unsigned part) {
      const std::size_t begin = first_panel(part), end = first_panel(part + 1);
      for (std::size_t block = 0; block < blocks_ && begin < end; ++block) {
        const double* packed = pack(part, block, end);
        for (std::size_t near = 0; near < end; near += kPanelsNear)
          for (std::size_t i = std::max(near, begin); i < end; ++i) multiply(packed, block, i, near, std::min(near + kPanelsNear, i + 1));
      }
    });
  }

  // The sum of squares of the products of panel i's columns and panel j's, j <= i.
  double squares(std::size_t i, std::size_t j) const { return squares_[i * (i + 1) / 2 + j]; }

 private:
  // So that each thread has about as many tiles; the last has at least one.
  std::size_t first_panel(unsigned part) const {
    return part == threads_ ? panels_ : static_cast<std::size_t>(static_cast<double>(panels_) * std::sqrt(static_cast<double>(part) / threads_));
  }
  std::size_t rows_of(std::size_t block) const { return std::min(kRowsPacked, rows_ - block * kRowsPacked); }

  const double* pack(unsigned part, std::size_t block, std::size_t panels) {
    const std::size_t first = block * kRowsPacked, count = rows_of(block);
    const bool is_last = part + 1 == threads_;  // who has all panels
    double *out = packed_ + part * room_, *unused = &unused_[part * kRowsPacked];
    x_.pack(first, count, panels, out, is_last ? &x_.squares[first] : unused);
    if (panels > x_.panels)
      y_.pack(first, count, panels - x_.panels, out + x_.panels * count * kPanel, is_last ? &y_.squares[first] : unused);
    return out;
  }

  // Of panel i with panels first .. last - 1.
  void multiply(const double* packed, std::size_t block, std::size_t i, std::size_t first, std::size_t last) {
    const std::size_t rows = rows_of(block), panel = rows * kPanel;
    for (std::size_t half = 0; half < 2; ++half)
      for (std::size_t j = first; j < last; ++j)
        form_.add(packed + j * panel, packed + i * panel + half * kTileColumns, rows, block > 0, tiles_ + place(i, half, j));
    for (std::size_t j = first; j < last && block + 1 == blocks_; ++j) {
      double squares = 0;
      for (std::size_t half = 0; half < 2; ++half) squares += dot(tiles_ + place(i, half, j), tiles_ + place(i, half, j), kTile);
      squares_[i * (i + 1) / 2 + j] = squares;
    }
  }

  Source &x_, &y_;
  std::size_t rows_, blocks_, panels_;
  unsigned threads_;
  const TileForm& form_;
  std::size_t room_;
  Lines packed_;
  std::vector<double> unused_;
  Lines tiles_;
  std::vector<double> squares_;
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
  on_threads(threads, [&](unsigned part) {
    for (std::size_t block = x.blocks() * part / threads; block < x.blocks() * (part + 1) / threads; ++block) x.add_up(block), y.add_up(block);
  });
  if (!x.fit() || !y.fit()) return {};
  Products products(x, y, rows, threads, form);
  products.run();

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
