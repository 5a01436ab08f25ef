# SPDX-License-Identifier: MIT
# Hashes of short strings, and lists.
set(sum start)
foreach(round RANGE 1500)
  string(SHA256 sum "${sum} ${round}")
  string(MD5 other "${sum}")
  list(APPEND all ${other})
endforeach()
list(SORT all)
list(GET all 0 700 first)
message("${sum} ${first}")
file(ARCHIVE_CREATE OUTPUT tree.tar.gz PATHS tree FORMAT gnutar COMPRESSION GZip MTIME "2023-11-14")
file(ARCHIVE_EXTRACT INPUT tree.tar.gz DESTINATION out)
