// The whole native surface on one screen.
#include <string>

#include "exports.hpp"

static Napi::Object exports_of(Napi::Env env, Napi::Object exports) {
  using namespace alva::binding;
  prepare_arguments(env);
  const auto add = [&](const char* name, auto function) { exports.Set(name, function_of(env, name, function)); };
  // Work that can take long, and much longer than copies of its arrays, is there twice: as `name`, and as `nameLater`, which answers a promise.
  const auto add_both = [&](const char* name, Reader reader) {
    add(name, reader);
    exports.Set(std::string(name) + "Later", later_function_of(env, name, reader));
  };
  add("buildInfo", build_info);
  add("mapFile", map_file);
  add("jointForms", joint_forms);
  add("searchForms", search_forms);
  add("renderForms", render_forms);
  add_both("cosineSimilarity", cosine_similarity);
  add("nearestNeighbours", nearest_neighbours);
  add_both("cosineNeighbours", cosine_neighbours);
  add("overlaps", overlaps);
  add("relabellings", relabellings);
  add_both("jointTally", joint_tally);
  add("jointTotals", joint_totals);
  add_both("principalComponents", principal_components);
  add_both("nuclearNorm", nuclear_norm);
  add_both("permutedNuclearNorms", permuted_nuclear_norms);
  add_both("matrixProduct", matrix_product);
  add_both("singularVectors", singular_vectors);
  add("searchBytes", search_bytes);
  add("searchStep", search_step);
  add("firstNotFinite", first_not_finite);
  add("averageRanks", average_ranks);
  add_both("rankCorrelationAbove", rank_correlation_above);
  add_both("crossProducts", cross_products);
  add_both("configuration", configuration);
  add("renderViews", render_views);
  add("renderPlanes", render_planes);
  add("drawMosaics", draw_mosaics);
  add("distinctPatches", distinct_patches);
  return exports;
}

NODE_API_MODULE(alva, exports_of)
