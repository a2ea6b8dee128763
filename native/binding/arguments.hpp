// One rule for all that JavaScript hands over: whoever reads an argument through here gets numbers in range and memory that is there, of the
// length asked for, fixed, and written by nobody else; or the call ends with a sentence that names the argument.
#pragma once
#include <napi.h>

#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <vector>

namespace alva::binding {

// What was asked for cannot be done; becomes a TypeError.
struct Refusal : std::invalid_argument {
  Refusal(const std::string& name, const std::string& expected) : std::invalid_argument("invalid " + name + ": expected " + expected) {}
};

template <typename T>
struct Borrowed {
  T* data;
  std::size_t length;
};

// How JavaScript calls an array of T.
template <typename T>
struct Element;
#define ALVA_ELEMENT(T, TYPE, NAME)                      \
  template <>                                            \
  struct Element<T> {                                    \
    static constexpr napi_typedarray_type type = TYPE;   \
    static constexpr const char* name = NAME;            \
  };
ALVA_ELEMENT(double, napi_float64_array, "a Float64Array")
ALVA_ELEMENT(float, napi_float32_array, "a Float32Array")
ALVA_ELEMENT(std::int32_t, napi_int32_array, "an Int32Array")
ALVA_ELEMENT(std::uint32_t, napi_uint32_array, "a Uint32Array")
ALVA_ELEMENT(std::int64_t, napi_bigint64_array, "a BigInt64Array")
ALVA_ELEMENT(std::uint8_t, napi_uint8_array, "a Uint8Array")
#undef ALVA_ELEMENT

using Sizes = std::initializer_list<std::int64_t>;

class Arguments {
 public:
  explicit Arguments(const Napi::CallbackInfo& info) : info_(info) {}

  // A whole number from `low` to `high` at argument `at`.
  std::int64_t whole(std::size_t at, const char* name, std::int64_t low, std::int64_t high) const;
  std::string text(std::size_t at, const char* name) const;
  bool is_absent(std::size_t at) const { return info_[at].IsNull() || info_[at].IsUndefined(); }

  template <typename T>
  bool is(std::size_t at) const {
    return info_[at].IsTypedArray() && info_[at].As<Napi::TypedArray>().TypedArrayType() == Element<T>::type;
  }

  // An array that is read, of any length.
  template <typename T>
  Borrowed<const T> input(std::size_t at, const char* name) {
    const Memory memory = lend<T>(at, name, false);
    return {static_cast<const T*>(memory.data), memory.bytes / sizeof(T)};
  }
  // An array that is read, of exactly the product of `sizes` elements.
  template <typename T>
  const T* input(std::size_t at, const char* name, Sizes sizes) {
    return exactly(input<T>(at, name), name, sizes);
  }
  // The same where every number has to be finite.
  const double* finite(std::size_t at, const char* name, Sizes sizes);
  // For work that finds on its way that one is not.
  static void check_finite(const char* name, Borrowed<const double> numbers);

  // The same for arrays that are written: they share memory with no other argument.
  template <typename T>
  Borrowed<T> output(std::size_t at, const char* name) {
    const Memory memory = lend<T>(at, name, true);
    return {static_cast<T*>(memory.data), memory.bytes / sizeof(T)};
  }
  template <typename T>
  T* output(std::size_t at, const char* name, Sizes sizes) {
    return exactly(output<T>(at, name), name, sizes);
  }

 private:
  struct Memory {
    const char* name;
    void* data;
    std::size_t bytes;
    bool is_written;
  };

  template <typename T>
  Memory lend(std::size_t at, const char* name, bool is_written) {
    if (!is<T>(at)) throw Refusal(name, Element<T>::name);
    return lend(info_[at].As<Napi::TypedArray>(), name, is_written);
  }
  Memory lend(Napi::TypedArray array, const char* name, bool is_written);

  template <typename T>
  static T* exactly(Borrowed<T> array, const char* name, Sizes sizes) {
    check_length(name, array.length, sizes);
    return array.data;
  }
  static void check_length(const char* name, std::size_t length, Sizes sizes);

  const Napi::CallbackInfo& info_;
  std::vector<Memory> lent_;
};

// Refuses a file whose bytes no buffer of this Node holds.
void check_buffer_length(Napi::Env env, const char* name, std::size_t length);

// To be called once for each environment, before any argument is read.
void prepare_arguments(Napi::Env env);

}  // namespace alva::binding
