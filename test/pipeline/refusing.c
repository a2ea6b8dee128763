// Loaded before the C library (LD_PRELOAD): system calls on files below REFUSING_FOLDER are refused with REFUSING_ERRNO after the first REFUSING_AFTER of them, as by
// a disk that fails, a quota that is used up, or a process that has too many files open.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long nCalls;

static int isMeant(const char *call, const char *path) {
  const char *folder = getenv("REFUSING_FOLDER");
  const char *calls = getenv("REFUSING_CALLS");
  return folder && calls && strstr(calls, call) && strstr(path, folder);
}

static int refuses(void) {
  if (nCalls++ < atol(getenv("REFUSING_AFTER"))) return 0;
  errno = atoi(getenv("REFUSING_ERRNO"));
  return 1;
}

static int refusesFile(const char *call, int file) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const int before = errno;
  const ssize_t length = readlink(link, path, sizeof path - 1);
  errno = before;
  if (length <= 0) return 0;
  path[length] = 0;
  return isMeant(call, path) && refuses();
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int file, const void *bytes, size_t n) {
  return refusesFile("write", file) ? -1 : NEXT(write)(file, bytes, n);
}

ssize_t writev(int file, const struct iovec *parts, int n) {
  return refusesFile("write", file) ? -1 : NEXT(writev)(file, parts, n);
}

ssize_t pwrite64(int file, const void *bytes, size_t n, off64_t at) {
  return refusesFile("write", file) ? -1 : NEXT(pwrite64)(file, bytes, n, at);
}

static int isFolder(int file) {
  struct stat is;
  return fstat(file, &is) == 0 && S_ISDIR(is.st_mode);
}

int link(const char *from, const char *to) { return isMeant("link", to) && refuses() ? -1 : NEXT(link)(from, to); }

int fsync(int file) {
  if (isFolder(file) && refusesFile("folders", file)) return -1;
   return refusesFile("fsync", file) ? -1 : NEXT(fsync)(file);
}

static int opened(int (*next)(const char *, int, ...), const char *path, int flags, int mode) {
  return isMeant("open", path) && refuses() ? -1 : next(path, flags, mode);
}

int open(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const int mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, int) : 0;
  va_end(more);
  return opened(NEXT(open), path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const int mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, int) : 0;
  va_end(more);
  return opened(NEXT(open64), path, flags, mode);
}
