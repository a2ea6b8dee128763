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
  check_buffer_length(env, "path", file->length);
  // Node unmaps the file also where it makes no buffer of it: to unmap it here too would be once too often.
  MappedFile* lent = file.release();
  return Napi::ArrayBuffer::New(env, lent->data, lent->length, [unmap](Napi::Env, void*, MappedFile* gone) { unmap(gone); }, lent);
}

}  // namespace alva::binding
