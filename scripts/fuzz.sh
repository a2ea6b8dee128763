#!/usr/bin/env bash
# libFuzzer on each family of kernels, one after the other: scripts/fuzz.sh [SECONDS] [FAMILY]...
# What it finds is left in build/fuzz/found; an input worth keeping goes to native/fuzz/corpus/FAMILY, where every CTest run replays it.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-60}
shift || true
families=("$@")
((${#families[@]} > 0)) || for source in native/fuzz/fuzz_*.cpp; do
  name=$(basename "$source" .cpp)
  families+=("${name#fuzz_}")
done

compiler=${CXX:-$(command -v clang++ || { ls /usr/bin/clang++-* 2>/dev/null || true; } | head -n 1)}
[[ -n $compiler ]] || { echo 'missing clang++, which brings libFuzzer: apt-get install clang libclang-rt-14-dev' >&2; exit 1; }
cmake -S . -B build/fuzz -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DALVA_TESTS=ON -DALVA_FUZZ=ON \
  -DALVA_SANITIZE=address,undefined >/dev/null
cmake --build build/fuzz --parallel 2 --target $(printf 'fuzz_%s ' "${families[@]}")

export OPENBLAS_NUM_THREADS=1
for family in "${families[@]}"; do
  mkdir -p "build/fuzz/inputs/$family" build/fuzz/found
  "build/fuzz/fuzz_$family" -max_total_time="$seconds" -timeout=300 -rss_limit_mb=4000 -max_len=4096 -print_final_stats=1 \
    -artifact_prefix="build/fuzz/found/$family-" "build/fuzz/inputs/$family" "native/fuzz/corpus/$family" 2>"build/fuzz/$family.log" ||
    { tail -n 30 "build/fuzz/$family.log"; exit 1; }
  echo "$family: $(sed -n 's/stat::number_of_executed_units: *//p' "build/fuzz/$family.log") executions, none found"
done
