// The native export on files.
#include "files.hpp"

#include <memory>

#include "exports.hpp"

namespace alva::binding {

Napi::Value map_file(Napi::Env env, const Arguments& given) {
  const auto unmap = [](MappedFile* file) {
    alva::unmap_file(*file);
    delete file;
  };
  std::unique_ptr<MappedFile, decltype(unmap)> file(new MappedFile(alva::map_file(given.text(0, "path"))), unmap);
  const auto buffer = Napi::ArrayBuffer::New(env, file->data, file->length, [unmap](Napi::Env, void*, MappedFile* gone) { unmap(gone); }, file.get());
  file.release();
  return buffer;
}

}  // namespace alva::binding
