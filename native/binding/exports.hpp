// Every function that JavaScript can call, declared once; addon.cpp lists them.
#pragma once
#include "call.hpp"

namespace alva::binding {

Napi::Value build_info(Napi::Env env, const Arguments& given);
Napi::Value map_file(Napi::Env env, const Arguments& given);
Napi::Value joint_forms(Napi::Env env, const Arguments& given);
Napi::Value search_forms(Napi::Env env, const Arguments& given);
Napi::Value render_forms(Napi::Env env, const Arguments& given);

Work cosine_similarity(Arguments& given);
Work nearest_neighbours(Arguments& given);
Work cosine_neighbours(Arguments& given);
Work overlaps(Arguments& given);
Work relabellings(Arguments& given);
Work joint_tally(Arguments& given);
Work joint_totals(Arguments& given);
Work principal_components(Arguments& given);
Work nuclear_norm(Arguments& given);
Work permuted_nuclear_norms(Arguments& given);
Work matrix_product(Arguments& given);
Work singular_vectors(Arguments& given);
Work search_bytes(Arguments& given);
Work search_step(Arguments& given);
Work first_not_finite(Arguments& given);
Work average_ranks(Arguments& given);
Work rank_correlation_above(Arguments& given);
Work cross_products(Arguments& given);
Work configuration(Arguments& given);
Work render_views(Arguments& given);
Work render_planes(Arguments& given);
Work draw_mosaics(Arguments& given);
Work distinct_patches(Arguments& given);

}  // namespace alva::binding
