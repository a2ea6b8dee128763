#!/usr/bin/env bash
# The native tests, fuzz corpora and (with "addon") the tests of the addon under sanitizers: scripts/sanitized-tests.sh [address|thread|addon]...
set -euo pipefail
cd "$(dirname "$0")/.."

# OpenBLAS is not built with sanitizers and keeps threads of its own: one is enough here.
export OPENBLAS_NUM_THREADS=1
export UBSAN_OPTIONS=print_stacktrace=1

native() {
  local name=$1 sanitizers=$2
  cmake -S . -B "build/$name" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DALVA_TESTS=ON -DALVA_SANITIZE="$sanitizers" >/dev/null
  cmake --build "build/$name" --parallel 2
  (cd "build/$name" && ctest --no-tests=error --output-on-failure)
}

# Node itself has no sanitizer: its library comes first by LD_PRELOAD. Leaks are looked for by test/native/leaks.test.ts.
addon() {
  # Renamed, never written over: a process that has an addon loaded would read what comes after it.
  cp build/Release/alva.node build/unsanitized.node
  trap 'mv build/unsanitized.node build/Release/alva.node' EXIT
  node_modules/.bin/cmake-js compile --out build/addon-address --CDALVA_SANITIZE=address,undefined --config RelWithDebInfo
  cp "$(find build/addon-address -name alva.node | head -n 1)" build/sanitized.node
  mv build/sanitized.node build/Release/alva.node
  LD_PRELOAD="$(gcc -print-file-name=libasan.so) $(gcc -print-file-name=libubsan.so) $(gcc -print-file-name=libstdc++.so)" \
    ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 npx vitest run test/native/badcalls
}

for what in "${@:-address thread}"; do
  for each in $what; do
    case $each in
      address) native tests-address address,undefined ;;
      thread) native tests-thread thread ;;
      addon) addon ;;
      *) echo "unknown sanitizer: $each; known: address, thread, addon" >&2 && exit 2 ;;
    esac
  done
done
