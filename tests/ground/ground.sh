#!/bin/sh
# SPDX-License-Identifier: MIT
# The ground, construct by construct; see ground.txt.
# usage: ground.sh ISA|CASE THUNK_RUN BIN THUNKS
. "$(dirname "$0")/../e2e/lib.sh"
. "$here/../e2e/sides.sh"

sides_compare "$4" program 20
