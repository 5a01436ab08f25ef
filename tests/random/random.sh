#!/bin/sh
# SPDX-License-Identifier: MIT
# Random values by each way that a thunk converts; see make.py.
# usage: random.sh ISA|CASE THUNK_RUN BIN THUNKS
. "$(dirname "$0")/../e2e/lib.sh"
. "$here/../e2e/sides.sh"

sides_compare "$4" program 5
