# SPDX-License-Identifier: MIT
#
# find_package(thunkgen): gives thunkgen_add_library(); see
# thunkgenFunctions.cmake beside this file.
# This may have been found in /lib, which is a link.
get_filename_component(THUNKGEN_PREFIX ${CMAKE_CURRENT_LIST_DIR} REALPATH)
get_filename_component(THUNKGEN_PREFIX ${THUNKGEN_PREFIX}/../../.. ABSOLUTE)
set(THUNKGEN_INCLUDES ${THUNKGEN_PREFIX}/include)
set(THUNKGEN_ARCH_INCLUDES ${THUNKGEN_PREFIX}/include/thunk/arch)
set(THUNKGEN_RUNTIME ${THUNKGEN_PREFIX}/lib/thunkgen)
set(THUNKGEN_SPECS ${THUNKGEN_PREFIX}/share/thunkgen/specs)

# For another machine, thunkgenFunctions.cmake finds one that runs here.
if(NOT TARGET thunkgen::thunkgen AND NOT CMAKE_CROSSCOMPILING)
  add_executable(thunkgen::thunkgen IMPORTED)
  set_target_properties(thunkgen::thunkgen PROPERTIES
    IMPORTED_LOCATION ${THUNKGEN_PREFIX}/bin/thunkgen)
endif()
if(NOT TARGET thunkgen::host)
  add_executable(thunkgen::thunk-run IMPORTED)
  set_target_properties(thunkgen::thunk-run PROPERTIES
    IMPORTED_LOCATION ${THUNKGEN_PREFIX}/bin/thunk-run)
  add_library(thunkgen::host SHARED IMPORTED)
  set_target_properties(thunkgen::host PROPERTIES
    IMPORTED_LOCATION ${THUNKGEN_RUNTIME}/host/libthunk-host.so
    INTERFACE_INCLUDE_DIRECTORIES ${THUNKGEN_INCLUDES})
endif()

# For USES x11, with the header and the source in THUNKGEN_SPECS/x11.
if(EXISTS ${THUNKGEN_RUNTIME}/host/libthunk-x11.so.1)
  set_property(GLOBAL PROPERTY THUNKGEN_OUTPUT_OF_x11 ${THUNKGEN_RUNTIME})
  set_property(GLOBAL PROPERTY THUNKGEN_SONAME_OF_x11 libthunk-x11.so.1)
  set_property(GLOBAL PROPERTY THUNKGEN_LIBRARY_OF_x11
    ${THUNKGEN_RUNTIME}/host/libthunk-x11.so.1)
endif()

include(${CMAKE_CURRENT_LIST_DIR}/thunkgenFunctions.cmake)
