#!/usr/bin/env bash
# The tests on other releases of Node: scripts/other-nodes.sh [VERSION]... [-- TEST...]; 20, 22 and 24, and all tests, by default.
# The addon is Node-API: the one that is built serves them all. Node's binaries come from the npm package "node".
set -euo pipefail
cd "$(dirname "$0")/.."

versions=()
while (($# > 0)) && [[ $1 != -- ]]; do
  versions+=("$1")
  shift
done
[[ ${1:-} != -- ]] || shift
((${#versions[@]} > 0)) || versions=(20 22 24)
tests=("$@")

node scripts/setup.mjs
failed=0
for version in "${versions[@]}"; do
  folder="build/nodes/$version"
  [[ -x $folder/node_modules/node/bin/node ]] ||
    npm install --silent --no-audit --no-fund --prefix "$folder" "node@$version"
  bin="$PWD/$folder/node_modules/node/bin"
  echo "--- Node $("$bin/node" --version)"
  # First on the path too, for the tests that start Node themselves.
  PATH="$bin:$PATH" "$bin/node" node_modules/vitest/vitest.mjs run ${tests[@]+"${tests[@]}"} --reporter=dot || failed=1
done
exit "$failed"
