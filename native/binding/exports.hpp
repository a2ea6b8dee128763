// Every function that JavaScript can call, declared once; addon.cpp lists them.
#pragma once
#include "call.hpp"

namespace alva::binding {

Napi::Value build_info(Napi::Env env, const Arguments& given);
Napi::Value map_file(Napi::Env env, const Arguments& given);
Napi::Value joint_forms(Napi::Env env, const Arguments& given);
Napi::Value search_forms(Napi::Env env, const Arguments& given);
Napi::Value render_forms(Napi::Env env, const Arguments& given);

Answer cosine_similarity(Arguments& given);
Answer nearest_neighbours(Arguments& given);
Answer cosine_neighbours(Arguments& given);
Answer overlaps(Arguments& given);
Answer relabellings(Arguments& given);
Answer joint_tally(Arguments& given);
Answer joint_totals(Arguments& given);
Answer principal_components(Arguments& given);
Answer nuclear_norm(Arguments& given);
Answer permuted_nuclear_norms(Arguments& given);
Answer matrix_product(Arguments& given);
Answer singular_vectors(Arguments& given);
Answer search_bytes(Arguments& given);
Answer search_step(Arguments& given);
Answer first_not_finite(Arguments& given);
Answer average_ranks(Arguments& given);
Answer rank_correlation_above(Arguments& given);
Answer cross_products(Arguments& given);
Answer configuration(Arguments& given);
Answer render_views(Arguments& given);
Answer render_planes(Arguments& given);
Answer draw_mosaics(Arguments& given);
Answer distinct_patches(Arguments& given);

}  // namespace alva::binding
