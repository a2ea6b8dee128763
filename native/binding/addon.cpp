// The whole native surface on one screen.
#include "exports.hpp"

static Napi::Object exports_of(Napi::Env env, Napi::Object exports) {
  using namespace alva::binding;
  const auto add = [&](const char* name, auto function) { exports.Set(name, Napi::Function::New(env, function, name)); };
  add("buildInfo", build_info);
  add("renderViews", render_views);
  return exports;
}

NODE_API_MODULE(alva, exports_of)
