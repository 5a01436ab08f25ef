#!/bin/sh
# SPDX-License-Identifier: MIT
# Streams that cross: what a program prints, and what is in the files, must not
# depend on who does its library.
# usage: streams.sh ISA|CASE THUNK_RUN BIN THUNKS
. "$(dirname "$0")/../e2e/lib.sh"
. "$here/../e2e/sides.sh"

sides_compare "$4" program 75
sides_compare "$4" program 3000 fuzz 1 100
