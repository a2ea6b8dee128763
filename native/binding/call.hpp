// How an export is called: its arguments are read, all of them, and only then is its work done, which touches no JavaScript.
#pragma once
#include <napi.h>

#include <functional>
#include <variant>

#include "arguments.hpp"

namespace alva::binding {

using Answer = std::variant<std::monostate, double, bool>;
using Work = std::function<Answer()>;
// Reads its arguments and answers what is to be done with them.
using Reader = Work (*)(Arguments& given);

// A function that does the work, then returns.
Napi::Function function_of(Napi::Env env, const char* name, Reader reader);
// A function that is no work, only an answer.
using Plain = Napi::Value (*)(Napi::Env env, const Arguments& given);
Napi::Function function_of(Napi::Env env, const char* name, Plain plain);

}  // namespace alva::binding
