# Compiler settings shared by every target of the project. Linked privately, so an embedder inherits none.
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_CXX_EXTENSIONS OFF)
include(GNUInstallDirs)

add_library(patt_options INTERFACE)
target_compile_features(patt_options INTERFACE cxx_std_20)
target_compile_options(patt_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
                                              -Wnon-virtual-dtor -Wold-style-cast)
if(PATT_WERROR)
  target_compile_options(patt_options INTERFACE -Werror)
endif()

if(PATT_SANITIZE MATCHES "^(address|fuzz)$")
  # null, alignment and vptr checks double the build time and found nothing the others do not.
  set(flags -fsanitize=address,undefined -fno-sanitize=null,alignment,vptr -fno-sanitize-recover=all
            -fno-omit-frame-pointer)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    list(APPEND flags -fno-sanitize=function) # Clang 14 cannot assemble coroutines with it.
  endif()
  if(PATT_SANITIZE STREQUAL "fuzz")
    list(APPEND flags -fsanitize=fuzzer-no-link) # patt_fuzzer() links libFuzzer's main to each fuzzer.
  endif()
elseif(PATT_SANITIZE STREQUAL "thread")
  set(flags -fsanitize=thread)
elseif(PATT_SANITIZE STREQUAL "coverage")
  set(flags --coverage)
endif()
if(PATT_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Instrumented code makes GCC 12 warn about the standard library's own <regex> and <functional>.
  target_compile_options(patt_options INTERFACE -Wno-maybe-uninitialized)
endif()
if(PATT_SANITIZE)
  add_compile_options(${flags})
  add_link_options(${flags})
endif()

find_program(PATT_LLD ld.lld)
if(PATT_LLD)
  add_link_options(-fuse-ld=lld)
endif()
find_program(PATT_CCACHE ccache)
if(PATT_CCACHE AND PROJECT_IS_TOP_LEVEL)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${PATT_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${PATT_CCACHE})
endif()
