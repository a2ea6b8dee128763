// Argument guards: each checks what would corrupt memory and throws a sentence that names the argument.
#pragma once
#include <napi.h>

#include <cmath>
#include <cstdint>
#include <exception>
#include <string>

namespace alva::binding {

inline Napi::Error refuse(Napi::Env env, const std::string& name, const std::string& expected) {
  return Napi::TypeError::New(env, "invalid " + name + ": expected " + expected);
}

// A typed array as a borrowed pointer with its length; valid for the call only.
template <typename T>
struct Borrowed {
  T* data;
  std::size_t length;
};

template <typename T>
constexpr napi_typedarray_type array_type();
template <>
constexpr napi_typedarray_type array_type<double>() { return napi_float64_array; }
template <>
constexpr napi_typedarray_type array_type<float>() { return napi_float32_array; }
template <>
constexpr napi_typedarray_type array_type<std::int32_t>() { return napi_int32_array; }
template <>
constexpr napi_typedarray_type array_type<std::uint32_t>() { return napi_uint32_array; }
template <>
constexpr napi_typedarray_type array_type<std::int64_t>() { return napi_bigint64_array; }
template <>
constexpr napi_typedarray_type array_type<std::uint8_t>() { return napi_uint8_array; }

template <typename T>
constexpr const char* array_name();
template <>
constexpr const char* array_name<double>() { return "a Float64Array"; }
template <>
constexpr const char* array_name<float>() { return "a Float32Array"; }
template <>
constexpr const char* array_name<std::int32_t>() { return "an Int32Array"; }
template <>
constexpr const char* array_name<std::uint32_t>() { return "a Uint32Array"; }
template <>
constexpr const char* array_name<std::int64_t>() { return "a BigInt64Array"; }
template <>
constexpr const char* array_name<std::uint8_t>() { return "a Uint8Array"; }

// The typed array at argument `i`, of any length.
template <typename T>
Borrowed<T> array(const Napi::CallbackInfo& info, std::size_t i, const char* name) {
  const Napi::Value value = info[i];
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != array_type<T>())
    throw refuse(info.Env(), name, array_name<T>());
  auto view = value.As<Napi::TypedArrayOf<T>>();
  return {view.Data(), view.ElementLength()};
}

// The typed array at argument `i`, of exactly `length` elements.
template <typename T>
T* array(const Napi::CallbackInfo& info, std::size_t i, const char* name, std::size_t length) {
  const auto view = array<T>(info, i, name);
  if (view.length != length)
    throw refuse(info.Env(), name, std::to_string(length) + " elements, got " + std::to_string(view.length));
  return view.data;
}

// A whole number from `low` to `high` at argument `i`.
inline std::int64_t whole(const Napi::CallbackInfo& info, std::size_t i, const char* name, std::int64_t low, std::int64_t high) {
  const std::string expected = "a whole number from " + std::to_string(low) + " to " + std::to_string(high);
  if (!info[i].IsNumber()) throw refuse(info.Env(), name, expected);
  const double value = info[i].As<Napi::Number>().DoubleValue();
  if (!(value >= static_cast<double>(low) && value <= static_cast<double>(high)) || value != std::floor(value))
    throw refuse(info.Env(), name, expected);
  return static_cast<std::int64_t>(value);
}

// The core throws plain C++ exceptions; JavaScript gets their sentence.
template <typename Work>
void run(Napi::Env env, Work work) {
  try {
    work();
  } catch (const std::exception& error) {
    throw Napi::Error::New(env, error.what());
  }
}

}  // namespace alva::binding
