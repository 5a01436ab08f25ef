# SPDX-License-Identifier: MIT
#
# Finds libclang's C API (Debian's libclang-N-dev has no CMake package of it).
# Version 14 is the floor; the newest that is installed is taken, or the one
# below LibClang_ROOT.
#
#   LibClang_FOUND, LibClang_VERSION, target LibClang::LibClang

set(_libclang_hints)
foreach(_version RANGE 30 14 -1)
  list(APPEND _libclang_hints /usr/lib/llvm-${_version})
endforeach()

find_path(LibClang_INCLUDE_DIR clang-c/Index.h
  HINTS ${_libclang_hints} PATH_SUFFIXES include)
get_filename_component(_libclang_prefix "${LibClang_INCLUDE_DIR}" DIRECTORY)
find_library(LibClang_LIBRARY clang
  HINTS ${_libclang_prefix} ${_libclang_hints} PATH_SUFFIXES lib)

if(_libclang_prefix MATCHES "llvm-([0-9]+)$")
  set(LibClang_VERSION ${CMAKE_MATCH_1})
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibClang
  REQUIRED_VARS LibClang_LIBRARY LibClang_INCLUDE_DIR
  VERSION_VAR LibClang_VERSION)

if(LibClang_FOUND AND NOT TARGET LibClang::LibClang)
  add_library(LibClang::LibClang UNKNOWN IMPORTED)
  set_target_properties(LibClang::LibClang PROPERTIES
    IMPORTED_LOCATION "${LibClang_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${LibClang_INCLUDE_DIR}")
endif()
