#!/bin/sh
# SPDX-License-Identifier: MIT
# Memory whose layout differs between guest and host.
# usage: convert.sh ISA|CASE THUNK_RUN BIN THUNKS PROGRAM
. "$(dirname "$0")/../e2e/lib.sh"
. "$here/../e2e/sides.sh"

sides_compare "$4" "$5" 130
