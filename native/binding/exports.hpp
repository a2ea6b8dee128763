// Every function that JavaScript can call, declared once; addon.cpp lists them.
#pragma once
#include <napi.h>

namespace alva::binding {

Napi::Value build_info(const Napi::CallbackInfo& info);
Napi::Value render_views(const Napi::CallbackInfo& info);

}  // namespace alva::binding
