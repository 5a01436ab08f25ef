#!/bin/sh
# SPDX-License-Identifier: MIT
# OpenGL natively and thunked, on an X server of the test's own.
# usage: graphics.sh CASE THUNK_RUN BIN
# Pictures are left in BIN/pictures.
. "$(dirname "$0")/../e2e/lib.sh"
. "$here/../e2e/xserver.sh"
. "$here/device.sh"

[ -e "$thunks/host/libgl-htl.so" ] ||
    skip "there is no thunk of OpenGL: install libgl-dev, libegl-dev," \
        "libgles-dev, libx11-xcb-dev"

# Without a GPU, and the same on all machines.
LIBGL_ALWAYS_SOFTWARE=1
LP_NUM_THREADS=2
export LIBGL_ALWAYS_SOFTWARE LP_NUM_THREADS

# host_did NAME LIBRARY CALLS: the host's library was called that often.
host_did()
{
    awk -v library="$2:" -v calls="$3" '
        $2 == library && $4 == "calls," { found = $3 >= calls }
        END { exit !found }' "$1.err" ||
        fail "$1: fewer than $3 calls of $2: $(cat "$1.err")"
}

same_output()
{
    memory_hide native
    memory_hide thunked
    same native.out thunked.out
}

# both STATUS COMMAND...: natively and thunked, with the same output.
both()
{
    expected=$1
    shift
    run "$expected" native "$@"
    thunked "$expected" thunked "$@"
    same_output
}

# ---- Debian's programs ----

# info LIBRARY CALLS PROGRAM...
info()
{
    library=$1
    calls=$2
    shift 2
    need "$1"
    "$@" >probe.out 2>&1
    both $? "$@"
    [ -s native.out ] || fail "no output"
    host_did thunked "$library" "$calls"
}

glxinfo_check()
{
    info libGL.so.1 1000 glxinfo
}

eglinfo_check()
{
    info libEGL.so.1 100 eglinfo
}

es2_info_check()
{
    info libEGL.so.1 5 es2_info
    host_did thunked libGLESv2.so.2 3
}

# ---- programs of ours ----

# frames_of PROGRAM PICTURES: frame by frame, as GL and as the server has it.
frames_of()
{
    pictures=$2
    rm -rf "$pictures"
    mkdir -p "$pictures/native" "$pictures/thunked"
    run 0 native "$1" "$pictures/native"
    thunked 0 thunked "$1" "$pictures/thunked"
    same native.out thunked.out
    [ "$(grep -c '^[0-9]*: ' native.out)" = 60 ] || fail "not 60 frames"
    [ "$(sed -n 's/^[0-9]*: //p' native.out | sort -u | wc -l)" = 60 ] ||
        fail "frames are alike"
    grep -q '^60 messages, error 0$' thunked.out || fail "$(cat thunked.out)"
    for picture in "$pictures"/native/*; do
        same "$picture" "$pictures/thunked/${picture##*/}"
    done
}

frames_check()
{
    frames_of "$bin/frames" "$bin/pictures"
    host_did thunked libGL.so.1 500
}

# With OpenGL and GLX of libraries of their own.
parts_check()
{
    [ -e "$bin/frames_of_parts" ] ||
        skip "there was no libOpenGL.so or libGLX.so when cmake was run"
    frames_of "$bin/frames_of_parts" "$work/pictures"
    host_did thunked libOpenGL.so.0 500
    host_did thunked libGLX.so.0 60
}

immediate_check()
{
    run 0 native "$bin/immediate"
    thunked 0 thunked "$bin/immediate"
    [ "$(head -n 1 native.err)" = "$(grep -x '[0-9a-f]\{16\}' thunked.err)" ] ||
        fail "another picture: $(cat native.err thunked.err)"
    host_did thunked libGL.so.1 1000000
}

own_check()
{
    both 0 "$bin/crew" own
    host_did thunked libGL.so.1 500
}

shared_check()
{
    both 0 "$bin/crew" shared
    host_did thunked libGL.so.1 500
}

# Without a window system it draws on what the machine has.
offscreen_check()
{
    server_stop
    unset DISPLAY
    device_choose /dev/dri "$bin/offscreen"
    both 0 "$bin/offscreen"
    device_tell thunked.out
    host_did thunked libEGL.so.1 5
    host_did thunked libGLESv2.so.2 20
}

# What device_choose() takes by which nodes there are, and by whether a program
# runs with them: this one does where it is not told to use software.
device_check()
{
    mkdir none dri
    cat >program <<'TEXT'
[ "${LIBGL_ALWAYS_SOFTWARE:-}" = 1 ] || [ -e works ]
TEXT
    : >dri/card0
    : >works
    chosen software none
    chosen software dri
    chosen software missing
    : >dri/renderD128
    chosen "dri/renderD128" dri
    rm works
    chosen software dri
}

# chosen WHAT FOLDER: that is taken, and the programs after it get it.
chosen()
{
    device_choose "$2" sh program
    [ "$device" = "$1" ] || fail "$2: $device is taken, not $1"
    case $1 in
    software) [ "${LIBGL_ALWAYS_SOFTWARE:-}" = 1 ] ;;
    *) [ -z "${LIBGL_ALWAYS_SOFTWARE+set}" ] ;;
    esac || fail "$2: LIBGL_ALWAYS_SOFTWARE=${LIBGL_ALWAYS_SOFTWARE:-}"
}

# ---- events of GLX ----

events_need()
{
    [ -e "$bin/events" ] ||
        skip "there was no xcb/present.h when cmake was run: install" \
            "libxcb-present-dev"
}

events_check()
{
    events_need
    for way in waited polled drawn sent errors reopen; do
        both 0 "$bin/events" $way
        [ -s native.out ] || fail "$way: no output"
        host_did thunked libGL.so.1 10
    done
    grep -q 'number 18,' thunked.out || fail "$(cat thunked.out)"
}

# While they are listened for.
events_lost_check()
{
    events_need
    lost_by "$bin/events" lost
}

# ---- windows that close ----

# A lost connection Xlib tells with the last number of a request, and of errno.
closed_check()
{
    for way in asked current others; do
        both 0 "$bin/closed" $way
        host_did thunked libGL.so.1 10
    done
    both 1 "$bin/closed" killed
    grep -q . native.err || fail "Xlib says nothing natively"
    grep -v '^thunk\(-run\)\{0,1\}: ' thunked.err | grep -q . || fail "Xlib says nothing"
}

# ---- a game ----

# Keeps what the server shows of the game's window, in the middle of its screen.
picture()
{
    xwdtopnm Xvfb_screen0 2>/dev/null |
        pamcut -left 200 -top 150 -width 400 -height 300 >"$1" ||
        fail "no picture of the server's screen"
}

# within SECONDS COMMAND...: waits until it succeeds.
within()
{
    turns=$(($1 * 2))
    shift
    until "$@"; do
        turns=$((turns - 1))
        [ $turns -gt 0 ] || return 1
        sleep 0.5
    done
}

# game_draws NAME: it has told of three seconds of its frames.
game_draws()
{
    [ "$(wc -l <"$1.out")" -ge 3 ]
}

# game_is_at NAME REFERENCE: it shows the same as in that picture; where there is
# none, the same for a second.
game_is_at()
{
    picture "$1.ppm"
    if [ -e "$2" ]; then
        cmp -s "$1.ppm" "$2"
    else
        sleep 1
        picture next.ppm
        cmp -s "$1.ppm" next.ppm
    fi
}

# Leaves each screen; in the first that ends it.
game_ends()
{
    ! kill -0 "$game" 2>/dev/null && return
    xdotool key Escape
    sleep 0.5
    return 1
}

# game NAME REFERENCE COMMAND...: starts it, goes from its title, which moves, to
# its options, which do not, and back.
game()
{
    name=$1
    reference=$2
    shift 2
    xdotool mousemove 202 152
    timeout -k 5 150 stdbuf -oL "$@" </dev/null >"$name.out" 2>"$name.err" &
    game=$!
    within 60 game_draws "$name" ||
        fail "$name: no frames: $(cat "$name.out" "$name.err")"
    picture "$name-title.ppm"
    xdotool mousemove 400 365 sleep 0.5 click 1 sleep 0.5 mousemove 202 152 \
        sleep 1
    within 30 game_is_at "$name" "$reference"
    is_reached=$?
    for shown in "$name-title" "$name"; do
        pnmtopng "$shown.ppm" >"$bin/games/neverball-$shown.png" 2>/dev/null
    done
    [ $is_reached = 0 ] || fail "$name: other options, see $bin/games"
    within 30 game_ends || fail "$name: does not end"
    wait "$game" || fail "$name: exit status $?: $(cat "$name.err")"
}

# By SDL, which finds OpenGL itself, with libpng and libjpeg thunked as well. What
# its figures are, tests/bench tells.
neverball_check()
{
    PATH=$PATH:/usr/games
    need neverball xdotool xwdtopnm
    server_stop
    server_start -fbdir .
    mkdir -p "$bin/games" .neverball
    cp "$here/neverballrc" .neverball
    HOME=$work
    SDL_AUDIODRIVER=dummy
    export HOME SDL_AUDIODRIVER
    game native none neverball
    [ "$(ppmhist -noheader native.ppm 2>/dev/null | wc -l)" -ge 100 ] ||
        fail "the options are hardly drawn, see $bin/games"
    ! cmp -s native.ppm native-title.ppm || fail "it stays at its title"
    game thunked native.ppm \
        env THUNK_LOG=info "$thunk_run" --qemu "$qemu" neverball
    host_did thunked libGL.so.1 10000
}

# ---- what goes wrong ----

none_check()
{
    need glxinfo es2_info glxgears
    both 0 "$bin/wrong" none
    server_stop
    for display in :9999 no:such:one ''; do
        DISPLAY=$display
        for program in glxinfo glxgears; do
            $program >probe.out 2>&1
            both $? $program
            told native >native.told
            told thunked >thunked.told
            same native.told thunked.told
        done
        es2_info >probe.out 2>&1
        both $? es2_info
    done
}

# told NAME: what it says on stderr itself.
told()
{
    grep -v '^thunk\(-run\)\{0,1\}: ' "$1.err"
}

garbage_check()
{
    both 0 "$bin/wrong" garbage
    both 0 "$bin/wrong" null
    both 139 "$bin/wrong" fatal
    [ "$(cat thunked.out)" = here ] || fail "$(cat thunked.out)"
}

# Contexts of versions older than the header's.
old_check()
{
    for version in 2.1 3.3COMPAT 4.3COMPAT; do
        MESA_GL_VERSION_OVERRIDE=$version
        export MESA_GL_VERSION_OVERRIDE
        both 0 "$bin/wrong" old
        grep -q "^${version%COMPAT} " thunked.out || fail "$(cat thunked.out)"
        host_did thunked libGL.so.1 10
    done
    MESA_GL_VERSION_OVERRIDE=2.1
    both 0 glxinfo
}

# Displays that are the guest's own and cannot be bridged are what EGL does not
# know; also where the environment says that all are such.
foreign_check()
{
    server_stop
    unset DISPLAY
    run 0 unknown "$bin/foreign" unknown
    both 0 "$bin/foreign" unknown
    for way in wayland gbm; do
        thunked 0 $way "$bin/foreign" $way
        same unknown.out $way.out
        said $way 1 "EGL on the host cannot use the program's display"
    done
    for platform in wayland:wayland drm:gbm; do
        run 0 thunked env EGL_PLATFORM="${platform%:*}" "$thunk_run" \
            --qemu "$qemu" "$bin/foreign" "${platform#*:}"
        same unknown.out thunked.out
    done
    both 0 "$bin/foreign" default
    tail -n 1 native.out >bind.expected
    thunked 0 compositor "$bin/foreign" compositor
    same bind.expected compositor.out
}

# The host has no libGL, which a host half shows that looks for another name; a
# warning tells, and the program's own draws.
missing_check()
{
    need glxinfo
    cp -r "$thunks/host" broken
    sed 's/libGL\.so\.1/libGL.so.9/g' "$thunks/host/libgl-htl.so" \
        >broken/libgl-htl.so
    run 0 native glxinfo -B
    run 0 thunked env THUNK_HOST_DIR="$work/broken" "$thunk_run" \
        --qemu "$qemu" glxinfo -B
    same_output
    said thunked 1 'no such library on the host: libGL.so.9: cannot open'
    said thunked 1 "thunk: libGL.so.1: calls go to the guest's own, /"
    # A child that the kernel runs natively has none of the host's either.
    run 0 thunked "$thunk_run" --qemu "$qemu" sh -c 'glxinfo -B; true'
    same_output
    run 0 native "$bin/closed" current
    run 0 thunked env THUNK_HOST_DIR="$work/broken" "$thunk_run" \
        --qemu "$qemu" "$bin/closed" current
    same_output
}

# The vendor-neutral libGL makes a function of any name; a thunk knows what the
# headers declare.
names_check()
{
    thunked 0 thunked "$bin/wrong" names
    cat >expected <<'TEXT'
'glClear': yes
'glXSwapBuffers': yes
'': no
'noSuchFunction': no
'wglNone': no
glClear twice: 1
TEXT
    same expected thunked.out
}

errors_check()
{
    both 0 "$bin/wrong" error
    grep -q '^any error: 1$' thunked.out || fail "$(cat thunked.out)"
    both 0 "$bin/wrong" destroyed
    both 1 "$bin/wrong" untrapped
    # The numbers of requests are each connection's own.
    for name in native thunked; do
        grep -v 'erial number\|^thunk: \|^thunk-run: ' $name.err >$name.told
    done
    same native.told thunked.told
    grep -q BadDrawable thunked.told || fail "$(cat thunked.err)"
}

# More of them than the server lets in at once.
reopen_check()
{
    both 0 "$bin/wrong" reopen
}

# kill_server NAME COMMAND...: the server goes while the command draws.
kill_server()
{
    name=$1
    shift
    server_start
    : >"$name.out" # what it drew before is not to be found below
    timeout -k 5 100 "$@" </dev/null >"$name.out" 2>"$name.err" &
    client=$!
    within 60 grep -q drawing "$name.out" ||
        fail "$name: it does not draw: $(cat "$name.err")"
    sleep 0.5
    kill -9 "$server"
    wait "$client"
    echo "status $?" >>"$name.out"
    server=
}

# lost_by COMMAND...: natively and thunked.
lost_by()
{
    server_stop
    kill_server native "$@"
    kill_server thunked env THUNK_LOG=info "$thunk_run" --qemu "$qemu" "$@"
    same native.out thunked.out
    host_did thunked libGL.so.1 10
}

lost_check()
{
    lost_by "$bin/wrong" lost
    lost_by "$bin/wrong" handled
}

# ---- guests of another ISA ----

# EGL and GLES in memory need nothing of the guest's but its libc.
offscreen_aarch64_check()
{
    server_stop
    unset DISPLAY
    [ -e "$bin/offscreen-aarch64" ] ||
        skip "THUNKGEN_GUESTS has no aarch64"
    run 0 native "$bin/offscreen"
    thunked 0 thunked --sysroot /usr/aarch64-linux-gnu "$bin/offscreen-aarch64"
    same native.out thunked.out
    host_did thunked libEGL.so.1 5
}

# Debian's programs for arm64, in a folder with all they need.
debian_aarch64_check()
{
    need glxinfo es2_info xdotool
    [ -e "$thunks/guest/aarch64/libGL.so.1" ] ||
        skip "no aarch64 in THUNKGEN_GUESTS, nor was" \
            "THUNK_TEST_SYSROOT_AARCH64 set when cmake was run"
    programs=${THUNK_TEST_SYSROOT_AARCH64:-}/usr/bin
    [ -e "$programs/glxinfo.aarch64-linux-gnu" ] ||
        skip "THUNK_TEST_SYSROOT_AARCH64 names no folder with Debian's" \
            "mesa-utils-bin for arm64 and what it needs"
    for program in glxinfo es2_info; do
        run 0 native $program
        thunked 0 thunked --sysroot "$THUNK_TEST_SYSROOT_AARCH64" \
            "$programs/$program.aarch64-linux-gnu"
        same_output
    done
    host_did thunked libEGL.so.1 5

    # Until it is told to end.
    env THUNK_LOG=info timeout -k 5 100 "$thunk_run" --qemu "$qemu" \
        --sysroot "$THUNK_TEST_SYSROOT_AARCH64" \
        "$programs/glxgears.aarch64-linux-gnu" >gears.out 2>gears.err &
    game=$!
    sleep 2
    xdotool mousemove 150 150
    within 30 game_ends || fail "glxgears does not end"
    wait "$game" || fail "glxgears: exit status $?: $(cat gears.err)"
    host_did gears libGL.so.1 100
}

qemu_check()
{
    glxinfo_check
    es2_info_check
    frames_check
    own_check
    errors_check
}

server_start
case $case in
qemus) for_qemus qemu_check ;;
*) "${case}_check" ;;
esac
