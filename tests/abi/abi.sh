#!/bin/sh
# SPDX-License-Identifier: MIT
# Values of every kind across the door; see make.py.
# usage: abi.sh ISA|CASE THUNK_RUN BIN THUNKS
. "$(dirname "$0")/../e2e/lib.sh"
. "$here/../e2e/sides.sh"

sides_compare "$4" program 700
