# SPDX-License-Identifier: MIT
#
# thunkgen_add_library(NAME z HEADER zlib.h SPEC zlib.yml GUESTS x86_64)
#
# Generates the thunk of a shared library and builds both halves of it:
#
#   target NAME-guest-ISA   lib/thunkgen/guest/ISA/SONAME    for each guest, and
#                           a link to it without the version
#   target NAME-host        lib/thunkgen/host/libLIBRARY-htl.so
#
# below the build folder, for thunk-run --thunks BUILD/lib/thunkgen, and
# installs them into the same places below the prefix. lib/thunkgen/packs/PACK has
# links to the thunks of each pack, for thunk-run --thunks PACK.
#
#   NAME       for the targets
#   HEADER     one or more headers, as #include <...> takes them
#   SPEC       the spec; it has to have 'library:' and 'soname:' (docs/spec.md)
#   GUESTS     any of x86_64 aarch64 riscv64; default: THUNKGEN_GUESTS
#   LIBRARY    the library: a target of this project or a file. The host's half
#              then finds it there too. Default: SONAME on the search path
#   INCLUDES   folders for the headers
#   GUEST_SOURCES  sources of the guest's half, beside what is generated
#   USES       NAMEs of other thunks of this project, or x11, which is installed
#              with thunkgen: the guest's half is linked with their guests'
#              halves, the host's with their LIBRARY
#   PACKS      what it belongs to: programs take all thunks of a pack, or none;
#              default: its 'library:'
#   APART      programs have it only by one of its packs, not for want of
#              --thunks: it lies in lib/thunkgen/apart/ISA
#   OUTPUT     folder in place of BUILD/lib/thunkgen
#   NO_INSTALL leaves it out of the installation
#
# A guest's code is compiled by THUNKGEN_<ISA>_CC: by default CMAKE_C_COMPILER
# for this machine's own ISA, else <ISA>-linux-gnu-gcc. Guests are those whose
# compiler has the headers and libraries of their libc.
#
# A library may be newer than its spec. With THUNKGEN_TOLERANT set, what this
# machine does not have under that soname is left out, as are symbols that would
# be refused; both with a message. Without it, either is an error.
#
# With a toolchain file (CMAKE_TOOLCHAIN_FILE) the host is the machine that this
# is for: CMAKE_SYSTEM_PROCESSOR, with headers and libraries in CMAKE_SYSROOT.
# THUNKGEN_EXECUTABLE is a thunkgen that runs here, by default the one on PATH.

set(THUNKGEN_ISAS x86_64 aarch64 riscv64)
set(THUNKGEN_HOST_ISA ${CMAKE_SYSTEM_PROCESSOR})
if(NOT THUNKGEN_HOST_ISA IN_LIST THUNKGEN_ISAS)
  message(FATAL_ERROR "thunkgen: hosts are ${THUNKGEN_ISAS}; "
    "this one is ${THUNKGEN_HOST_ISA}")
endif()

# What a guest lacks is said with the packages that have it, by Debian's names.
set(_thunkgen_debian_x86_64 x86-64 amd64)
set(_thunkgen_debian_aarch64 aarch64 arm64)
set(_thunkgen_debian_riscv64 riscv64 riscv64)

# A compiler without its libc counts as none: the next run of CMake looks again.
set(_thunkgen_found)
set(_thunkgen_not)
foreach(_isa ${THUNKGEN_ISAS})
  list(GET _thunkgen_debian_${_isa} 0 _package)
  list(GET _thunkgen_debian_${_isa} 1 _architecture)
  set(_thunkgen_lack_${_isa} "THUNKGEN_${_isa}_CC is empty")
  if(_isa STREQUAL THUNKGEN_HOST_ISA)
    set(THUNKGEN_${_isa}_CC ${CMAKE_C_COMPILER} CACHE FILEPATH
      "Compiler of ${_isa} guest code")
  else()
    find_program(THUNKGEN_${_isa}_CC ${_isa}-linux-gnu-gcc
      NO_CMAKE_FIND_ROOT_PATH DOC "Compiler of ${_isa} guest code")
    if(NOT THUNKGEN_${_isa}_CC)
      set(_thunkgen_lack_${_isa}
        "no ${_isa}-linux-gnu-gcc (Debian: gcc-${_package}-linux-gnu)")
    else()
      set(_trial ${CMAKE_BINARY_DIR}/CMakeFiles/thunkgen-${_isa}.so)
      execute_process(COMMAND ${THUNKGEN_${_isa}_CC} -shared -fPIC
          -include stdlib.h -x c /dev/null -o ${_trial}
        RESULT_VARIABLE _status OUTPUT_QUIET ERROR_QUIET)
      file(REMOVE ${_trial})
      if(NOT _status EQUAL 0)
        set(_thunkgen_lack_${_isa} "${THUNKGEN_${_isa}_CC} finds no libc \
(Debian: libc6-dev-${_architecture}-cross)")
        set(THUNKGEN_${_isa}_CC THUNKGEN_${_isa}_CC-NOTFOUND)
      endif()
    endif()
  endif()
  if(NOT THUNKGEN_${_isa}_CC)
    list(APPEND _thunkgen_not "${_isa}: ${_thunkgen_lack_${_isa}}")
  else()
    list(APPEND _thunkgen_found ${_isa})
    execute_process(COMMAND ${THUNKGEN_${_isa}_CC} -print-prog-name=strip
      OUTPUT_VARIABLE THUNKGEN_${_isa}_STRIP OUTPUT_STRIP_TRAILING_WHITESPACE)
  endif()
endforeach()
list(JOIN _thunkgen_found ", " _guests)
list(JOIN _thunkgen_not "; " _not)
if(_not)
  string(PREPEND _not "; not ")
endif()
message(STATUS "thunkgen: guests: ${_guests}${_not}")
set(THUNKGEN_GUESTS "" CACHE STRING
  "Guests for which thunkgen_add_library builds by default; without any, x86_64 \
where that has a compiler, else this machine's own ISA")
if(NOT THUNKGEN_GUESTS)
  set(THUNKGEN_GUESTS ${THUNKGEN_HOST_ISA})
  if(THUNKGEN_x86_64_CC)
    set(THUNKGEN_GUESTS x86_64)
  endif()
endif()

set(_thunkgen_host)
if(CMAKE_CROSSCOMPILING)
  find_program(THUNKGEN_EXECUTABLE thunkgen NO_CMAKE_FIND_ROOT_PATH
    DOC "A thunkgen that runs on this machine")
  if(NOT THUNKGEN_EXECUTABLE)
    message(FATAL_ERROR "thunkgen: to build for ${THUNKGEN_HOST_ISA}, one that "
      "runs here is needed: set THUNKGEN_EXECUTABLE")
  endif()
  if(NOT TARGET thunkgen::thunkgen)
    add_executable(thunkgen::thunkgen IMPORTED GLOBAL)
    set_target_properties(thunkgen::thunkgen PROPERTIES
      IMPORTED_LOCATION ${THUNKGEN_EXECUTABLE})
  endif()
  set(_thunkgen_host --host ${THUNKGEN_HOST_ISA})
  if(CMAKE_SYSROOT)
    list(APPEND _thunkgen_host --sysroot host=${CMAKE_SYSROOT})
  endif()
  if(CMAKE_C_COMPILER_TARGET)
    list(APPEND _thunkgen_host --target host=${CMAKE_C_COMPILER_TARGET})
  endif()
endif()

# Where compilers and thunks of the runtime are found: in its own build, and
# below the prefix of an installed one (thunkgenConfig.cmake sets the rest).
if(NOT DEFINED THUNKGEN_PREFIX)
  set(THUNKGEN_INCLUDES ${CMAKE_CURRENT_LIST_DIR}/../runtime/include)
  set(THUNKGEN_ARCH_INCLUDES ${CMAKE_CURRENT_LIST_DIR}/../runtime/arch)
  set(THUNKGEN_RUNTIME ${CMAKE_BINARY_DIR}/lib/thunkgen)
endif()

# Output folders of this project.
set(THUNKGEN_OUTPUT ${CMAKE_BINARY_DIR}/lib/thunkgen)

# Exceptions of the program's pass thunks and runtime; not every ISA's compiler
# writes down by itself how.
set(THUNKGEN_GUEST_FLAGS -std=gnu11 -O2 -g -fPIC -fvisibility=hidden
  -fexceptions -funwind-tables)

# thunkgen_guest_library(TARGET t ISA i OUTPUT file SOURCES ... [STAMP file]
#                        [DEPENDS ...] [COMPILE ...] [LINK ...])
# A shared library for a guest. CMake has one C compiler a project, and a guest's
# is another: so the steps are spelled out, the same for every ISA. STAMP is what
# generated sources come with; DEPENDS is of the linker. What is generated has no
# rule of its own in a makefile, so there STAMP is waited for; Ninja sees where it is
# as it was.
function(thunkgen_guest_library)
  cmake_parse_arguments(arg "" "TARGET;ISA;OUTPUT;STAMP"
    "SOURCES;DEPENDS;COMPILE;LINK"
    ${ARGN})
  set(objects)
  foreach(source ${arg_SOURCES})
    get_filename_component(name ${source} NAME)
    set(object ${CMAKE_CURRENT_BINARY_DIR}/${arg_TARGET}.dir/${name}.o)
    get_source_file_property(is_generated ${source} GENERATED)
    set(depends ${source})
    if(is_generated AND NOT CMAKE_GENERATOR MATCHES Ninja)
      set(depends ${arg_STAMP})
    endif()
    add_custom_command(OUTPUT ${object}
      COMMAND ${THUNKGEN_${arg_ISA}_CC} ${THUNKGEN_GUEST_FLAGS}
        -I${THUNKGEN_INCLUDES} -I${THUNKGEN_ARCH_INCLUDES}/${arg_ISA}
        ${arg_COMPILE} -MD -MF ${object}.d -MQ ${object} -c ${source}
        -o ${object}
      DEPENDS ${depends}
      DEPFILE ${object}.d
      COMMENT "Compiling ${name} for ${arg_ISA} guests"
      COMMAND_EXPAND_LISTS VERBATIM)
    list(APPEND objects ${object})
    file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/${arg_TARGET}.dir)
  endforeach()
  get_filename_component(folder ${arg_OUTPUT} DIRECTORY)
  get_filename_component(name ${arg_OUTPUT} NAME)
  file(MAKE_DIRECTORY ${folder})
  add_custom_command(OUTPUT ${arg_OUTPUT}
    COMMAND ${THUNKGEN_${arg_ISA}_CC} -shared -o ${arg_OUTPUT} ${objects}
      -Wl,-soname,${name} -Wl,-z,nodelete -Wl,-z,relro -Wl,--no-undefined
      -Wl,-Bsymbolic-functions
      ${arg_LINK}
    DEPENDS ${objects} ${arg_DEPENDS}
    COMMENT "Linking ${name} for ${arg_ISA} guests"
    COMMAND_EXPAND_LISTS VERBATIM)
  add_custom_target(${arg_TARGET} ALL DEPENDS ${arg_OUTPUT})
endfunction()

# thunkgen_install_guest(ISA FOLDER FILE...): installs a guest's library, the first
# FILE, and links to it into lib/thunkgen/FOLDER/ISA. It is stripped where that is
# asked for by the guest's tool, which CMake's own may not be.
function(thunkgen_install_guest isa folder library)
  set(destination lib/thunkgen/${folder}/${isa})
  get_filename_component(name ${library} NAME)
  install(FILES ${library} ${ARGN} DESTINATION ${destination})
  install(CODE "
    if(CMAKE_INSTALL_DO_STRIP)
      execute_process(COMMAND ${THUNKGEN_${isa}_STRIP}
        \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${destination}/${name}\"
        COMMAND_ERROR_IS_FATAL ANY)
    endif()")
endfunction()

# _thunkgen_pack(OUTPUT FOLDER PACK ISA NAME...): OUTPUT/packs/PACK has links to
# these files of OUTPUT/FOLDER/ISA; it is a folder of thunks like OUTPUT itself.
function(_thunkgen_pack output from pack isa)
  set(folder ${output}/packs/${pack})
  file(MAKE_DIRECTORY ${folder}/guest/${isa})
  foreach(name ${ARGN})
    file(CREATE_LINK ../../../../${from}/${isa}/${name}
      ${folder}/guest/${isa}/${name} SYMBOLIC)
  endforeach()
  file(CREATE_LINK ../../host ${folder}/host SYMBOLIC)
endfunction()

# The value of a key at the top of a spec.
function(_thunkgen_spec_value spec key variable)
  file(STRINGS ${spec} lines REGEX "^${key}:")
  string(REGEX REPLACE "^${key}:[ \t]*[\"']?([^ \t\"'#]*).*" "\\1" value
    "${lines}")
  if(value STREQUAL "")
    message(FATAL_ERROR "thunkgen_add_library: ${spec} has no '${key}:' line")
  endif()
  set(${variable} ${value} PARENT_SCOPE)
endfunction()

function(thunkgen_add_library)
  cmake_parse_arguments(arg "APART;NO_INSTALL" "NAME;SPEC;LIBRARY;OUTPUT"
    "HEADER;GUESTS;INCLUDES;GUEST_SOURCES;USES;PACKS" ${ARGN})
  if(NOT arg_OUTPUT)
    set(arg_OUTPUT ${THUNKGEN_OUTPUT})
  endif()
  foreach(key NAME HEADER SPEC)
    if(NOT arg_${key})
      message(FATAL_ERROR "thunkgen_add_library: ${key} is missing")
    endif()
  endforeach()
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR
      "thunkgen_add_library: not understood: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_GUESTS)
    set(arg_GUESTS ${THUNKGEN_GUESTS})
  endif()
  get_filename_component(spec ${arg_SPEC} ABSOLUTE)
  if(NOT EXISTS ${spec})
    message(FATAL_ERROR "thunkgen_add_library: no spec ${spec}")
  endif()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${spec})
  _thunkgen_spec_value(${spec} library library)
  _thunkgen_spec_value(${spec} soname soname)
  if(THUNKGEN_TOLERANT AND NOT arg_LIBRARY AND NOT CMAKE_CROSSCOMPILING)
    find_library(file NAMES ${soname} PATHS ENV LD_LIBRARY_PATH NO_CACHE)
    if(NOT file)
      message(STATUS "thunkgen: no thunk of ${soname}, which is not here")
      return()
    endif()
  endif()
  if(NOT arg_PACKS)
    set(arg_PACKS ${library})
  endif()
  set(guest_folder guest)
  if(arg_APART)
    set(guest_folder apart)
  endif()

  # One folder has room for one thunk of a library.
  get_property(other GLOBAL PROPERTY THUNKGEN_SPEC_OF_${arg_OUTPUT}/${soname})
  if(other)
    message(FATAL_ERROR
      "thunkgen_add_library: ${soname} has two specs, ${other} and ${spec}")
  endif()
  set_property(GLOBAL PROPERTY THUNKGEN_SPEC_OF_${arg_OUTPUT}/${soname} ${spec})

  foreach(key LIBRARY OUTPUT)
    set_property(GLOBAL PROPERTY THUNKGEN_${key}_OF_${arg_NAME} ${arg_${key}})
  endforeach()
  set_property(GLOBAL PROPERTY THUNKGEN_FOLDER_OF_${arg_NAME} ${guest_folder})
  set_property(GLOBAL PROPERTY THUNKGEN_SONAME_OF_${arg_NAME} ${soname})
  list(TRANSFORM arg_GUEST_SOURCES PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/
    REGEX "^[^/]")

  # Generate.
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${arg_NAME}-thunk)
  set(stem ${folder}/${library})
  set(generated ${stem}-frames.h ${stem}-guest.c ${stem}-guest.map
    ${stem}-host.c)
  set(options)
  foreach(header ${arg_HEADER})
    list(APPEND options --header ${header})
  endforeach()
  set(include_options)
  foreach(include ${arg_INCLUDES})
    get_filename_component(include ${include} ABSOLUTE)
    list(APPEND include_options -I${include})
  endforeach()
  set(library_file)
  set(library_folder)
  if(TARGET "${arg_LIBRARY}")
    set(library_file $<TARGET_FILE:${arg_LIBRARY}>)
    set(library_folder $<TARGET_FILE_DIR:${arg_LIBRARY}>)
  elseif(arg_LIBRARY)
    get_filename_component(library_file ${arg_LIBRARY} ABSOLUTE)
    get_filename_component(library_folder ${library_file} DIRECTORY)
  endif()
  if(library_file)
    list(APPEND options --library ${library_file})
  endif()
  list(JOIN arg_GUESTS "," guests)
  list(APPEND options ${include_options} --spec ${spec} --guest ${guests}
    ${_thunkgen_host})
  set_property(GLOBAL PROPERTY THUNKGEN_OPTIONS_OF_${arg_NAME} ${options})
  set(tolerant)
  if(THUNKGEN_TOLERANT)
    set(tolerant --omit-refused)
    set_property(GLOBAL APPEND PROPERTY THUNKGEN_TOLERATED ${arg_NAME})
  endif()
  add_custom_command(OUTPUT ${stem}.stamp
    BYPRODUCTS ${generated}
    COMMAND thunkgen::thunkgen ${options} ${tolerant} -o ${folder}
      --depfile ${stem}.d --deptarget ${stem}.stamp
    COMMAND ${CMAKE_COMMAND} -E touch ${stem}.stamp
    DEPENDS thunkgen::thunkgen ${spec} ${library_file}
    DEPFILE ${stem}.d
    COMMENT "Generating the thunk of ${soname}"
    COMMAND_EXPAND_LISTS VERBATIM)
  add_custom_target(${arg_NAME}-generate DEPENDS ${stem}.stamp)

  string(REGEX REPLACE "\\.so\\..*" ".so" link_name ${soname})

  # Where the runtime is built beside the thunk, it lies in $ORIGIN.
  set(runtime_elsewhere TRUE)
  set(host_rpath "$ORIGIN" ${THUNKGEN_RUNTIME}/host)
  if(THUNKGEN_RUNTIME STREQUAL arg_OUTPUT)
    set(runtime_elsewhere FALSE)
    set(host_rpath "$ORIGIN")
  endif()

  # The guests' halves.
  set(map)
  if(CMAKE_GENERATOR MATCHES Ninja)
    set(map ${stem}-guest.map)
  endif()
  foreach(isa ${arg_GUESTS})
    if(NOT THUNKGEN_${isa}_CC)
      message(FATAL_ERROR "thunkgen_add_library: ${isa} guests: "
        "${_thunkgen_lack_${isa}}, or set THUNKGEN_${isa}_CC")
    endif()
    set(runtime ${THUNKGEN_RUNTIME}/guest/${isa})
    set(rpath "-Wl,-rpath,$ORIGIN")
    set(runtime_target)
    if(TARGET thunk-guest-${isa})
      set(runtime_target thunk-guest-${isa})
    endif()
    if(runtime_elsewhere)
      string(APPEND rpath ":${runtime}")
    endif()
    set(used_guests)
    foreach(used ${arg_USES})
      get_property(used_output GLOBAL PROPERTY THUNKGEN_OUTPUT_OF_${used})
      get_property(used_soname GLOBAL PROPERTY THUNKGEN_SONAME_OF_${used})
      if(NOT used_soname)
        message(FATAL_ERROR "thunkgen_add_library: ${arg_NAME} USES ${used}, "
          "but no thunk of that name was added before, or installed")
      endif()
      get_property(used_folder GLOBAL PROPERTY THUNKGEN_FOLDER_OF_${used})
      if(NOT used_folder)
        set(used_folder guest)
      endif()
      list(APPEND used_guests
        ${used_output}/${used_folder}/${isa}/${used_soname})
    endforeach()
    thunkgen_guest_library(TARGET ${arg_NAME}-guest-${isa} ISA ${isa}
      OUTPUT ${arg_OUTPUT}/${guest_folder}/${isa}/${soname}
      SOURCES ${stem}-guest.c ${arg_GUEST_SOURCES}
      COMPILE ${include_options} -I${folder}
      STAMP ${stem}.stamp
      DEPENDS ${map} ${runtime_target} ${runtime}/libthunk-guest.so
        ${used_guests}
      LINK -Xlinker --version-script=${stem}-guest.map ${rpath} ${used_guests}
        ${runtime}/libthunk-guest.so)
    foreach(used ${arg_USES})
      if(TARGET ${used}-guest-${isa})
        add_dependencies(${arg_NAME}-guest-${isa} ${used}-guest-${isa})
      endif()
    endforeach()
    add_dependencies(${arg_NAME}-guest-${isa} ${arg_NAME}-generate)
    # Where the library's headers are installed, too, programs that open it
    # themselves may find it by the name that the linker uses.
    set(names ${soname})
    if(NOT link_name STREQUAL soname)
      file(CREATE_LINK ${soname} ${arg_OUTPUT}/${guest_folder}/${isa}/${link_name}
        SYMBOLIC)
      list(APPEND names ${link_name})
    endif()
    set(files ${names})
    list(TRANSFORM files PREPEND ${arg_OUTPUT}/${guest_folder}/${isa}/)
    foreach(pack ${arg_PACKS})
      _thunkgen_pack(${arg_OUTPUT} ${guest_folder} ${pack} ${isa} ${names})
      if(NOT runtime_elsewhere)
        _thunkgen_pack(${arg_OUTPUT} guest ${pack} ${isa} libthunk-guest.so)
      endif()
    endforeach()
    if(NOT arg_NO_INSTALL)
      thunkgen_install_guest(${isa} ${guest_folder} ${files})
    endif()
  endforeach()
  if(NOT arg_NO_INSTALL)
    foreach(pack ${arg_PACKS})
      install(DIRECTORY ${arg_OUTPUT}/packs/${pack}
        DESTINATION lib/thunkgen/packs)
    endforeach()
  endif()

  # The host's half.
  add_library(${arg_NAME}-host MODULE ${stem}-host.c)
  add_dependencies(${arg_NAME}-host ${arg_NAME}-generate)
  target_include_directories(${arg_NAME}-host PRIVATE ${arg_INCLUDES})
  target_link_libraries(${arg_NAME}-host
    PRIVATE thunkgen::host ${CMAKE_DL_LIBS})
  foreach(used ${arg_USES})
    get_property(used_library GLOBAL PROPERTY THUNKGEN_LIBRARY_OF_${used})
    target_link_libraries(${arg_NAME}-host PRIVATE ${used_library})
  endforeach()
  set_target_properties(${arg_NAME}-host PROPERTIES
    OUTPUT_NAME ${library}-htl
    PREFIX lib
    C_VISIBILITY_PRESET hidden
    LIBRARY_OUTPUT_DIRECTORY ${arg_OUTPUT}/host
    BUILD_RPATH "${host_rpath}"
    BUILD_RPATH_USE_ORIGIN TRUE
    INSTALL_RPATH "${host_rpath}")
  if(library_folder)
    set_property(TARGET ${arg_NAME}-host APPEND PROPERTY
      BUILD_RPATH ${library_folder})
  endif()
  if(NOT arg_NO_INSTALL)
    install(TARGETS ${arg_NAME}-host DESTINATION lib/thunkgen/host)
  endif()
endfunction()
