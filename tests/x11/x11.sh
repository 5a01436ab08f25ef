#!/bin/sh
# SPDX-License-Identifier: MIT
# X clients natively and with the window system thunked, on an X server of the
# test's own.
# usage: x11.sh CASE THUNK_RUN BIN
# CASE ends with _aarch64 or _riscv64 for the programs of these guests. Pictures
# are left in BIN/pictures.
. "$(dirname "$0")/../e2e/lib.sh"
. "$here/../e2e/xserver.sh"

[ -e "$thunks/packs/x11" ] ||
    skip "there is no thunk of Xlib: install libx11-dev, libxcb1-dev, libxext-dev"
all=$thunks
thunks=$all/packs/x11
guest_set libX11.so.6
thunks=$all

LIBGL_ALWAYS_SOFTWARE=1
export LIBGL_ALWAYS_SOFTWARE
packs=x11

# told NAME: what it says on stderr itself, not what the thunks do.
told()
{
    grep -v '^thunk' "$1.err"
}

# guest_program NAME: $program is that of the guest. Ours have the ISA behind
# their names, as have those of mesa-utils-bin.
guest_program()
{
    program=$1
    [ -n "$sysroot" ] || return 0
    case $1 in
    "$bin"/*) program=$1-$isa ;;
    *)
        program=$sysroot/usr/bin/$1.$isa-linux-gnu
        [ -e "$program" ] || program "$1"
        ;;
    esac
}

# is_younger NAME: Debian's program for this guest says other things than that of
# this machine, since it comes from a later release.
is_younger()
{
    case $isa:$1 in
    riscv64:xdpyinfo | riscv64:xset) return 0 ;;
    *) return 1 ;;
    esac
}

# both STATUS PROGRAM [ARGUMENT]...: natively and thunked, with the same output;
# what is younger, emulated with its own Xlib. SIGSEGV is told by the shell or by
# QEMU.
both()
{
    expected=$1
    title=$2
    shift 2
    guest_program "$title"
    if is_younger "$title"; then
        emulated "$expected" native "$program" "$@"
    else
        run "$expected" native "$title" "$@"
    fi
    thunked "$expected" thunked --thunks "$packs" "$program" "$@"
    memory_hide native
    memory_hide thunked
    same native.out thunked.out
    if [ "$expected" -lt 128 ]; then
        told native >native.told
        told thunked >thunked.told
        same native.told thunked.told
    fi
}

# host_did LIBRARY CALLS: the host's library was called that often.
host_did()
{
    awk -v library="$1:" -v calls="$2" '
        $2 == library && $4 == "calls," { found = $3 >= calls }
        END { exit !found }' thunked.err ||
        fail "fewer than $2 calls of $1: $(cat thunked.err)"
}

# within SECONDS COMMAND...: waits until it succeeds.
within()
{
    turns=$(($1 * 4))
    shift
    until "$@"; do
        turns=$((turns - 1))
        [ $turns -gt 0 ] || return 1
        sleep 0.25
    done
}

# ---- Debian's programs ----

# A window to look at.
window_open()
{
    xlogo -geometry 200x150+40+30 >xlogo.out 2>&1 &
    logo=$!
    within 30 xwininfo -name xlogo >xwininfo.out 2>&1 ||
        fail "xlogo shows nothing: $(cat xlogo.out)"
}

# client LIBRARY CALLS PROGRAM...: where there is such a program.
client()
{
    library=$1
    calls=$2
    shift 2
    if [ -z "$(command -v "$1")" ] || ! [ -e "$sysroot/usr/bin/$1" ]; then
        echo "there is no $1"
        return
    fi
    echo "$*"
    both 0 "$@"
    [ -s native.out ] || fail "$1 says nothing"
    host_did "$library" "$calls"
}

clients_check()
{
    need xdpyinfo xwininfo xlogo
    guest_program xdpyinfo
    server_start
    window_open
    while read -r library calls command; do
        [ "$command" != "xkbcomp" ] || command="xkbcomp -xkb -w0 $DISPLAY -"
        # Another release's resources, which each release's Xlib has in an order
        # of its own.
        [ "$isa:$command" != "riscv64:appres XTerm" ] || continue
        # shellcheck disable=SC2086 # words
        client "$library" "$calls" $command </dev/null
    done <<'TEXT'
libX11.so.6 10 xdpyinfo
libX11.so.6 40 xdpyinfo -ext all
libxcb.so.1 20 xwininfo -root -tree
libxcb.so.1 20 xwininfo -all -name xlogo
libX11.so.6 3 xlsfonts
libX11.so.6 10 xlsfonts -ll -fn fixed
libX11.so.6 10 xprop -root
libX11.so.6 10 xprop -name xlogo
libX11.so.6 10 xset q
libxcb.so.1 100 xlsatoms
libxcb.so.1 5 xlsclients -al
libX11.so.6 100 xmodmap -pke
libXrandr.so.2 5 xrandr --verbose
libX11.so.6 5 xvinfo
libX11.so.6 100 xkbcomp
libX11.so.6 500 appres XTerm
libX11.so.6 10 xwd -root -silent
libX11.so.6 10 xwd -name xlogo -silent
TEXT
    kill "$logo"
}

# No display, and a wrong one: the same words and the same status.
none_check()
{
    need xdpyinfo xwininfo xset
    unset DISPLAY
    both 1 xdpyinfo
    both 1 xdpyinfo -display no:such:one
    both 1 xwininfo -root -display no:such:one
    both 1 xset -display :4711 q
    both 0 "$bin/calls" none
}

# Two screens in a row that are the same, and not empty.
screen_is_still()
{
    xwd -root -silent >"$1.xwd" 2>/dev/null || return 1
    sleep 0.5
    xwd -root -silent >again.xwd 2>/dev/null || return 1
    cmp -s "$1.xwd" again.xwd && ! cmp -s "$1.xwd" empty.xwd
}

screen_is_native()
{
    xwd -root -silent >thunked.xwd 2>/dev/null &&
        cmp -s native.xwd thunked.xwd
}

# shown COMMAND...: what it shows is the same to the pixel, and when its window
# is gone, so is it.
shown()
{
    if [ -z "$(command -v "$1")" ] || ! [ -e "$sysroot/usr/bin/$1" ]; then
        echo "there is no $1"
        return
    fi
    echo "$*"
    guest_program "$1"
    xwd -root -silent >empty.xwd
    "$@" >native.out 2>&1 &
    client=$!
    within 30 screen_is_still native ||
        fail "$1 shows nothing natively: $(cat native.out)"
    kill "$client" 2>/dev/null
    wait "$client" 2>/dev/null
    title=$1
    shift
    THUNK_LOG=info "$thunk_run" --qemu "$qemu" --thunks "$packs" \
        ${sysroot:+--sysroot "$sysroot"} "$program" "$@" \
        >thunked.out 2>thunked.err &
    client=$!
    within 60 screen_is_native
    status=$?
    mkdir -p "$bin/pictures"
    cp native.xwd "$bin/pictures/$title-$isa-native.xwd"
    cp thunked.xwd "$bin/pictures/$title-$isa-thunked.xwd"
    kill "$client" 2>/dev/null
    wait "$client" 2>/dev/null
    [ $status = 0 ] ||
        fail "$title shows another picture, see $bin/pictures: $(cat thunked.err)"
    grep -q '^thunk: libX11.so.6: host library attached' thunked.err ||
        fail "$title: $(cat thunked.err)"
}

pictures_check()
{
    need xwd xlogo
    server_start
    shown xlogo -geometry 200x150+40+30
    shown xlogo -render -geometry 200x150+40+30
    shown xeyes -geometry 200x150+400+300
    shown xfd -fn fixed -geometry +10+10
    shown xcalc -geometry +10+10
    shown xclock -digital -strftime "a clock" -geometry +10+10
    shown bitmap -geometry +10+10 -size 16x16
}

# ---- a program of ours ----

calls_check()
{
    server_start
    for what in after errors events freed hooks memory often resources threads \
        xcb; do
        both 0 "$bin/calls" $what
        host_did libX11.so.6 1
    done
    # The numbers of requests are the same as well: there is one connection.
    both 1 "$bin/calls" error_default
    grep -q "^in the buffer, the program's own exit$" thunked.out ||
        fail "$(cat thunked.out)"
    both 1 "$bin/calls" lost
    # What Xlib says then goes by errno as an earlier call has left it, and a
    # thunked one starts with none.
    run 1 native "$bin/calls" lost_default
    thunked 1 thunked --thunks x11 "$program" lost_default
    same native.out thunked.out
    [ "$(told thunked | wc -l)" -gt 0 ] || fail "Xlib says nothing"
    both 139 "$bin/calls" null
    both 139 "$bin/calls" garbage
}

input_check()
{
    server_start
    both 0 "$bin/calls" input
    host_did libX11.so.6 10
}

# Its shell's status is not its own; so the shell leaves a file.
xterm_check()
{
    need xterm
    server_start
    both 0 xterm -e true
    host_did libX11.so.6 1000
    cat >script <<'TEXT'
echo "$TERM" >in-xterm
TEXT
    thunked 0 thunked --thunks x11 "$program" -fn fixed -e sh script
    [ "$(cat in-xterm)" = xterm ] || fail "no shell was run"
}

# What xev tells of a key, without what differs from run to run.
xev_tells()
{
    "$@" xev -geometry 200x200+0+0 -event keyboard >xev.out 2>xev.err &
    client=$!
    within 60 xdotool search --name "Event Tester" >search.out 2>&1 ||
        fail "xev shows no window: $(cat xev.err)"
    xdotool mousemove 100 100
    within 30 xev_is_told || fail "xev tells of no key: $(cat xev.out xev.err)"
    kill "$client"
    wait "$client" 2>/dev/null
    sed -n '/^KeyPress/,/^$/p' xev.out | sed '/^$/q' |
        sed 's/serial [0-9]*/serial/; s/0x[0-9a-f]*/id/g; s/time [0-9]*/time/'
}

xev_is_told()
{
    xdotool key a
    grep -q '^KeyRelease' xev.out
}

xev_check()
{
    need xev xdotool
    server_start
    xev_tells env >native.told
    xev_tells env THUNK_LOG=info "$thunk_run" --qemu "$qemu" --thunks x11 \
        >thunked.told
    grep -q 'XLookupString gives 1 bytes' native.told ||
        fail "natively: $(cat native.told)"
    same native.told thunked.told
}

qemus_check()
{
    server_start
    for_qemus calls_of_qemu
}

calls_of_qemu()
{
    for what in after errors events freed hooks memory often resources threads \
        xcb; do
        both 0 "$bin/calls" $what
        host_did libX11.so.6 1
    done
}

# ---- with others ----

# OpenGL gets the program's displays as they are, not by the bridge.
gl_check()
{
    [ -e "$thunks/packs/gl/guest/$isa/libGL.so.1" ] ||
        skip "there is no thunk of OpenGL for $isa"
    need glxinfo es2_info
    server_start
    packs=x11,gl
    both 0 glxinfo
    host_did libGL.so.1 1000
    host_did libX11.so.6 10
    both 0 es2_info
    host_did libEGL.so.1 5
    packs=gl,x11
    both 0 glxinfo -B
    if [ -n "$sysroot" ]; then
        gears_check
        return
    fi
    frames=$bin/../../graphics/bin/frames
    [ -e "$frames" ] || return 0
    mkdir native thunked
    run 0 native "$frames" native
    thunked 0 thunked --thunks x11,gl "$frames" thunked
    same native.out thunked.out
    host_did libGL.so.1 500
    host_did libX11.so.6 10
}

# It turns until a key ends it.
gears_check()
{
    need xdotool
    guest_program glxgears
    THUNK_LOG=info timeout -k 5 100 "$thunk_run" --qemu "$qemu" --thunks x11,gl \
        --sysroot "$sysroot" "$program" >thunked.out 2>thunked.err &
    client=$!
    within 60 gears_end || fail "glxgears does not end: $(cat thunked.err)"
    wait "$client" || fail "glxgears: exit status $?: $(cat thunked.err)"
    host_did libGL.so.1 100
    host_did libX11.so.6 10
}

gears_end()
{
    ! kill -0 "$client" 2>/dev/null && return
    xdotool search --name glxgears >search.out 2>&1 &&
        xdotool mousemove 150 150 key Escape
    return 1
}

# So does Vulkan, in windows of both libraries.
vulkan_check()
{
    [ -e "$thunks/packs/vulkan" ] || skip "there is no thunk of Vulkan"
    need vkcube
    frames=$bin/../../vulkan/bin/x86_64/frames
    server_start
    packs=x11,vulkan
    vkcube --c 2 >probe.out 2>&1 ||
        skip "vkcube does not run natively: $(tail -n 1 probe.out)"
    both 0 vkcube --c 100
    host_did libvulkan.so.1 500
    # One that opens xcb by its path has its own, through the bridge.
    grep -q '/libxcb\.so' "$(command -v vkcube)" || host_did libxcb.so.1 10
    [ -e "$frames" ] || return 0
    for kind in xlib xcb; do
        both 0 "$frames" $kind 60
        host_did libvulkan.so.1 500
    done
    host_did libxcb.so.1 10
    packs=vulkan,x11
    both 0 "$frames" xlib 10
    host_did libX11.so.6 10
}

# Who does not ask for it has his own Xlib, and so the bridge.
apart_check()
{
    need xdpyinfo
    server_start
    run 0 native xdpyinfo
    thunked 0 thunked xdpyinfo
    same native.out thunked.out
    ! grep 'libX11.*attached\|libxcb.*attached' thunked.err || fail "Xlib is thunked"
}

# Without the host's half all is done by the program's own.
fallback_check()
{
    need xlsfonts xwininfo
    server_start
    mkdir empty
    for arguments in "xwininfo -root" xlsfonts; do
        guest_program "${arguments%% *}"
        # shellcheck disable=SC2086 # words
        run 0 native $arguments
        # shellcheck disable=SC2086
        run 0 thunked env THUNK_LOG=info THUNK_HOST_DIR="$work/empty" \
            "$thunk_run" --qemu "$qemu" --thunks x11 \
            ${sysroot:+--sysroot "$sysroot"} "$program" \
            $(expr "$arguments" : '[^ ]* \(.*\)')
        same native.out thunked.out
    done
    said thunked 1 "libX11.so.6: calls go to the guest's own"
}

"${what}_check"
