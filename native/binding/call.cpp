// Calls, their answers, and what becomes of their exceptions.
#include "call.hpp"

#include <exception>
#include <new>
#include <string>

namespace alva::binding {
namespace {

Napi::Value value_of(Napi::Env env, const Answer& answer) {
  if (const double* number = std::get_if<double>(&answer)) return Napi::Number::New(env, *number);
  if (const bool* truth = std::get_if<bool>(&answer)) return Napi::Boolean::New(env, *truth);
  return env.Undefined();
}

// The exception that is being handled, as JavaScript shall have it.
Napi::Error error_of(Napi::Env env, const char* name) {
  try {
    throw;
  } catch (const Napi::Error& error) {
    return error;
  } catch (const std::invalid_argument& error) {
    return Napi::TypeError::New(env, error.what());
  } catch (const std::bad_alloc&) {
    return Napi::Error::New(env, std::string(name) + ": memory ran out; expected smaller arrays or fewer threads");
  } catch (const std::length_error&) {
    return Napi::Error::New(env, std::string(name) + ": more memory than there can be; expected smaller arrays or fewer threads");
  } catch (const std::exception& error) {
    return Napi::Error::New(env, error.what());
  } catch (...) {
    return Napi::Error::New(env, std::string(name) + ": failed");
  }
}

}  // namespace

Napi::Function function_of(Napi::Env env, const char* name, Export work) {
  return Napi::Function::New(env, [=](const Napi::CallbackInfo& info) {
    try {
      Arguments given(info);
      return value_of(info.Env(), work(given));
    } catch (...) {
      throw error_of(info.Env(), name);
    }
  }, name);
}

Napi::Function function_of(Napi::Env env, const char* name, Plain plain) {
  return Napi::Function::New(env, [=](const Napi::CallbackInfo& info) {
    try {
      return plain(info.Env(), Arguments(info));
    } catch (...) {
      throw error_of(info.Env(), name);
    }
  }, name);
}

}  // namespace alva::binding
