// What this addon was built with.
#include "exports.hpp"

#ifdef ALVA_OPENBLAS
extern "C" char* openblas_get_config();
#endif

namespace alva::binding {

#if defined(__clang__)
static const char* compiler = __VERSION__;
#elif defined(__GNUC__)
static const char* compiler = "g++ " __VERSION__;
#else
static const char* compiler = "unknown";
#endif

Napi::Value build_info(Napi::Env env, const Arguments&) {
  auto result = Napi::Object::New(env);
#ifdef ALVA_OPENBLAS
  result.Set("blas", std::string(openblas_get_config()));
#elif defined(__APPLE__)
  result.Set("blas", "Accelerate");
#else
  result.Set("blas", "system BLAS/LAPACK");
#endif
  result.Set("compiler", compiler);
  result.Set("builder", ALVA_BUILDER);
  return result;
}

}  // namespace alva::binding
