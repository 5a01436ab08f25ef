# SPDX-License-Identifier: MIT
# Run by cpack when the trees of all packages are there, and before it packs them:
# gives them what Debian's policy asks for, and tells cpack what they depend on.
#
# cpack's own search for dependencies, dpkg-shlibdeps over all that is ELF, does
# not fit: most of a tree is code of guests, and packages for another machine have
# its libraries in a folder. Here dependencies come from the list of libraries
# (shlibs) in each Debian package that is installed, or was unpacked into that
# folder.
set(version ${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})

# ---- Dependencies

find_program(READELF readelf REQUIRED)

# Those of this architecture first; another's libc may be there as well.
set(info ${CPACK_THUNK_ROOT}/var/lib/dpkg/info)
file(GLOB lists ${info}/*:${CPACK_DEBIAN_PACKAGE_ARCHITECTURE}.shlibs)
file(GLOB others ${info}/*.shlibs)
list(FILTER others EXCLUDE REGEX ":")
set(shlibs)
foreach(list ${lists} ${others})
  file(STRINGS ${list} lines)
  list(APPEND shlibs ${lines})
endforeach()
list(TRANSFORM shlibs REPLACE "[ \t]+" " ")

# package_of(VARIABLE SONAME): what Debian calls the package with that library.
function(package_of variable soname)
  if(soname MATCHES "^(.+)\\.so\\.(.+)$")
    set(key "${CMAKE_MATCH_1} ${CMAKE_MATCH_2}")
  elseif(soname MATCHES "^(.+)-(.+)\\.so$")
    set(key "${CMAKE_MATCH_1} ${CMAKE_MATCH_2}")
  endif()
  string(REGEX REPLACE "([.+])" "\\\\\\1" pattern "${key}")
  set(found ${shlibs})
  list(FILTER found INCLUDE REGEX "^${pattern} ")
  if(NOT found)
    message(FATAL_ERROR "no Debian package with ${soname} is known to ${info}")
  endif()
  list(GET found 0 line)
  string(REGEX MATCH "^[^ ]+ [^ ]+ (.*)" line "${line}")
  set(${variable} "${CMAKE_MATCH_1}" PARENT_SCOPE)
endfunction()

# libraries_of(VARIABLE FILE...): the sonames that they need, but for ours.
function(libraries_of variable)
  set(sonames)
  foreach(file ${ARGN})
    execute_process(COMMAND ${READELF} -dW ${file} OUTPUT_VARIABLE dynamic
      COMMAND_ERROR_IS_FATAL ANY)
    string(REGEX MATCHALL "\\(NEEDED\\)[^\n]*" lines "${dynamic}")
    foreach(line ${lines})
      string(REGEX REPLACE ".*\\[(.*)\\].*" "\\1" soname "${line}")
      list(APPEND sonames ${soname})
    endforeach()
  endforeach()
  list(FILTER sonames EXCLUDE REGEX "^libthunk-")
  list(REMOVE_DUPLICATES sonames)
  set(${variable} ${sonames} PARENT_SCOPE)
endfunction()

# packages_of(VARIABLE SONAME...): as a field of a control file has them.
function(packages_of variable)
  set(packages)
  foreach(soname ${ARGN})
    package_of(package ${soname})
    list(APPEND packages ${package})
  endforeach()
  list(REMOVE_DUPLICATES packages)
  list(SORT packages)
  list(JOIN packages ", " packages)
  set(${variable} "${packages}" PARENT_SCOPE)
endfunction()

# field(PACKAGE FIELD VALUE...): what is empty is left out.
macro(field package name)
  string(TOUPPER CPACK_DEBIAN_${package}_PACKAGE_${name} _variable)
  set(_values ${ARGN})
  list(REMOVE_ITEM _values "")
  list(JOIN _values ", " ${_variable})
endmacro()

set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")
foreach(package ${CPACK_COMPONENTS_ALL})
  string(TOUPPER ${package} upper)
  set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${package})
  file(READ ${CPACK_THUNK_SOURCE}/packaging/description/${package}
    CPACK_DEBIAN_${upper}_DESCRIPTION)

  # What belongs to the host. Host thunks open their libraries themselves.
  set(tree ${CPACK_TEMPORARY_DIRECTORY}/${package}/usr)
  file(GLOB programs ${tree}/bin/* ${tree}/lib/thunkgen/qemu/qemu-*
    ${tree}/lib/thunkgen/libdlcall.so ${tree}/lib/thunkgen/host/*-htl.so
    ${tree}/lib/thunkgen/host/libthunk-host.so)
  list(FILTER programs EXCLUDE REGEX "/thunk-(qemu|sysroot)$")
  libraries_of(sonames ${programs})
  packages_of(libraries_${package} ${sonames})
  if(package STREQUAL thunkgen)
    # libclang reads headers of clang's own, which its package does without.
    string(REGEX MATCH "libclang-([0-9]+)\\.so" found "${sonames}")
    set(libclang libclang-common-${CMAKE_MATCH_1}-dev)
  endif()
endforeach()

# Those of which there are thunks. What draws is for machines that have a screen.
set(tree ${CPACK_TEMPORARY_DIRECTORY}/thunk-packs/usr/lib/thunkgen)
file(GLOB thunks RELATIVE ${tree} ${tree}/packs/*/guest/*/*.so.*)
foreach(thunk ${thunks})
  get_filename_component(soname ${thunk} NAME)
  if(thunk MATCHES "^packs/(gl|vulkan|x11)/")
    list(APPEND drawing ${soname})
  else()
    list(APPEND computing ${soname})
  endif()
endforeach()
list(FILTER drawing EXCLUDE REGEX "^libthunk-")
packages_of(drawing ${drawing})
packages_of(computing ${computing})

# The host's runtime opens mimalloc itself, whichever the release has.
field(thunk-run depends "${libraries_thunk-run}" "libmimalloc2.0 | libmimalloc3")
# Debian 12's qemu-user is the last one that can load plugins.
field(thunk-run recommends "thunk-packs (= ${version})"
  "thunk-qemu | qemu-user (<< 1:8)")
field(thunk-run suggests "thunkgen (= ${version})")
field(thunk-packs depends "thunk-run (= ${version})" "${libraries_thunk-packs}")
field(thunk-packs recommends "${computing}")
field(thunk-packs suggests "${drawing}")
field(thunk-qemu depends "${libraries_thunk-qemu}")
field(thunk-qemu enhances "thunk-run")
# thunks are linked with the runtime, and compiled by the guests' compilers.
field(thunkgen depends "thunk-run (= ${version})" "${libraries_thunkgen}"
  "${libclang}")
field(thunkgen recommends "cmake" "gcc" "libc6-dev" "ninja-build | make")
set(compilers gcc-x86-64-linux-gnu gcc-aarch64-linux-gnu gcc-riscv64-linux-gnu)
field(thunkgen suggests "thunk-packs (= ${version})" ${compilers})
set(CPACK_DEBIAN_THUNK-RUN_PACKAGE_SECTION otherosfs)
set(CPACK_DEBIAN_THUNK-PACKS_PACKAGE_SECTION otherosfs)
set(CPACK_DEBIAN_THUNK-QEMU_PACKAGE_SECTION otherosfs)
set(CPACK_DEBIAN_THUNKGEN_PACKAGE_SECTION devel)

# ---- Documents

find_program(GZIP gzip REQUIRED)
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)

foreach(package ${CPACK_COMPONENTS_ALL})
  set(tree ${CPACK_TEMPORARY_DIRECTORY}/${package}/usr)
  set(documents ${tree}/share/doc/${package})
  file(WRITE ${documents}/changelog.Debian
    "thunkgen (${version}) unstable; urgency=medium\n\n"
    "  * Built from its sources for ${CPACK_THUNK_RELEASE}.\n\n"
    " -- ${CPACK_PACKAGE_CONTACT}  ${date}\n")
  if(EXISTS ${documents}/CHANGELOG.md)
    file(RENAME ${documents}/CHANGELOG.md ${documents}/changelog)
  endif()
  file(GLOB plain ${tree}/share/man/man1/*.1 ${documents}/changelog*)
  execute_process(COMMAND ${GZIP} -9nf ${plain} COMMAND_ERROR_IS_FATAL ANY)
  set(overrides ${CPACK_THUNK_SOURCE}/packaging/lintian/${package})
  if(EXISTS ${overrides})
    file(MAKE_DIRECTORY ${tree}/share/lintian/overrides)
    file(COPY_FILE ${overrides} ${tree}/share/lintian/overrides/${package})
  endif()
endforeach()
