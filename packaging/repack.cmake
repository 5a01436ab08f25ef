# SPDX-License-Identifier: MIT
# Run by cpack when it has made Debian packages: packs them again, by dpkg-deb,
# with their size. cpack's Installed-Size follows links, of which thunk-packs has
# many.
find_program(DPKG_DEB dpkg-deb REQUIRED)
foreach(package ${CPACK_PACKAGE_FILES})
  set(tree ${CPACK_TEMPORARY_DIRECTORY}/repack)
  file(REMOVE_RECURSE ${tree})
  execute_process(COMMAND ${DPKG_DEB} --raw-extract ${package} ${tree}
    COMMAND_ERROR_IS_FATAL ANY)

  # As dpkg-gencontrol counts: files in KiB, one for all else.
  set(size 0)
  file(GLOB_RECURSE entries LIST_DIRECTORIES TRUE RELATIVE ${tree} ${tree}/*)
  list(FILTER entries EXCLUDE REGEX "^DEBIAN(/|$)")
  foreach(entry ${entries})
    set(bytes 1)
    if(NOT IS_SYMLINK ${tree}/${entry} AND NOT IS_DIRECTORY ${tree}/${entry})
      file(SIZE ${tree}/${entry} bytes)
    endif()
    math(EXPR size "${size} + (${bytes} + 1023) / 1024")
  endforeach()

  file(READ ${tree}/DEBIAN/control control)
  string(REGEX REPLACE "\nInstalled-Size: [0-9]+" "\nInstalled-Size: ${size}"
    control "${control}")
  file(WRITE ${tree}/DEBIAN/control "${control}")
  execute_process(COMMAND ${DPKG_DEB} --root-owner-group -Zxz --build ${tree}
    ${package} OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
endforeach()
