// Exact nearest rows by cosine without a matrix of all cosines: float32 products find the candidates, float64 settles what they
// cannot separate. The lists are those of float64 for any form, number of threads, and size of block.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "cosines.hpp"

namespace alva {

struct SearchForm;

struct SearchPlan {
  Rows queries;
  Rows corpus;    // the queries themselves where `self`
  bool self;      // a row is then never in its own list
  std::size_t depth;
  unsigned threads;
  std::size_t block;  // rows of the corpus that one call of compare may be given
  const SearchForm* form;
};

// What a search keeps in the caller's room.
struct SearchParts {
  double *query_squares, *corpus_squares;
  std::int32_t *query_exponents, *corpus_exponents;
  float* prepared;          // unit rows of the queries, in panels as the form packs them
  float* strip;             // unit rows of one block of the corpus
  float* thresholds;        // threads x queries: a product below it cannot be in the query's list
  std::uint32_t* counts;    // threads x queries
  std::uint64_t* keys;      // threads x queries x capacity: the candidates
  double* rows;             // threads x 2 rows
  float* units;             // threads x panel_rows rows
  float* scratch;           // threads x what the form asks for
  std::uint64_t* gathered;  // threads x (threads x capacity)
  std::uint64_t* compared;  // items of the block that is being compared which are done
};

// The thresholds of one thread: rows past the last query are there too, out of reach, for tiles that read a whole panel.
std::size_t threshold_stride(std::size_t n_queries);

// Candidates that one thread keeps for a query: the `depth` best, and as many that may still turn out to be.
std::size_t capacity_of(std::size_t depth);

// Bytes of the room that a search works in; `queries` and `corpus` need only sizes. Throws std::length_error where no memory is as large.
std::size_t search_bytes(const SearchPlan& plan);

// What a step answers that is not done.
constexpr std::int64_t kUnfinished = -2;

// A view of the caller's room, which holds the whole state: a search may be made anew for each call. Steps, in order: every query
// prepared, every corpus row compared, every query settled; within a step in any order, each row once. Whatever a room holds, nothing outside
// of it and of the lists is written.
class Search {
 public:
  Search(const SearchPlan& plan, std::uint8_t* room);

  // Answers the first query that holds an entry which is not finite, or -1. `first` is a multiple of 32.
  std::int64_t prepare(std::size_t first, std::size_t count);
  // The same for corpus rows. Answers kUnfinished after some 20 ms: it is then to be called again with the same rows.
  std::int64_t compare(std::size_t first, std::size_t count);
  // indices: depth items for each of queries first .. first + count - 1, by falling cosine, ties by rising index.
  // Throws std::invalid_argument where a step before was left out.
  void settle(std::size_t first, std::size_t count, std::int32_t* indices);

 private:
  std::int64_t measure_strip(std::size_t first, std::size_t count);
  void share_thresholds();
  void settle_one(unsigned thread, std::size_t query, std::int32_t* list);

  const SearchPlan plan_;
  const SearchParts parts_;
};

}  // namespace alva
