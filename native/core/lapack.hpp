// The Fortran symbols of BLAS and LAPACK that the core calls; row-major m x n is column-major n x m.
#pragma once
#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <string>

extern "C" {
void sgemm_(const char* trans_a, const char* trans_b, const int* m, const int* n, const int* k, const float* alpha,
            const float* a, const int* lda, const float* b, const int* ldb, const float* beta, float* c, const int* ldc);
void dgemm_(const char* trans_a, const char* trans_b, const int* m, const int* n, const int* k, const double* alpha,
            const double* a, const int* lda, const double* b, const int* ldb, const double* beta, double* c, const int* ldc);
void dsyrk_(const char* uplo, const char* trans, const int* n, const int* k, const double* alpha, const double* a, const int* lda,
            const double* beta, double* c, const int* ldc);
void dgeqrf_(const int* m, const int* n, double* a, const int* lda, double* tau, double* work, const int* lwork, int* info);
void dpotrf_(const char* uplo, const int* n, double* a, const int* lda, int* info);
void dpocon_(const char* uplo, const int* n, const double* a, const int* lda, const double* anorm, double* rcond, double* work,
             int* iwork, int* info);
void dgesdd_(const char* jobz, const int* m, const int* n, double* a, const int* lda, double* s, double* u, const int* ldu,
             double* vt, const int* ldvt, double* work, const int* lwork, int* iwork, int* info);
#ifdef ALVA_OPENBLAS
void openblas_set_num_threads(int threads);
#endif
}

namespace alva {

// LAPACK counts its room in 32-bit integers: 4 s^2 + 7 s numbers, and some more, for the singular vectors of a matrix whose smaller side is s.
constexpr std::size_t kMostDecomposed = 20000;

inline void check_decomposed(const char* name, std::size_t rows, std::size_t columns) {
  if (std::min(rows, columns) > kMostDecomposed)
    throw std::invalid_argument("invalid " + std::string(name) + ": expected at most " + std::to_string(kMostDecomposed) + " rows or columns, got " +
                                std::to_string(rows) + " x " + std::to_string(columns));
}

// How a product is split over threads decides how its sums round. With one thread, the same input gives the same bits; the
// threads of alva work on whole permutations instead.
inline void one_blas_thread() {
#ifdef ALVA_OPENBLAS
  openblas_set_num_threads(1);
#endif
}

}  // namespace alva
