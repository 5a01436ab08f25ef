#!/bin/sh
# SPDX-License-Identifier: MIT
# Data and objects of the libc's in a library's interface.
# usage: libc.sh ISA|CASE THUNK_RUN BIN THUNKS
. "$(dirname "$0")/../e2e/lib.sh"
. "$here/../e2e/sides.sh"

sides_compare "$4" program 45
