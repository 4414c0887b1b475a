#!/bin/bash
# Builds and runs a consumer of the library: check.sh installed|subdirectory SOURCE BUILD COMPILER CXX_FLAGS
# `installed` also shows that the test can fail: without the installed package the consumer must not configure.
set -euo pipefail
kind=$1 source=$2 build=$3 compiler=$4 flags=$5
work="$build-consumer-$kind" # beside it: the compiler's cache knows the sources by their way from here
rm -rf "$work"
mkdir -p "$work"
export CCACHE_NOHASHDIR=1 # the objects of the project's own build are found again

arguments=(-S "$source/tests/consumer/$kind" -B "$work" -G Ninja -DPATT_SOURCE="$source"
    -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG="$flags")
if command -v ccache >/dev/null; then
    arguments+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache -DCMAKE_C_COMPILER_LAUNCHER=ccache)
fi
if [[ $kind == installed ]]; then
    if cmake "${arguments[@]}" -B "$work/without" >"$work/without.log" 2>&1; then
        echo "The consumer was configured although PATT was not installed yet." >&2
        exit 1
    fi
    grep -q 'patt-config.cmake' "$work/without.log"
    DESTDIR='' cmake --install "$build" --prefix "$work/prefix"
    if grep -rlF -e "$build" -e "$source/" "$work/prefix/lib/cmake" "$work/prefix/lib"*/*/cmake 2>/dev/null; then
        echo "The installed package names folders of the machine it was built on." >&2
        exit 1
    fi
    arguments+=(-DCMAKE_PREFIX_PATH="$work/prefix")
else
    arguments+=(-DPATT_WERROR=ON) # the same flags as the project's own build, for ccache
fi
cmake "${arguments[@]}"
cmake --build "$work" -j 2
ctest --test-dir "$work" --output-on-failure --no-tests=error
if [[ $kind == installed ]]; then rm -rf "$work/prefix"; fi
