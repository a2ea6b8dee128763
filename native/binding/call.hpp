// How an export is called, and how it answers.
#pragma once
#include <napi.h>

#include <variant>

#include "arguments.hpp"

namespace alva::binding {

using Answer = std::variant<std::monostate, double, bool>;
// Reads all its arguments, and only then does its work, which touches no JavaScript.
using Export = Answer (*)(Arguments& given);
Napi::Function function_of(Napi::Env env, const char* name, Export work);
// A function that is no work, only an answer.
using Plain = Napi::Value (*)(Napi::Env env, const Arguments& given);
Napi::Function function_of(Napi::Env env, const char* name, Plain plain);

}  // namespace alva::binding
