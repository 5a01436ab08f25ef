# SPDX-License-Identifier: MIT
# Read by cpack before it makes packages of one kind.
if(CPACK_GENERATOR STREQUAL DEB)
  # The prefix is the system's; a package for each component.
  set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
  set(CPACK_DEB_COMPONENT_INSTALL ON)
  set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/debian.cmake)
  # repack.cmake compresses.
  set(CPACK_POST_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/repack.cmake)
  set(CPACK_DEBIAN_COMPRESSION_TYPE none)
endif()
