# Writes migrations into a C++ source: cmake -D FROM=folder -D "FILES=0001_a.sql;..." -D TO=file.cpp -P (this file).
# The names are arguments so that a removed file changes the command, and with it what has to be built.
# NNNN_name.sql is for every database; NNNN_name.sqlite.sql and NNNN_name.postgres.sql take its place for one.
cmake_minimum_required(VERSION 3.25)

set(files ${FILES})
list(SORT files)
set(stems "")
foreach(file IN LISTS files)
  if(NOT file MATCHES "^([0-9][0-9][0-9][0-9]_[a-z0-9_]+)(\\.sqlite|\\.postgres)?\\.sql$")
    message(FATAL_ERROR "${FROM}/${file}: a migration is named NNNN_name.sql, NNNN_name.sqlite.sql or NNNN_name.postgres.sql")
  endif()
  list(APPEND stems ${CMAKE_MATCH_1})
endforeach()
list(REMOVE_DUPLICATES stems)

# The text of one file as a raw string literal, or an empty one when there is no such file.
function(literal path result)
  set(text "")
  if(EXISTS ${path})
    file(READ ${path} text)
    string(STRIP "${text}" stripped)
    if(stripped STREQUAL "")
      message(FATAL_ERROR "${path}: the file is empty; a migration that does nothing has a comment that says why")
    endif()
    string(FIND "${text}" ")patt_sql\"" found)
    if(NOT found EQUAL -1)
      message(FATAL_ERROR "${path}: contains the end mark of the literal it is put into")
    endif()
  endif()
  set(${result} "R\"patt_sql(${text})patt_sql\"" PARENT_SCOPE)
endfunction()

set(rows "")
set(expected 0)
foreach(stem IN LISTS stems)
  math(EXPR expected "${expected} + 1")
  string(REGEX MATCH "^0*([0-9]+)_(.*)$" ignored "${stem}")
  set(number ${CMAKE_MATCH_1})
  set(name ${CMAKE_MATCH_2})
  if(NOT number EQUAL expected)
    message(FATAL_ERROR "${FROM}/${stem}: number ${expected} was expected; each number is used once, without gaps")
  endif()
  literal(${FROM}/${stem}.sql shared)
  literal(${FROM}/${stem}.sqlite.sql sqlite)
  literal(${FROM}/${stem}.postgres.sql postgres)
  string(APPEND rows "    migration{${number}, \"${name}\",\n${shared},\n${sqlite},\n${postgres}},\n")
endforeach()

list(LENGTH stems count)
set(source "// Generated from libpatt/store/migrations by embed_migrations.cmake.
#include <patt/store/migrations.hpp>

#include <array>

namespace patt::store {
namespace {
constexpr std::array<migration, ${count}> all{${rows}};
} // namespace

std::span<const migration> built_in_migrations() noexcept {
    return all;
}
} // namespace patt::store
")
file(WRITE ${TO} "${source}")
