// A file's bytes in memory without reading them: processes that map the same file share its pages.
#pragma once
#include <cstddef>
#include <string>

namespace alva {

struct MappedFile {
  void* data = nullptr;
  std::size_t length = 0;
};

// Maps a file that is not empty; what is written to the memory stays out of the file. Where there is no mmap the file is
// read. Throws std::runtime_error with the system's reason.
MappedFile map_file(const std::string& path);

void unmap_file(MappedFile file);

}  // namespace alva
