// Every function that JavaScript can call, declared once; addon.cpp lists them.
#pragma once
#include <napi.h>

namespace alva::binding {

Napi::Value build_info(const Napi::CallbackInfo& info);
Napi::Value cosine_similarity(const Napi::CallbackInfo& info);
Napi::Value nearest_neighbours(const Napi::CallbackInfo& info);
Napi::Value cosine_neighbours(const Napi::CallbackInfo& info);
Napi::Value overlaps(const Napi::CallbackInfo& info);
Napi::Value joint_forms(const Napi::CallbackInfo& info);
Napi::Value relabellings(const Napi::CallbackInfo& info);
Napi::Value joint_tally(const Napi::CallbackInfo& info);
Napi::Value joint_totals(const Napi::CallbackInfo& info);
Napi::Value principal_components(const Napi::CallbackInfo& info);
Napi::Value nuclear_norm(const Napi::CallbackInfo& info);
Napi::Value permuted_nuclear_norms(const Napi::CallbackInfo& info);
Napi::Value matrix_product(const Napi::CallbackInfo& info);
Napi::Value singular_vectors(const Napi::CallbackInfo& info);
Napi::Value search_forms(const Napi::CallbackInfo& info);
Napi::Value search_bytes(const Napi::CallbackInfo& info);
Napi::Value search_step(const Napi::CallbackInfo& info);
Napi::Value search_step_later(const Napi::CallbackInfo& info);
Napi::Value first_not_finite(const Napi::CallbackInfo& info);
Napi::Value average_ranks(const Napi::CallbackInfo& info);
Napi::Value rank_correlation_above(const Napi::CallbackInfo& info);
Napi::Value cross_products(const Napi::CallbackInfo& info);
Napi::Value configuration(const Napi::CallbackInfo& info);
Napi::Value render_views(const Napi::CallbackInfo& info);
Napi::Value render_planes(const Napi::CallbackInfo& info);
Napi::Value render_forms(const Napi::CallbackInfo& info);
Napi::Value draw_mosaics(const Napi::CallbackInfo& info);
Napi::Value distinct_patches(const Napi::CallbackInfo& info);
Napi::Value map_file(const Napi::CallbackInfo& info);

}  // namespace alva::binding
