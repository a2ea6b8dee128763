// The rule on arguments.
#include "arguments.hpp"

#include <cmath>

#include "finite.hpp"

namespace alva::binding {
namespace {

// Asked of the language itself: a property of the buffer's own could answer anything, and run code that takes the memory away.
struct Language {
  Napi::FunctionReference is_resizable;  // empty where buffers never are
  double longest_buffer = 0x7fffffff;    // every Node has as long ones
};

// What this Node says of itself; 0 where it does not.
double longest_buffer(Napi::Env env) {
  const auto process = env.Global().Get("process");
  const auto get = process.IsObject() ? process.As<Napi::Object>().Get("getBuiltinModule") : env.Undefined();
  if (!get.IsFunction()) return 0;
  const auto module = get.As<Napi::Function>().Call(process, {Napi::String::New(env, "buffer")});
  const auto constants = module.IsObject() ? module.As<Napi::Object>().Get("constants") : env.Undefined();
  const auto length = constants.IsObject() ? constants.As<Napi::Object>().Get("MAX_LENGTH") : env.Undefined();
  return length.IsNumber() ? length.As<Napi::Number>().DoubleValue() : 0;
}

bool is_resizable(Napi::ArrayBuffer buffer) {
  const auto* language = buffer.Env().GetInstanceData<Language>();
  return language != nullptr && !language->is_resizable.IsEmpty() && language->is_resizable.Call(buffer, std::initializer_list<napi_value>{}).ToBoolean();
}

struct View {
  void* data;
  std::size_t bytes;
};

// The memory behind an array, which has to be there and to stay as it is.
View view_of(Napi::TypedArray array, const char* name) {
  napi_typedarray_type type;
  std::size_t length = 0, offset = 0;
  void* data = nullptr;
  napi_value owner = nullptr;
  if (napi_get_typedarray_info(array.Env(), array, &type, &length, &data, &owner, &offset) != napi_ok) throw Refusal(name, "an array");
  const Napi::Value buffer(array.Env(), owner);
  if (!buffer.IsArrayBuffer()) throw Refusal(name, "an array that no other thread shares, not one on a SharedArrayBuffer");
  if (buffer.As<Napi::ArrayBuffer>().IsDetached()) throw Refusal(name, "an array whose memory is there; its buffer is detached");
  if (is_resizable(buffer.As<Napi::ArrayBuffer>())) throw Refusal(name, "an array of fixed length, not one on a resizable buffer");
  return {data, length * array.ElementSize()};
}

bool overlap(const void* a, std::size_t a_bytes, const void* b, std::size_t b_bytes) {
  const auto from_a = reinterpret_cast<std::uintptr_t>(a), from_b = reinterpret_cast<std::uintptr_t>(b);
  return a_bytes > 0 && b_bytes > 0 && from_a < from_b + b_bytes && from_b < from_a + a_bytes;
}

}  // namespace

void prepare_arguments(Napi::Env env) {
  auto* language = new Language;
  env.SetInstanceData(language);
  if (const double told = longest_buffer(env); told > 0) language->longest_buffer = told;
  const auto object = env.Global().Get("Object").As<Napi::Object>();
  const auto prototype = env.Global().Get("ArrayBuffer").As<Napi::Object>().Get("prototype");
  const auto described = object.Get("getOwnPropertyDescriptor").As<Napi::Function>().Call(object, {prototype, Napi::String::New(env, "resizable")});
  if (described.IsObject()) language->is_resizable = Napi::Persistent(described.As<Napi::Object>().Get("get").As<Napi::Function>());
}

void check_buffer_length(Napi::Env env, const char* name, std::size_t length) {
  const double most = env.GetInstanceData<Language>()->longest_buffer;
  if (static_cast<double>(length) <= most) return;
  const std::string bound = std::to_string(static_cast<std::uint64_t>(most));
  throw Refusal(name, "a file of at most " + bound + " bytes, more than which this Node does not map, got " + std::to_string(length) + " bytes; a newer Node (22) maps larger ones");
}

std::int64_t Arguments::whole(std::size_t at, const char* name, std::int64_t low, std::int64_t high) const {
  const double value = info_[at].IsNumber() ? info_[at].As<Napi::Number>().DoubleValue() : std::nan("");
  if (!(value >= static_cast<double>(low) && value <= static_cast<double>(high)) || value != std::floor(value))
    throw Refusal(name, "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
  return static_cast<std::int64_t>(value);
}

std::string Arguments::text(std::size_t at, const char* name) const {
  if (!info_[at].IsString()) throw Refusal(name, "a string");
  std::string found = info_[at].As<Napi::String>().Utf8Value();
  if (found.find('\0') != std::string::npos) throw Refusal(name, "a string without a zero character");
  return found;
}

const double* Arguments::finite(std::size_t at, const char* name, Sizes sizes) {
  const auto array = input<double>(at, name);
  check_length(name, array.length, sizes);
  check_finite(name, array);
  return array.data;
}

void Arguments::check_finite(const char* name, Borrowed<const double> numbers) {
  const std::size_t first = first_not_finite(numbers.data, numbers.length);
  if (first < numbers.length) throw Refusal(name, "finite numbers, got " + std::to_string(numbers.data[first]) + " at " + std::to_string(first));
}

void Arguments::check_length(const char* name, std::size_t length, Sizes sizes) {
  constexpr std::uint64_t most = std::uint64_t{1} << 53;
  std::uint64_t wanted = 1;
  for (const std::int64_t size : sizes) {
    if (size < 0 || (size > 0 && wanted > most / static_cast<std::uint64_t>(size))) throw Refusal(name, "fewer elements than its sizes ask for: no array has as many");
    wanted *= static_cast<std::uint64_t>(size);
  }
  if (length != wanted) throw Refusal(name, std::to_string(wanted) + " elements, got " + std::to_string(length));
}

Arguments::Memory Arguments::lend(Napi::TypedArray array, const char* name, bool is_written) {
  const View view = view_of(array, name);
  for (const Memory& other : lent_)
    if ((is_written || other.is_written) && overlap(view.data, view.bytes, other.data, other.bytes))
      throw Refusal(name, std::string("memory of its own, but it shares some with ") + other.name);
  lent_.push_back({name, view.data, view.bytes, is_written});
  return lent_.back();
}

}  // namespace alva::binding
