# SPDX-License-Identifier: MIT
#
# Script: writes the text file INPUT as the C array NAME into OUTPUT.
#   cmake -DINPUT=f -DOUTPUT=f.c -DNAME=n -P EmbedText.cmake
file(READ "${INPUT}" bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
string(REGEX REPLACE "(............................................................)"
  "\\1\n" bytes "${bytes}")
file(WRITE "${OUTPUT}"
  "extern const char ${NAME}[];\nconst char ${NAME}[] = {\n${bytes}\n0};\n")
