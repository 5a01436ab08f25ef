#!/bin/sh
# SPDX-License-Identifier: MIT
# Declarations that few headers have, called.
# usage: odd.sh ISA|CASE THUNK_RUN BIN THUNKS
. "$(dirname "$0")/../e2e/lib.sh"
. "$here/../e2e/sides.sh"

sides_compare "$4" program 15
