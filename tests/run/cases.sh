#!/bin/sh
# SPDX-License-Identifier: MIT
# Tests of thunk-run. usage: cases.sh CASE THUNK_RUN [PLUGIN]
#
# Most run a QEMU that is a script and prints its arguments, one in brackets per
# line; the cases real_* run Debian's QEMU with PLUGIN. Exit status 77: skipped.
#
# shellcheck disable=SC2016 # what $ stands for is the guest shell's to say
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${0%/*}/common.sh"

case_help()
{
    run 0 thunk-run --help
    case $out in
    "usage: thunk-run "*--guest*--thunks*--qemu*--sysroot*--plugin*-E*) ;;
    *) fail "help: $out" ;;
    esac
    run 0 thunk-run --version
    case $out in
    "thunk-run "[0-9]*.[0-9]*) ;;
    *) fail "version: $out" ;;
    esac
}

case_usage()
{
    error 2 "no PROGRAM" thunk-run
    error 2 "no PROGRAM" thunk-run --
    error 2 "--guest mips" thunk-run --guest mips /bin/true
    error 2 "-E WORD" thunk-run -E WORD /bin/true
    error 2 "-E =x" thunk-run -E =x /bin/true
    run 2 thunk-run --nonsense /bin/true
    run 2 thunk-run --qemu
}

case_layout()
{
    elf program 076
    run 0 thunk-run ./program -x '' 'a b'
    same "$out" "[-plugin]
[file=$home/libdlcall.so,program=$work/program,\
exec=$work/prefix/bin/thunk-run,exec=--qemu=$work/bin/qemu-x86_64,\
exec=--plugin=$home/libdlcall.so]
[-0]
[./program]
[--]
[./program]
[-x]
[]
[a b]"

    # The same through a link, from elsewhere.
    ln -s "$work/prefix/bin/thunk-run" link
    first=$out
    run 0 ./link ./program -x '' 'a b'
    same "$out" "$first"
}

case_thunks()
{
    compiler_use
    library one libone.so.1 'int one(void) { return 1; }'
    for folder in one two more; do
        mkdir -p $folder/guest/"$isa"
        cp one/libone.so.1 $folder/guest/"$isa"
    done
    library two/guest/"$isa" libtwo.so.1 'int two(void) { return 1; }'
    cp one/libone.so.1 "$thunks"
    program prog 'int one(void); int main(void) { return one(); }' \
        one/libone.so.1
    run 0 thunk-run ./prog
    same "$(given)" "$thunks/libone.so.1"
    # Of two folders with the same the first has it.
    run 0 thunk-run --thunks one --thunks=two ./prog
    same "$(given)" "$work/one/guest/$isa/libone.so.1
$work/two/guest/$isa/libtwo.so.1"
    mkdir empty
    error 127 "empty/guest/$isa: No such file" thunk-run --thunks empty ./prog

    # Packs are such folders by name; what is none is a folder.
    pack gl libone.so.1
    pack z libtwo.so.1
    cp two/guest/"$isa"/libtwo.so.1 "$thunks"
    mkdir z
    run 0 thunk-run --thunks z,gl --thunks one ./prog
    same "$(given)" "$home/packs/z/guest/$isa/libtwo.so.1
$home/packs/gl/guest/$isa/libone.so.1"
    error 127 "--thunks gl,no: no is neither a folder nor one of the packs: gl, z" \
        thunk-run --thunks gl,no ./prog
    error 127 "--thunks no: no is neither" thunk-run --thunks no ./prog
    error 127 "./z/guest/$isa: No such file" thunk-run --thunks ./z ./prog

    # The guest's own library, for which it is; a thunk that the program finds by
    # itself is none.
    cp one/libone.so.1 own
    run 0 thunk-run ./prog
    same "$(plugin_options | grep -B 1 '^own=')" \
        "thunk=$thunks/libone.so.1
own=$work/own/libone.so.1"
    run 0 env LD_LIBRARY_PATH="$thunks" thunk-run ./prog
    same "$(given)" ''

    rm -r "$home/guest/$isa"
    error 127 "$home/guest/$isa: No such file" thunk-run ./prog
}

case_guest()
{
    elf arm 267
    elf riscv 363
    mkdir "$home/guest/aarch64" "$home/guest/riscv64"
    cp bin/qemu-x86_64 bin/qemu-aarch64
    cp bin/qemu-x86_64 bin/qemu-riscv64
    run 0 thunk-run ./arm
    same "$(tail_from -cpu | sed -n 2p)" "[neoverse-n1]"
    run 0 env QEMU_CPU=max thunk-run ./arm
    same "$(tail_from -cpu)" ""
    run 0 thunk-run --guest riscv64 --sysroot /root/of/guest ./riscv
    same "$(tail_from -L | sed -n 2p)" "[/root/of/guest]"
    same "$(tail_from -cpu)" ""
    error 126 "a program for aarch64, not for --guest x86_64" \
        thunk-run --guest x86_64 ./arm
}

case_elf()
{
    elf bits 003 001
    error 126 "a 32-bit program" thunk-run ./bits
    elf endian 026 002 002
    error 126 "a big-endian program" thunk-run ./endian
    elf machine 025
    error 126 "ELF machine 21" thunk-run ./machine
    elf object 076 002 001 001
    error 126 "an ELF file, but no program" thunk-run ./object
    : >empty
    chmod +x empty
    error 126 "neither an ELF program nor a script" thunk-run ./empty
}

case_program()
{
    error 127 "./missing: No such file" thunk-run ./missing
    error 127 "missing-command: No such file" thunk-run missing-command
    error 127 ": No such file" thunk-run ''
    error 126 "/: Is a directory" thunk-run /
    : >plain
    error 126 "./plain: Permission denied" thunk-run ./plain
}

case_script()
{
    elf interpreter 076
    script one "#! $work/interpreter -a  b  "
    run 0 thunk-run ./one x
    same "$(tail_from -0)" "[-0]
[$work/interpreter]
[--]
[$work/interpreter]
[-a  b]
[./one]
[x]"

    script two "#!$work/one"
    run 0 thunk-run ./two x
    same "$(tail_from --)" "[--]
[$work/interpreter]
[-a  b]
[$work/one]
[./two]
[x]"

    # env would leave QEMU: NAME is looked up here.
    mv interpreter bin/thunk-test-interpreter
    script three '#!/usr/bin/env thunk-test-interpreter'
    run 0 thunk-run ./three
    same "$(tail_from -0)" "[-0]
[thunk-test-interpreter]
[--]
[$work/bin/thunk-test-interpreter]
[./three]"

    # An interpreter in the guest's root wins.
    mkdir -p root/opt/bin
    elf root/opt/bin/inside 076
    script four '#!/opt/bin/inside'
    run 0 thunk-run --sysroot "$work/root" ./four
    same "$(tail_from -0)" "[-0]
[/opt/bin/inside]
[--]
[$work/root/opt/bin/inside]
[./four]"

    # Linux cuts an argument off, but no interpreter.
    script long "#!$work/interpreter-of-a-name $(printf %0300d 0)"
    elf interpreter-of-a-name 076
    run 0 thunk-run ./long
    length=$((254 - $(printf %s "#!$work/interpreter-of-a-name" | wc -c)))
    same "$(tail_from -- | sed -n 3p)" "[$(printf "%0${length}d" 0)]"
    script longer "#!/$(printf %0300d 0)"
    error 126 "no interpreter" thunk-run ./longer
    script loop "#!$work/loop"
    error 126 "more than 5 scripts" thunk-run ./loop
    script nothing '#!  '
    error 126 "no interpreter" thunk-run ./nothing
    script lost '#!/no/such/shell'
    error 127 "/no/such/shell: No such file" thunk-run ./lost
    case $err in
    *"the interpreter of ./lost") ;;
    *) fail "the script is not named: $err" ;;
    esac
}

case_path()
{
    mkdir first second
    elf second/thunk-test-command 076
    : >first/thunk-test-command
    PATH=$work/first:$work/second:$PATH
    run 0 thunk-run thunk-test-command
    same "$(tail_from -0)" "[-0]
[thunk-test-command]
[--]
[$work/second/thunk-test-command]"
    chmod -x second/thunk-test-command
    error 126 "thunk-test-command: Permission denied" \
        thunk-run thunk-test-command

    # An empty element is the current folder.
    elf thunk-test-here 076
    PATH=:$PATH
    run 0 thunk-run thunk-test-here
    same "$(tail_from -- | sed -n 2p)" '[./thunk-test-here]'
}

case_qemu()
{
    elf program 076
    for name in option variable; do
        sed "s/^printf/echo $name; &/" bin/qemu-x86_64 >"$name"
        chmod +x "$name"
    done
    THUNK_QEMU=$work/variable
    export THUNK_QEMU
    run 0 thunk-run ./program
    same "$(printf '%s\n' "$out" | head -n 1)" variable
    run 0 thunk-run --qemu ./option ./program
    same "$(printf '%s\n' "$out" | head -n 1)" option
    unset THUNK_QEMU

    # One that is named is not passed over, though there are others.
    cure="thunks need a QEMU with plugins; to get one: "
    error 127 "--qemu ./nowhere: No such file or directory: $cure" \
        thunk-run --qemu ./nowhere ./program
    script plain '#!/bin/sh'
    error 126 "--qemu ./plain: built without plugins: $cure" \
        thunk-run --qemu ./plain ./program
    error 126 "THUNK_QEMU ./plain: built without plugins: $cure" \
        env THUNK_QEMU=./plain thunk-run ./program
    run 0 env THUNK_QEMU= thunk-run ./program
}

# qemu_make FILE: one that can load plugins and prints its own path.
qemu_make()
{
    mkdir -p "$(dirname "$1")"
    script "$1" '#!/bin/sh
# qemu_plugin_register_vcpu_syscall_cb
echo "$0"'
}

# qemus_useless: on $folders, one for each reason to pass it over.
qemus_useless()
{
    word=qemu_plugin_register_vcpu_syscall_cb
    machine=$(od -An -j18 -N1 -to1 "$work/prefix/bin/thunk-run" | tr -d " ")
    other=076
    [ "$machine" != 076 ] || other=267
    mkdir static without foreign empty hidden
    elf_segment static/qemu-x86_64 "$machine" 001 $word
    elf_segment without/qemu-x86_64 "$machine" 003
    elf_segment foreign/qemu-x86_64 "$other" 003 $word
    : >empty/qemu-x86_64
    chmod +x empty/qemu-x86_64
    elf_segment hidden/qemu-x86_64 "$machine" 003 $word
    chmod -x hidden/qemu-x86_64
    folders=$work/prefix/bin
    for folder in static without foreign empty hidden; do
        folders=$folders:$work/$folder
    done
}

# chosen FILE ORIGIN [VARIABLE...]: thunk-run takes it, and tells so.
chosen()
{
    file=$1
    origin=$2
    shift 2
    run 0 env THUNK_LOG=info PATH="$folders" "$@" thunk-run ./program
    same "$out" "$file"
    same "$(printf '%s\n' "$err" | grep " QEMU $file (" | tail -n 1)" \
        "thunk-run: info: QEMU $file ($origin)"
}

# passed_over FILE ORIGIN FAULT: it told of that one as well.
passed_over()
{
    case $err in
    *"thunk-run: info: passed over: QEMU $1 ($2): $3"*) ;;
    *) fail "not passed over: $1 ($2): $3: $err" ;;
    esac
}

case_choice()
{
    elf program 076
    qemus_useless
    qemu_make late/qemu-x86_64
    qemu_make later/qemu-x86_64
    folders=$folders:$work/late:$work/later
    chosen "$work/late/qemu-x86_64" "on PATH"
    passed_over "$work/static/qemu-x86_64" "on PATH" \
        "static, so it cannot load plugins"
    passed_over "$work/without/qemu-x86_64" "on PATH" "built without plugins"
    passed_over "$work/foreign/qemu-x86_64" "on PATH" "for another machine"
    passed_over "$work/empty/qemu-x86_64" "on PATH" empty
    same "$(printf '%s\n' "$err" | wc -l)" 6

    user=$HOME/.local/share/thunkgen/qemu/qemu-x86_64
    qemu_make "$user"
    chosen "$user" "built by thunk-qemu"
    chosen "$user" "built by thunk-qemu" XDG_DATA_HOME=data
    chosen "$work/late/qemu-x86_64" "on PATH" XDG_DATA_HOME=/data
    qemu_make data/thunkgen/qemu/qemu-x86_64
    chosen "$work/data/thunkgen/qemu/qemu-x86_64" "built by thunk-qemu" \
        XDG_DATA_HOME="$work/data"
    own=$home/qemu/qemu-x86_64
    qemu_make "$own"
    chosen "$own" "installed with thunk-run"
    chosen "$work/late/qemu-x86_64" THUNK_QEMU \
        THUNK_QEMU="$work/late/qemu-x86_64"
    chmod -x "$own"
    chosen "$user" "built by thunk-qemu"
    passed_over "$own" "installed with thunk-run" "Permission denied"
    cp static/qemu-x86_64 "$own"
    chmod +x "$own"
    chosen "$user" "built by thunk-qemu"
    passed_over "$own" "installed with thunk-run" static

    # One folder twice, by two names, is one.
    ln -s static again
    folders=$work/again:$folders
    chosen "$user" "built by thunk-qemu"
    rm "$user"
    chosen "$work/late/qemu-x86_64" "on PATH"
    same "$(printf '%s\n' "$err" | grep -c static)" 2
}

# The one command that gets a QEMU, as this machine needs it.
case_cure()
{
    elf program 076
    none="no QEMU with plugins for x86_64 guests"
    debian_12=no
    ! grep -qx ID=debian /etc/os-release ||
        ! grep -qx 'VERSION_ID="12"' /etc/os-release || debian_12=yes
    cure="thunk-qemu x86_64"
    builder="'$work/a b/bin/thunk-qemu' x86_64"
    if [ $debian_12 = yes ] && [ ! -e /usr/bin/qemu-x86_64 ]; then
        cure="apt-get install qemu-user"
        builder=$cure
    fi
    folders=$work/prefix/bin
    error 127 "$none; to get one: $cure" env PATH="$folders" thunk-run ./program
    script prefix/bin/thunk-qemu '#!/bin/sh'
    error 127 "$none; to get one: $cure" env PATH="$folders" thunk-run ./program
    qemus_useless
    error 127 "$none ($work/static/qemu-x86_64: static, so it cannot load \
plugins; $work/without/qemu-x86_64: built without plugins; " \
        env PATH="$folders" thunk-run ./program
    same "${err##*to get one: }" "$cure"

    # The folder of thunk-qemu is told where it is not on PATH.
    cp -R prefix 'a b'
    error 127 "$none; to get one: $builder" \
        env PATH=/nowhere "$work/a b/bin/thunk-run" ./program
}

case_plugin()
{
    elf program 076
    mkdir 'a,b'
    : >'a,b/p,,q.so'
    run 0 thunk-run --plugin 'a,b/p,,q.so' ./program
    same "$(plugin_file)" "[file=$work/a,,b/p,,,,q.so"
    error 127 "./gone.so: No such file" thunk-run --plugin ./gone.so ./program
    rm "$home/libdlcall.so"
    error 127 "$home/libdlcall.so: No such file" thunk-run ./program
}

# What the plugin is told for the program's children, and what it has thunk-run do.
case_children()
{
    elf program 076
    mkdir -p root more/guest/x86_64 "$home/packs/z/guest/x86_64"
    run 0 thunk-run --children=native ./program
    same "$(plugin_options)" "file=$home/libdlcall.so
program=$work/program"
    error 2 "--children some" thunk-run --children=some ./program

    # Whatever folder the child is in
    run 0 env THUNK_STATS=s QEMU_CPU=c THUNK_QEMU= thunk-run --thunks z \
        --thunks ./more --sysroot root ./program
    same "$(plugin_options | grep -v default)" \
        "file=$home/libdlcall.so
program=$work/program
root=$work/root
exec=$work/prefix/bin/thunk-run
exec=--qemu=$work/bin/qemu-x86_64
exec=--plugin=$home/libdlcall.so
exec=--sysroot=$work/root
exec=--thunks=z
exec=--thunks=$work/more"
    same "$(plugin_options | grep default | sort)" \
        "exec=--default=QEMU_CPU=c
exec=--default=THUNK_STATS=s"

    # A child: its file, command line and environment are what they are.
    run 0 env -i PATH="$PATH" THUNK_LOG=info thunk-run --exec=program \
        --qemu="$work/bin/qemu-x86_64" --default=THUNK_STATS=s \
        --default=THUNK_LOG=debug --default=QEMU_CPU=c --close=7 -E LD_X=1 -- \
        'its name' '' --help
    same "$(plugin_options | grep -v thunk-run)" \
        "file=$home/libdlcall.so
program=$work/program
close=7
exec=--qemu=$work/bin/qemu-x86_64
exec=--plugin=$home/libdlcall.so
exec=--default=THUNK_STATS=s
exec=--default=THUNK_LOG=debug
exec=--default=QEMU_CPU=c"
    same "$(tail_from -U)" "[-U]
[THUNK_STATS]
[-U]
[QEMU_CPU]
[-E]
[LD_X=1]
[-0]
[its name]
[--]
[program]
[]
[--help]"

    # It runs in any case.
    mv "$home/guest" "$home/gone"
    run 0 thunk-run --exec=program --qemu="$work/bin/qemu-x86_64" -- name
    same "$(tail_from -0)" "[-0]
[name]
[--]
[program]"
    case $err in
    "thunk-run: program runs without thunks: "*"No such file"*) ;;
    *) fail "$err" ;;
    esac

    # As binfmt_misc calls it.
    mv "$home/gone" "$home/guest"
    ln -s thunk-run prefix/bin/thunk-run-binfmt
    run 0 thunk-run-binfmt "$work/program" --help a
    same "$(tail_from -0)" "[-0]
[--help]
[--]
[$work/program]
[a]"
    error 2 "is for Linux's binfmt_misc" thunk-run-binfmt program
}

# A command is looked for in the guest's root first.
case_root()
{
    mkdir -p root/usr/bin
    elf bin/thunk-test-both 076
    elf root/usr/bin/thunk-test-root 076
    mkdir -p "root$work/bin"
    elf "root$work/bin/thunk-test-both" 076
    PATH=$PATH:/usr/bin
    run 0 thunk-run --sysroot root thunk-test-root
    same "$(tail_from --)" "[--]
[root/usr/bin/thunk-test-root]"
    run 0 thunk-run --sysroot root thunk-test-both
    same "$(tail_from --)" "[--]
[root$work/bin/thunk-test-both]"
    run 0 thunk-run --sysroot root "$work/bin/thunk-test-both"
    same "$(tail_from --)" "[--]
[root$work/bin/thunk-test-both]"
    error 127 "thunk-test-root: No such file" thunk-run thunk-test-root
}

case_environment()
{
    elf program 076
    run 0 thunk-run -E A=1 -E 'B=x y' -E A=2 -E C= ./program
    same "$(tail_from -E)" "[-E]
[A=2]
[-E]
[B=x y]
[-E]
[C=]
[-0]
[./program]
[--]
[./program]"

    # The user's own LD_LIBRARY_PATH is the program's, as it is.
    LD_LIBRARY_PATH=/some/where
    export LD_LIBRARY_PATH
    run 0 thunk-run ./program
    same "$(tail_from -E)" ''
    run 0 thunk-run -E LD_LIBRARY_PATH=/else ./program
    same "$(tail_from -E | sed -n 2p)" "[LD_LIBRARY_PATH=/else]"
}

case_commas()
{
    elf program 076
    sed 's/^printf.*/echo "$A"; &/' bin/qemu-x86_64 >bin/shows
    chmod +x bin/shows
    run 0 thunk-run --qemu shows -E A=old -E 'A=1,2=3' ./program
    same "$(printf '%s\n' "$out" | head -n 1)" 1,2=3
    same "$(tail_from -E)" ''
    error 2 "-E LD_PRELOAD=a,b" thunk-run -E LD_PRELOAD=a,b ./program
    error 2 "-E QEMU_LOG=a,b" thunk-run -E QEMU_LOG=a,b ./program
}

# A prefix may have any name.
case_odd_prefix()
{
    compiler_use
    library one libone.so.1 'int one(void) { return 1; }'
    cp one/libone.so.1 "$thunks"
    program prog 'int one(void); int main(void) { return one(); }' \
        one/libone.so.1
    odd="$work/a,b:c;d e'f"
    mv "$work/prefix" "$odd"
    PATH=$work/bin:/usr/bin:/bin
    run 0 "$odd/bin/thunk-run" ./prog
    same "$(plugin_file)" "[file=$work/a,,b:c;d e'f/lib/thunkgen/libdlcall.so"
    case $(tail_from -plugin | sed -n 2p) in
    *",thunk=$work/a,,b:c;d e'f/lib/thunkgen/guest/$isa/libone.so.1,exec="*) ;;
    *) fail "$out" ;;
    esac
}

case_debug()
{
    elf program 076
    THUNK_LOG=info
    export THUNK_LOG
    run 0 thunk-run ./program
    qemu_told="thunk-run: info: QEMU $work/bin/qemu-x86_64 (on PATH)"
    own_told="thunk-run: info: ./program: nothing is thunked; the guest's own: \
all, as it has no dynamic linker"
    same "$err" "$qemu_told
$own_told"
    mkdir -p "$home/packs/two/guest/x86_64"
    touch "$home/packs/two/guest/x86_64/libb.so.2" \
        "$home/packs/two/guest/x86_64/liba.so.1" \
        "$home/packs/two/guest/x86_64/libthunk-guest.so"
    run 0 thunk-run --thunks two ./program
    same "$err" "thunk-run: info: pack two: liba.so.1, libb.so.2
$qemu_told
$own_told"
    THUNK_LOG=debug
    run 0 thunk-run ./program '' "it's" a=b
    case $err in
    "$qemu_told
$own_told
thunk-run: debug: $work/bin/qemu-x86_64 -plugin "*" '' 'it'\\''s' a=b") ;;
    *) fail "$err" ;;
    esac
}

case_real_arguments()
{
    real
    run 0 thunk-run printf '[%s]\n' '' 'a b' --help
    same "$out" "[]
[a b]
[--help]"
    run 0 thunk-run -- sh -c 'tr "\0" "|" </proc/$$/cmdline; :' zero
    case $out in
    "sh|-c|"*"|zero|") ;;
    *) fail "argv[0]: $out" ;;
    esac
}

case_real_status()
{
    real
    run 0 thunk-run true
    run 1 thunk-run false
    run 42 thunk-run sh -c 'exit 42'
    echo input >text
    same "$(thunk-run cat <text)" input
}

# A shell shows 128 + n for a command that a signal has ended.
case_real_signal()
{
    real
    for signal in TERM KILL HUP; do
        kill_self="kill -$signal \$\$"
        sh -c "sh -c '$kill_self'; exit \$?" 2>/dev/null
        native=$?
        sh -c "thunk-run sh -c '$kill_self'; exit \$?" 2>/dev/null
        same "$?" "$native"
    done
    # From outside: there is only one process, so the signal meets QEMU.
    thunk-run sleep 30 &
    pid=$!
    sleep 0.3
    kill -TERM "$pid"
    wait "$pid"
    same "$?" 143
}

case_real_script()
{
    real
    script greet '#!/bin/sh -e
echo "$0" "$@"
false
echo not reached'
    run 1 thunk-run ./greet 'a b'
    same "$out" './greet a b'
}

case_real_environment()
{
    real
    INHERITED=1,2
    export INHERITED
    run 0 thunk-run -E 'SET=a b' -E COMMA=3,4 -E LD_LIBRARY_PATH=/else \
        sh -c 'echo "$INHERITED $SET $COMMA"; echo "$LD_LIBRARY_PATH"'
    same "$out" "1,2 a b 3,4
/else"
}

"case_$case"
