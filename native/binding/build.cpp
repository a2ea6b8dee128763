// What this addon was built with.
#include "exports.hpp"

#ifdef ALVA_OPENBLAS
extern "C" char* openblas_get_config();
#endif

namespace alva::binding {

Napi::Value build_info(const Napi::CallbackInfo& info) {
  auto result = Napi::Object::New(info.Env());
#ifdef ALVA_OPENBLAS
  result.Set("blas", std::string(openblas_get_config()));
#elif defined(__APPLE__)
  result.Set("blas", "Accelerate");
#else
  result.Set("blas", "system BLAS/LAPACK");
#endif
#ifdef __VERSION__
  result.Set("compiler", std::string(__VERSION__));
#else
  result.Set("compiler", "unknown");
#endif
  return result;
}

}  // namespace alva::binding
