// The best rotation of one space onto another: its nuclear norm, as observed and with the items of one space permuted.
#include "procrustes.hpp"

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "lapack.hpp"

namespace alva {
namespace {

// One thread's room for the product and the singular values of a pair of spaces.
class Rotation {
 public:
  Rotation(const double* a, std::size_t a_columns, std::size_t b_columns, std::size_t rows)
      : a_(a), m_(static_cast<int>(a_columns)), n_(static_cast<int>(b_columns)), rows_(static_cast<int>(rows)),
        product_(a_columns * b_columns), values_(std::min(a_columns, b_columns)), integers_(8 * values_.size()) {
    double wanted = 0;
    int length = -1;
    svd(&wanted, length);
    work_.resize(static_cast<std::size_t>(wanted));
  }

  double nuclear_norm(const double* b) {
    const double one = 1, zero = 0;
    // Row-major rows x columns is column-major columns x rows, so A'B reads as (A) (B)'.
    dgemm_("N", "T", &m_, &n_, &rows_, &one, a_, &m_, b, &n_, &zero, product_.data(), &m_);
    int length = static_cast<int>(work_.size());
    const int info = svd(work_.data(), length);
    if (info != 0) throw std::runtime_error("the singular values of a product did not converge (dgesdd " + std::to_string(info) + ")");
    double norm = 0;
    for (const double value : values_) norm += value;
    return norm;
  }

 private:
  int svd(double* work, int& length) {
    int info = 0;
    const int one = 1;
    dgesdd_("N", &m_, &n_, product_.data(), &m_, values_.data(), nullptr, &one, nullptr, &one, work, &length, integers_.data(), &info);
    return info;
  }

  const double* a_;
  int m_, n_, rows_;
  std::vector<double> product_, values_;
  std::vector<int> integers_;
  std::vector<double> work_;
};

}  // namespace

double nuclear_norm(const double* a, std::size_t a_columns, const double* b, std::size_t b_columns, std::size_t rows) {
  one_blas_thread();
  return Rotation(a, a_columns, b_columns, rows).nuclear_norm(b);
}

void permuted_nuclear_norms(const double* a, std::size_t a_columns, const double* b, std::size_t b_columns, std::size_t rows,
                            const Shuffle& shuffle, std::uint32_t first, std::uint32_t count, unsigned threads, double* norms) {
  one_blas_thread();
  threads = std::max(1u, threads);
  std::atomic<bool> failed = false;  // an exception must not leave a thread: it is thrown again below
  const auto work = [&](unsigned part) {
    try {
      Rotation rotation(a, a_columns, b_columns, rows);
      std::vector<double> permuted(rows * b_columns);
      std::vector<std::uint32_t> image;
      for (std::uint32_t i = part; i < count && !failed; i += threads) {
        shuffle.draw(first + i, image);
        for (std::size_t row = 0; row < rows; ++row) std::copy_n(b + image[row] * b_columns, b_columns, &permuted[row * b_columns]);
        norms[i] = rotation.nuclear_norm(permuted.data());
      }
    } catch (const std::exception&) {
      failed = true;
    }
  };
  std::vector<std::thread> others;
  for (unsigned part = 1; part < threads; ++part) others.emplace_back(work, part);
  work(0);
  for (auto& thread : others) thread.join();
  if (failed) throw std::runtime_error("the singular values of a permuted product did not converge, or memory ran out");
}

}  // namespace alva
