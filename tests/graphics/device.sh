# shellcheck shell=sh disable=SC2154
# SPDX-License-Identifier: MIT
#
# What a program without a window system draws on, for scripts that have sourced
# lib.sh.

# device_choose FOLDER COMMAND...: in $device the first render node in FOLDER that
# can be used, or `software` where there is none or the command fails with it.
# Programs then get what they would get by themselves, or are told to use
# software.
device_choose()
{
    folder=$1
    shift
    device=software
    unset LIBGL_ALWAYS_SOFTWARE
    for node in "$folder"/renderD*; do
        if [ -r "$node" ] && [ -w "$node" ]; then
            device=$node
            break
        fi
    done
    if [ "$device" != software ] && ! "$@" >device.out 2>&1; then
        echo "$device: not usable: $(tail -n 1 device.out)"
        device=software
    fi
    if [ "$device" = software ]; then
        LIBGL_ALWAYS_SOFTWARE=1
        export LIBGL_ALWAYS_SOFTWARE
    fi
}

# device_tell FILE: which that was, by what the program printed.
device_tell()
{
    echo "device: $device, renderer: $(sed -n 's/^renderer: //p' "$1")"
}
