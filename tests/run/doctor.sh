#!/bin/sh
# SPDX-License-Identifier: MIT
# Tests of thunk-run --doctor. usage: doctor.sh CASE THUNK_RUN [PLUGIN]
#
# Most run a QEMU that is a script and says what the guest's probe would; the
# case real is about the THUNK_RUN of the build, its plugin and thunks.
#
# shellcheck disable=SC2016 # what $ stands for is the dynamic linker's to say
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${0%/*}/common.sh"
compiler_use
PATH=$work/prefix/bin:$work/bin:/usr/bin:/bin
unset QEMU_LD_PREFIX QEMU_GUEST_BASE
seen='emu qemu
dlcall.version 1
dlcall.api 6
dlcall.mode filter
call syscall
call instruction
qemu memory'

# qemu_says TEXT [COMMAND]: what the probe prints, what the script does besides.
qemu_says()
{
    printf '%s\n' '#!/bin/sh' '# qemu_plugin_register_vcpu_syscall_cb' \
        '[ "$1" != --version ] ||' \
        "{ echo 'qemu-x86_64 version 9.9.1 (Test)'; exit; }" \
        "echo '$1'" "${2:-:}" >"bin/qemu-$isa"
}

# good: a machine to which nothing is lacking.
good()
{
    qemu_says "$seen"
    cp "bin/qemu-$isa" "$thunks/thunk-probe"
    library "$home/host" libthunk-host.so 'int host;'
    library own libone.so.1 'int one(void) { return 1; }'
    mv own/libone.so.1 own/libone.so.1.2.3
    ln -s libone.so.1.2.3 own/libone.so.1
    library "$thunks" libone.so.1 'int one(void) { return 1; }'
    pack one libone.so.1
    program prog 'int one(void); int main(void) { return one(); }' \
        own/libone.so.1
}

# told TEXT: a line of $out has it.
told()
{
    case $out in
    *"$1"*) ;;
    *) fail "no '$1' in: $out" ;;
    esac
}

# json EXPRESSION VALUE: of what --doctor --json says, which is in $out.
json()
{
    same "$(printf '%s\n' "$out" | python3 -c 'import json, sys
told = json.load(sys.stdin)
guest = told["guests"][0] if told["guests"] else None
fates = {library["soname"]: (library["fate"], library["reason"])
         for library in told.get("program", {}).get("libraries", ())}
print('"$1"')')" "$2"
}

case_text()
{
    good
    run 0 thunk-run --doctor
    same "$err" ''
    told "thunk-run 0."
    told " in $work/prefix"
    told "
  $isa guests: programs can be run thunked
    QEMU
      $work/bin/qemu-$isa (on PATH), version 9.9.1: taken"
    told "plugin $home/libdlcall.so"
    told "tried: plugin API 6 (filter), calls by both doors, guest_base 0, \
system calls on host memory work"
    told "
      libone.so.1 (one): $work/own/libone.so.1.2.3
"
    told "sysroot: none"
    pack odd libodd.so.1
    run 0 thunk-run --doctor
    told "packs that only --thunks gives: odd"
    case $out in
    *"to do"*) fail "nothing to do: $out" ;;
    esac

    run 0 thunk-run --doctor ./prog
    told "
program ./prog, for $isa: 1 of its libraries thunked
  libraries
    libone.so.1: thunked
    libc.so.6: guest's own: there is no thunk of it"
    error 2 "--json" thunk-run --json ./prog
}

case_json()
{
    good
    run 0 thunk-run --doctor --json
    printf '%s\n' "$out" | python3 -m json.tool >tool || fail "no JSON: $out"
    json 'told["ready"], told["cures"], guest["ready"]' 'True [] True'
    json 'guest["qemus"][0]' "{'path': '$work/bin/qemu-$isa', 'origin': \
'on PATH', 'version': '9.9.1', 'fault': None, 'taken': True}"
    json 'guest["probe"]' "{'tried': True, 'fault': None, 'plugin_api': '6', \
'plugin_mode': 'filter', 'syscall_door': True, 'instruction_door': True, \
'host_memory': True, 'guest_base': 0}"
    json 'guest["thunks"]' "[{'soname': 'libone.so.1', 'packs': 'one', \
'host_file': '$work/own/libone.so.1.2.3', 'host_version': '1.2.3', \
'fault': None}]"
    json '"program" in told' False
    run 0 thunk-run --doctor --json ./prog
    json 'told["program"]["thunked"], fates["libone.so.1"]' \
        "1 ('thunked', None)"

    # Names may be anything.
    odd=$(printf 'a"\\\n\001\377\303\244')
    cp prog "$odd"
    run 0 thunk-run --doctor --json "./$odd"
    json 'ascii(told["program"]["path"])' "'./a\"\\\\\\n\\x01\\ufffd\\xe4'"
    run 1 thunk-run --doctor --json "./$odd.none"
    json 'told["ready"], guest' 'False None'
}

case_qemu()
{
    good
    run 1 env PATH="$work/prefix/bin" thunk-run --doctor
    told "QEMU: there is none"
    told "to do
  "
    machine=$(od -An -j18 -N1 -to1 "$work/prefix/bin/thunk-run" | tr -d " ")
    elf_segment "bin/qemu-$isa" "$machine" 001
    run 1 thunk-run --doctor --json --qemu "$work/bin/qemu-$isa"
    json 'guest["qemus"][0]["fault"], guest["qemus"][0]["taken"]' \
        'static, so it cannot load plugins False'
    json 'len(told["cures"])' 1
    run 1 thunk-run --doctor --qemu ./nowhere
    told "./nowhere (--qemu): No such file or directory"

    # One that is passed over, one that is taken, one that is not needed.
    mkdir first later
    mv "bin/qemu-$isa" first
    qemu_says "$seen"
    cp "bin/qemu-$isa" later
    chmod +x "bin/qemu-$isa" later/*
    PATH=$work/first:$PATH:$work/later
    run 0 thunk-run --doctor
    told "$work/first/qemu-$isa (on PATH): static, so it cannot load plugins
      $work/bin/qemu-$isa (on PATH), version 9.9.1: taken"
    told "$work/later/qemu-$isa (on PATH), version 9.9.1: not needed"
}

case_plugin()
{
    good
    run 1 thunk-run --doctor --plugin ./none.so
    told "plugin ./none.so: No such file"
    told "to do
  build or install the plugin libdlcall.so, or name it with --plugin"

    # QEMU refuses it, or something stands between plugin and host.
    qemu_says "" 'echo "plugin: too old" >&2; exit 1'
    run 1 thunk-run --doctor
    told "calls do not reach the host: plugin: too old"
    told "to do
  $work/bin/qemu-$isa: plugin: too old; to get another QEMU: "
    qemu_says "emu qemu" 'kill -SEGV $$'
    run 1 thunk-run --doctor
    told "calls do not reach the host: Segmentation fault"
    qemu_says ""
    run 1 thunk-run --doctor
    told "calls do not reach the host: the plugin does not answer"

    # The rest is not needed.
    qemu_says "dlcall.api 2
call syscall"
    run 0 thunk-run --doctor
    told "tried: plugin API 2 (unknown), calls by the system call alone, \
guest_base 0, system calls on host memory fail (EFAULT)"
    rm "$thunks/thunk-probe"
    run 0 thunk-run --doctor --json
    json 'guest["probe"]["tried"], guest["ready"]' 'False True'
}

case_libraries()
{
    good
    # One that this machine lacks, and one that crashes.
    cp "$thunks/libone.so.1" "$thunks/libtwo.so.1"
    cp "$thunks/libone.so.1" "$thunks/libthree.so.1"
    library own libthree.so.1 '#include <stdlib.h>
__attribute__((constructor)) static void start(void) { abort(); }'
    run 0 thunk-run --doctor
    told "libtwo.so.1: not on this machine, so the guest's own is used: \
libtwo.so.1: cannot open shared object file"
    told "libthree.so.1: not on this machine, so the guest's own is used: \
Aborted"

    # Where a thunk of a library of one's own finds it.
    mkdir elsewhere
    library elsewhere libtwo.so.1 'int two(void) { return 2; }'
    library "$home/host" libtwo-htl.so 'int htl;' -Wl,-rpath,"$work/elsewhere"
    run 0 thunk-run --doctor
    told "libtwo.so.1: $work/elsewhere/libtwo.so.1"

    # No thunks, and none of that name.
    run 1 thunk-run --doctor --without none ./prog
    told "to do
  --without none: no thunk or pack has that name; there are "
    told "libone.so.1: guest's own: there is no thunk of it"
    mkdir -p "empty/guest/$isa"
    run 1 thunk-run --doctor --thunks empty ./prog
    told "thunks: there are none"
    told "to do
  build or install thunks for $isa guests, or name some with --thunks"
    mv "$thunks" gone
    run 1 thunk-run --doctor --guest "$isa"
    told "thunks: $thunks: No such file or directory"
    mv gone "$thunks"

    # A runtime that this machine cannot load.
    elf "$home/host/libthunk-host.so" 025
    run 1 thunk-run --doctor
    told "to do
  install a thunk-run for this machine: $home/host/libthunk-host.so: "
    error 2 "--guest" thunk-run --doctor --guest mips
}

# What becomes of each library, and why.
case_program()
{
    good
    for name in two three four five six; do
        library own "lib$name.so.1" "int $name(void) { return 0; }"
        cp "own/lib$name.so.1" "$thunks"
        pack $name "lib$name.so.1"
    done
    library "$thunks" libtwo.so.1 'int none(void) { return 0; }'
    library own libone.so.1.2.3 'int one(void) { return 1; }' \
        -Wl,-soname,libone.so.1 -Wl,--no-as-needed own/libfour.so.1
    mkdir lib
    mv own/libthree.so.1 lib
    mkdir path
    "${CC:-cc}" -shared -fPIC -nostartfiles -o path/libseven.so.1 code.c
    cp path/libseven.so.1 "$thunks"
    pack seven libseven.so.1
    program prog 'int one(void), two(void), three(void), five(void), six(void);
int main(void) { return one() + two() + three() + five() + six(); }' \
        own/libone.so.1 own/libtwo.so.1 own/libfive.so.1 own/libsix.so.1 \
        -Llib -l:libthree.so.1 path/libseven.so.1 \
        -Wl,-rpath,'$ORIGIN/lib',--disable-new-dtags
    rm own/libsix.so.1
    mv own/libfive.so.1 lib
    library own libeight.so.1 'int eight(void) { return 0; }'
    program more 'int eight(void); int main(void) { return eight(); }' \
        own/libeight.so.1
    rm own/libeight.so.1

    run 0 thunk-run --doctor --json --without five ./prog
    json 'fates["libone.so.1"]' "('thunked', None)"
    json 'fates["libtwo.so.1"]' \
        "(\"guest's own\", 'its thunk lacks two, which prog needs')"
    json 'fates["libthree.so.1"][0], "not on this machine" in fates["libthree.so.1"][1]' \
        "guest's own True"
    json 'fates["libfour.so.1"]' \
        "('not loaded', 'only what is thunked needs it')"
    json 'fates["libfive.so.1"]' "(\"guest's own\", '--without five')"
    json 'fates["libseven.so.1"][0], "not on this machine" in fates["libseven.so.1"][1]' \
        "guest's own True"
    json 'fates["libsix.so.1"][0], "not on this machine" in fates["libsix.so.1"][1]' \
        "guest's own True"
    json 'told["program"]["thunked"], told["cures"]' \
        "1 ['install the library that has libthree.so.1', \
'install the library that has libseven.so.1', \
'install the library that has libsix.so.1']"
    run 1 thunk-run --doctor ./more
    told "libeight.so.1: missing: the program does not start without it"
    told "to do
  install libeight.so.1 for the guest, or name its root by --sysroot"
}

# Programs of which nothing can be thunked.
case_faults()
{
    good
    program prog 'int main(void) { return 0; }' -static
    run 1 thunk-run --doctor ./prog
    told "program ./prog, for $isa: it is static, so no library of it can be"
    program prog 'int main(void) { return 0; }' \
        -Wl,--dynamic-linker,/lib/ld-nowhere.so.1
    run 1 thunk-run --doctor ./prog
    told "its dynamic linker /lib/ld-nowhere.so.1 is not there: name the guest"
    mkdir lib
    : >lib/ld-musl-test.so.1
    chmod +x lib/ld-musl-test.so.1
    program prog 'int one(void); int main(void) { return one(); }' \
        own/libone.so.1 -Wl,--dynamic-linker,"/lib/ld-musl-test.so.1"
    run 1 thunk-run --doctor --sysroot "$work" ./prog
    told "libone.so.1: guest's own: its thunk needs glibc, the program has \
/lib/ld-musl-test.so.1"
    told "to do
  take a build of the program for glibc"

    head -c 200 prog >broken
    chmod +x broken
    run 1 thunk-run --doctor ./broken
    told "program ./broken, for $isa: its ELF file is broken"
    : >broken
    run 1 thunk-run --doctor ./broken
    told "program ./broken: neither an ELF program nor a script with #!"
    run 1 thunk-run --doctor ./nothing
    told "program ./nothing: No such file or directory"
    run 1 thunk-run --doctor --guest riscv64 "$work/prefix/bin/thunk-run"
    told "a program for $isa, not for --guest riscv64"
}

case_sysroot()
{
    good
    unset LD_LIBRARY_PATH
    mkdir -p "root/usr/lib/$isa-linux-gnu"
    cp own/libone.so.1 "root/usr/lib/$isa-linux-gnu"
    run 1 thunk-run --doctor ./prog
    told "libone.so.1: guest's own: not on this machine"
    LD_LIBRARY_PATH=$work/own
    export LD_LIBRARY_PATH
    run 0 thunk-run --doctor --json --sysroot "$work/root" \
        -E LD_LIBRARY_PATH= ./prog
    json 'guest["sysroot"]' "{'path': '$work/root', 'is_there': True}"
    json '[library["guest_file"] for library in told["program"]["libraries"]][0]' \
        "/usr/lib/$isa-linux-gnu/libone.so.1"
    run 0 env QEMU_LD_PREFIX="$work/root" thunk-run --doctor
    told "sysroot $work/root"
    run 0 thunk-run --doctor --sysroot "$work/none"
    told "sysroot $work/none: there is no such folder"
}

# The build's, on this machine: what it says is what is.
case_real()
{
    unset LD_LIBRARY_PATH
    qemu_use
    [ -e "${thunk_run%/*}/../lib/thunkgen/libdlcall.so" ] ||
        skip "libdlcall.so is not built"
    [ -e "${thunk_run%/*}/../lib/thunkgen/guest/$isa/libz.so.1" ] ||
        skip "no thunk of libz.so.1"
    program prog '#include <zlib.h>
int main(void) { return zlibVersion()[0] != ZLIB_VERSION[0]; }' -lz
    run 0 "$thunk_run" --doctor --json --guest "$isa" ./prog
    json 'guest["probe"]["syscall_door"], guest["probe"]["instruction_door"],
      guest["probe"]["guest_base"], guest["probe"]["plugin_api"].isdigit()' \
        'True True 0 True'
    json 'fates["libz.so.1"]' "('thunked', None)"
    json 'isinstance(told["heap"]["mimalloc"], str)' True
    version=$("$THUNK_QEMU" --version | sed -n '1s/.* version \([^ ]*\).*/\1/p')
    json 'guest["qemus"][0]["version"]' "$version"
    run 1 env QEMU_GUEST_BASE=0x100000000 "$thunk_run" --doctor ./prog
    told "the guest's memory is shifted by 0x100000000"
}

"case_$case"
