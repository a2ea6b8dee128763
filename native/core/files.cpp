#include "files.hpp"

#include <cerrno>
#include <cstring>
#include <stdexcept>

#if __has_include(<sys/mman.h>)
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#define ALVA_MMAP
#else
#include <cstdlib>
#include <fstream>
#endif

namespace alva {

#ifdef ALVA_MMAP

MappedFile map_file(const std::string& path) {
  const auto failed = [] { return std::runtime_error(std::strerror(errno)); };
  // Without O_NONBLOCK a named pipe would wait for a writer.
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) throw failed();
  struct stat status {};
  const bool is_known = fstat(file, &status) == 0, is_file = is_known && S_ISREG(status.st_mode);
  if (!is_file || status.st_size == 0) {
    close(file);
    throw std::runtime_error(is_file ? "the file is empty" : "it is no file");
  }
  const auto length = static_cast<std::size_t>(status.st_size);
  // Writable, so that a stray write meets a private copy of the page and not a signal; unreserved, because none is meant.
#ifdef MAP_NORESERVE
  constexpr int flags = MAP_PRIVATE | MAP_NORESERVE;
#else
  constexpr int flags = MAP_PRIVATE;
#endif
  void* data = mmap(nullptr, length, PROT_READ | PROT_WRITE, flags, file, 0);
  const int error = errno;
  close(file);
  errno = error;
  if (data == MAP_FAILED) throw failed();
  return {data, length};
}

void unmap_file(MappedFile file) { munmap(file.data, file.length); }

#else

MappedFile map_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const auto length = file ? static_cast<std::size_t>(file.tellg()) : 0;
  if (length == 0) throw std::runtime_error("the file is missing or empty");
  void* data = std::malloc(length);
  if (data == nullptr || !file.seekg(0) || !file.read(static_cast<char*>(data), static_cast<std::streamsize>(length))) {
    std::free(data);
    throw std::runtime_error("the file cannot be read");
  }
  return {data, length};
}

void unmap_file(MappedFile file) { std::free(file.data); }

#endif

}  // namespace alva
