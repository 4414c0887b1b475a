# One way to declare a library, a program and a test, so that all look alike.

# patt_library(core SOURCES ... [PUBLIC dep...] [PRIVATE dep...]): the static library patt_core, alias patt::core.
function(patt_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(patt_${name} STATIC ${arg_SOURCES})
  add_library(patt::${name} ALIAS patt_${name})
  set_target_properties(patt_${name} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON)
  target_compile_features(patt_${name} PUBLIC cxx_std_20)
  target_include_directories(patt_${name}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE ${PROJECT_SOURCE_DIR}/libpatt ${PROJECT_BINARY_DIR}/generated)
  target_link_libraries(patt_${name} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE} $<BUILD_INTERFACE:patt_options>)
  if(PATT_INSTALL)
    install(TARGETS patt_${name} EXPORT patt-targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  endif()
endfunction()

# patt_test(core_test LABEL unit SOURCES ... [LIBS ...]): a GoogleTest program; its tests carry the label.
function(patt_test name)
  cmake_parse_arguments(arg "" "LABEL;TIMEOUT" "SOURCES;LIBS" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/libpatt ${PROJECT_SOURCE_DIR}/tests
                                             ${PROJECT_BINARY_DIR}/generated)
  target_compile_definitions(${name} PRIVATE PATT_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE ${arg_LIBS} GTest::gtest_main GTest::gmock patt_options)
  if(PATT_SANITIZE)
    # One test a program: starting an instrumented program for each of thousands of cases takes minutes.
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES LABELS "${arg_LABEL}" TIMEOUT 900)
  else()
    gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
                         PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT})
  endif()
endfunction()

# patt_server_test(crowd_test LABEL integration SOURCES ... [LIBS ...]): as patt_test, but one ctest entry for the whole
# program, because it starts a server of its own. LABEL may be a list: "integration;long". SHARDS: as so many entries, each
# with a part of the tests and its own server.
function(patt_server_test name)
  cmake_parse_arguments(arg "" "TIMEOUT;SHARDS" "LABEL;SOURCES;LIBS" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  if(NOT PATT_SANITIZE STREQUAL "" AND NOT PATT_BUILD_APPS AND NOT "conformance" IN_LIST arg_LABEL)
    return() # The short form runs none of the others under sanitizers: see run_sanitized in tools/dev/checks.sh.
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/libpatt ${PROJECT_SOURCE_DIR}/tests
                                             ${PROJECT_BINARY_DIR}/generated)
  target_compile_definitions(${name} PRIVATE PATT_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE ${arg_LIBS} GTest::gtest_main GTest::gmock patt_options)
  if(NOT arg_SHARDS)
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES LABELS "${arg_LABEL}" TIMEOUT ${arg_TIMEOUT})
    return()
  endif()
  math(EXPR last "${arg_SHARDS} - 1")
  foreach(shard RANGE ${last})
    add_test(NAME ${name}.${shard} COMMAND ${name})
    set_tests_properties(${name}.${shard} PROPERTIES LABELS "${arg_LABEL}" TIMEOUT ${arg_TIMEOUT}
      ENVIRONMENT "GTEST_TOTAL_SHARDS=${arg_SHARDS};GTEST_SHARD_INDEX=${shard}")
  endforeach()
endfunction()

# patt_benchmark(bench_engine SOURCES ... [LIBS ...]): a Google Benchmark program. `./dev bench` runs every bench_*.
function(patt_benchmark name)
  cmake_parse_arguments(arg "" "" "SOURCES;LIBS" ${ARGN})
  find_package(benchmark REQUIRED)
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/libpatt ${PROJECT_SOURCE_DIR}/tests
                                             ${PROJECT_BINARY_DIR}/generated)
  target_link_libraries(${name} PRIVATE ${arg_LIBS} benchmark::benchmark patt_options)
endfunction()

# patt_fuzzer(fuzz_roster SOURCES ... [LIBS ...]): a libFuzzer program (Clang, PATT_SANITIZE=fuzz). `./dev fuzz` runs
# every fuzz_*, from the inputs in tests/fuzz/corpus/roster.
function(patt_fuzzer name)
  cmake_parse_arguments(arg "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/libpatt ${PROJECT_SOURCE_DIR}/tests
                                             ${PROJECT_BINARY_DIR}/generated)
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  if(NOT TARGET fuzzers)
    add_custom_target(fuzzers) # only what the fuzzers need
  endif()
  add_dependencies(fuzzers ${name})
  target_link_libraries(${name} PRIVATE ${arg_LIBS} patt_options)
endfunction()
