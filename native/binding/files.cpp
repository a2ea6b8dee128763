// The native export on files.
#include "files.hpp"

#include <stdexcept>

#include "arguments.hpp"
#include "exports.hpp"

namespace alva::binding {

Napi::Value map_file(const Napi::CallbackInfo& info) {
  if (!info[0].IsString()) throw refuse(info.Env(), "path", "a string");
  try {
    const auto file = alva::map_file(info[0].As<Napi::String>().Utf8Value());
    const auto unmap = [](Napi::Env, void* data, std::size_t* length) {
      alva::unmap_file({data, *length});
      delete length;
    };
    return Napi::ArrayBuffer::New(info.Env(), file.data, file.length, unmap, new std::size_t(file.length));
  } catch (const std::runtime_error& error) {
    throw Napi::Error::New(info.Env(), error.what());
  }
}

}  // namespace alva::binding
