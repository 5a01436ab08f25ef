#!/bin/sh
# SPDX-License-Identifier: MIT
# Vulkan by the host's library and drivers: natively and thunked, the same
# output. usage: vulkan.sh ISA|CASE THUNK_RUN BIN
#
# BIN/ISA has the program compute for that guest, BIN/thunks the thunk for all;
# pictures are left in BIN/pictures.
. "$(dirname "$0")/../e2e/lib.sh"
. "$here/../e2e/xserver.sh"

native=$bin/x86_64/compute
guest=$bin/$isa/compute
[ -x "$guest" ] || skip "no program for $isa guests"

# What a display adds is not asked here; shaders are compiled anew.
unset DISPLAY WAYLAND_DISPLAY VK_INSTANCE_LAYERS
XDG_RUNTIME_DIR=$work
MESA_SHADER_CACHE_DISABLE=true
export XDG_RUNTIME_DIR MESA_SHADER_CACHE_DISABLE

"$native" >probe.out 2>&1 || {
    status=$?
    grep -q '^instance: -9' probe.out &&
        skip "there is no driver: install mesa-vulkan-drivers"
    fail "natively: exit status $status: $(cat probe.out)"
}

# guest STATUS NAME OPTION... COMMAND...: thunked, for that guest.
guest()
{
    expected=$1
    name=$2
    shift 2
    sysroot=
    [ "$isa" = "$(uname -m)" ] || sysroot="--sysroot /usr/$isa-linux-gnu"
    # shellcheck disable=SC2086 # two words
    run "$expected" "$name" env THUNK_LOG=info "$thunk_run" --qemu "$qemu" \
        $sysroot --thunks "$bin/thunks" "$@"
}

# by_host NAME CALLS CALLBACKS: the host's Vulkan did that much at least.
by_host()
{
    awk -v calls="$2" -v callbacks="$3" '
        /^thunk: libvulkan\.so\.1: [0-9]+ calls, [0-9]+ callbacks, / {
            found = $3 >= calls && $5 >= callbacks
        }
        END { exit !found }' "$1.err" ||
        fail "$1: fewer than $2 calls, $3 callbacks: $(cat "$1.err")"
}

compute_check()
{
    for options in '' allocator; do
        # shellcheck disable=SC2086 # none or one
        run 0 native "$native" $options
        # shellcheck disable=SC2086
        guest 0 thunked "$guest" $options
        same native.out thunked.out
        grep -q '^16: 0 wrong of 4096' thunked.out || fail "$(cat thunked.out)"
    done
    grep -q '^allocator: used, all returned' thunked.out ||
        fail "$(cat thunked.out)"
    by_host thunked 200 200
    grep '^device: ' thunked.out
}

# Hardware (kinds 1 to 3) before what runs on the processor (4).
device_check()
{
    for kinds in '4 0' '1 0' '4 2 1' '4 4 1 2' '1 4 0' '4 4 0'; do
        # shellcheck disable=SC2086 # words
        set -- $kinds
        for expected; do :; done
        # shellcheck disable=SC2086
        got=$("$native" choose ${kinds% *})
        [ "$got" = "$expected" ] || fail "$kinds: device $got"
    done
}

info_check()
{
    need vulkaninfo
    run 0 native vulkaninfo
    run 0 thunked env THUNK_LOG=info "$thunk_run" --qemu "$qemu" vulkaninfo
    # What of the machine's memory is free just now.
    for way in native thunked; do
        sed -i 's/\(budget\|usage\)\( *= \).*/\1\2SIZE/' $way.out
    done
    same native.out thunked.out
    by_host thunked 100 0
}

# A layer of the host's, by the environment; its messages reach the program.
validation_check()
{
    VK_INSTANCE_LAYERS=VK_LAYER_KHRONOS_validation
    export VK_INSTANCE_LAYERS
    run 0 native "$native" allocator
    grep -q '^error: VUID-VkFenceCreateInfo' native.out ||
        skip "no validation layer: install vulkan-validationlayers"
    guest 0 thunked "$guest" allocator
    same native.out thunked.out
}

observed_check()
{
    guest 0 observed --stats '--trace=vkCmd*,vkQueueSubmit' "$guest"
    for name in vkCmdDispatch vkCmdBindPipeline vkQueueSubmit; do
        count=$(grep -c "^\[[0-9]*\] $name(.*)" observed.err)
        [ "$count" = 10 ] || fail "$name is traced $count times, not 10"
    done
    grep -q '^vkCmdDispatch  *libvulkan.so.1  *fast  *10 ' observed.err ||
        fail "vkCmdDispatch: $(grep vkCmdDispatch observed.err | tail -n 1)"
    grep -q '^vkQueueSubmit  *libvulkan.so.1  *syscall  *10 ' observed.err ||
        fail "vkQueueSubmit: $(grep vkQueueSubmit observed.err | tail -n 1)"
}

# No driver.
absent_check()
{
    for list in /dev/null /nonexistent.json; do
        VK_DRIVER_FILES=$list
        VK_ICD_FILENAMES=$list
        export VK_DRIVER_FILES VK_ICD_FILENAMES
        run 1 native "$native"
        guest 1 thunked "$guest"
        same native.out thunked.out
        grep -q '^instance: -9' thunked.out || fail "$(cat thunked.out)"
        vulkaninfo >probe.out 2>&1
        status=$?
        run $status native vulkaninfo
        run $status thunked "$thunk_run" --qemu "$qemu" vulkaninfo
        same native.out thunked.out
    done
}

# The host has no loader, which a host half shows that looks for another name; or
# one that lacks a command: warnings tell, and the program's own does it.
missing_check()
{
    cp -r "$thunks/host" broken
    htl=$bin/thunks/host/libvulkan-htl.so
    sed 's/libvulkan\.so\.1/libvulkan.so.9/g' "$htl" \
        >broken/libvulkan-htl.so
    run 0 native "$native"
    THUNK_HOST_DIR=$work/broken
    export THUNK_HOST_DIR
    guest 0 thunked "$guest"
    same native.out thunked.out
    said thunked 1 'no such library on the host: libvulkan.so.9: cannot open'
    said thunked 1 "thunk: libvulkan.so.1: calls go to the guest's own, /"
    run 0 native "$bin/x86_64/loader" version
    sed 's/vkEnumerateInstanceVersion/vkEnumerateInstanceVersioN/g' "$htl" \
        >broken/libvulkan-htl.so
    guest 0 thunked "$bin/x86_64/loader" version
    same native.out thunked.out
    said thunked 1 "libvulkan.so.1: vkEnumerateInstanceVersion: "
    said thunked 1 ": the guest's own is used"
}

# What driver, loader or header do not have has no address.
names_check()
{
    run 0 native "$bin/x86_64/loader" names
    guest 0 thunked "$bin/x86_64/loader" names
    same native.out thunked.out
    for ending in 'there, there' 'there, none' 'none, none'; do
        grep -q ": none, $ending\$" thunked.out || fail "$(cat thunked.out)"
    done
}

# By both of the extensions for it, and while an instance is made.
reports_check()
{
    run 0 native "$bin/x86_64/loader" report
    guest 0 thunked "$bin/x86_64/loader" report
    same native.out thunked.out
    grep -q '^report 2 of 1, 1, 7, 8: prefix: text, user 1$' thunked.out ||
        fail "$(cat thunked.out)"
    grep -q '^message 100 of 4, 17: name: slow, 0 labels, user 1$' \
        thunked.out || fail "$(cat thunked.out)"
}

# A crash as natively, and only that.
garbage_check()
{
    for kind in xlib xcb; do
        for what in null garbage; do
            run 0 native "$bin/x86_64/loader" $kind $what
            guest 0 thunked "$bin/x86_64/loader" $kind $what
            same native.out thunked.out
        done
    done
}

# No server to show anything.
none_check()
{
    need vkcube
    for display in :9999 ''; do
        DISPLAY=$display
        export DISPLAY
        for kind in xcb xlib; do
            run 1 native "$bin/x86_64/frames" $kind 1
            guest 1 thunked "$bin/x86_64/frames" $kind 1
            same native.out thunked.out
        done
        vkcube --c 1 >probe.out 2>&1
        status=$?
        run $status native vkcube --c 1
        run $status thunked "$thunk_run" --qemu "$qemu" vkcube --c 1
        same native.out thunked.out
        # It may end by a fault, of which QEMU tells.
        grep -v '^qemu: uncaught target signal' thunked.err >thunked.said
        same native.err thunked.said
    done
}

# A handle that is none: the host's loader ends the process, as natively.
refused_check()
{
    run 134 native "$native" wrong
    guest 134 thunked "$guest" wrong
    same native.out thunked.out
}

# Debian's program; how fast it is, tests/bench tells.
cube_check()
{
    need vkcube
    server_start
    run 0 native vkcube --c 300
    run 0 thunked env THUNK_LOG=info "$thunk_run" --qemu "$qemu" vkcube --c 300
    same native.out thunked.out
    by_host thunked 1500 0
}

# The same for arm64, in a folder with all it needs.
cube_aarch64_check()
{
    need vkcube
    program=${THUNK_TEST_SYSROOT_AARCH64:-none}/usr/bin/vkcube
    [ -e "$program" ] ||
        skip "THUNK_TEST_SYSROOT_AARCH64 names no folder with Debian's" \
            "vulkan-tools for arm64 and what it needs"
    [ -e "$bin/thunks/guest/$isa/libvulkan.so.1" ] || skip "no thunk for $isa"
    server_start
    run 0 native vkcube --c 300
    run 0 thunked env THUNK_LOG=info "$thunk_run" --qemu "$qemu" \
        --sysroot "$THUNK_TEST_SYSROOT_AARCH64" --thunks "$bin/thunks" \
        "$program" --c 300
    same native.out thunked.out
    by_host thunked 1500 0
}

# What the server shows, frame by frame, in windows of both of X's libraries.
frames_check()
{
    server_start
    for kind in xcb xlib; do
        pictures=$bin/pictures/$kind
        rm -rf "$pictures"
        mkdir -p "$pictures/native" "$pictures/thunked"
        run 0 native "$bin/x86_64/frames" $kind 60 "$pictures/native"
        guest 0 thunked "$bin/x86_64/frames" $kind 60 "$pictures/thunked"
        same native.out thunked.out
        grep -q '^60: ' thunked.out || fail "$(cat thunked.out)"
        for frame in 10 30 50; do
            same "$pictures/native/frame-$frame.ppm" \
                "$pictures/thunked/frame-$frame.ppm"
        done
        by_host thunked 500 0
    done
}

# The server ends in the middle: both end with an error and nothing hangs.
lost_check()
{
    for kind in xcb xlib; do
        for how in native guest; do
            : >"$how.out"
            server_start
            (
                while [ "$(grep -c : "$how.out")" -lt 20 ]; do
                    sleep 0.1
                done
                kill "$server"
            ) &
            if [ $how = native ]; then
                run 1 native "$bin/x86_64/frames" $kind 1000000
            else
                guest 1 guest "$bin/x86_64/frames" $kind 1000000
            fi
            wait $!
            wait "$server"
            server=
            [ "$(grep -c : $how.out)" -ge 20 ] || fail "$(cat $how.out)"
        done
    done
}

case $case in
x86_64 | aarch64 | riscv64) compute_check ;;
qemus) for_qemus compute_check ;;
*) "${case}_check" ;;
esac
