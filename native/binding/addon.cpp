// The whole native surface on one screen.
#include "exports.hpp"

static Napi::Object exports_of(Napi::Env env, Napi::Object exports) {
  using namespace alva::binding;
  prepare_arguments(env);
  const auto add = [&](const char* name, auto function) { exports.Set(name, function_of(env, name, function)); };
  add("buildInfo", build_info);
  add("mapFile", map_file);
  add("jointForms", joint_forms);
  add("searchForms", search_forms);
  add("renderForms", render_forms);
  add("cosineSimilarity", cosine_similarity);
  add("nearestNeighbours", nearest_neighbours);
  add("cosineNeighbours", cosine_neighbours);
  add("overlaps", overlaps);
  add("relabellings", relabellings);
  add("jointTally", joint_tally);
  add("jointTotals", joint_totals);
  add("principalComponents", principal_components);
  add("nuclearNorm", nuclear_norm);
  add("permutedNuclearNorms", permuted_nuclear_norms);
  add("matrixProduct", matrix_product);
  add("singularVectors", singular_vectors);
  add("searchBytes", search_bytes);
  add("searchStep", search_step);
  add("firstNotFinite", first_not_finite);
  add("averageRanks", average_ranks);
  add("rankCorrelationAbove", rank_correlation_above);
  add("crossProducts", cross_products);
  add("configuration", configuration);
  add("renderViews", render_views);
  add("renderPlanes", render_planes);
  add("drawMosaics", draw_mosaics);
  add("distinctPatches", distinct_patches);
  return exports;
}

NODE_API_MODULE(alva, exports_of)
