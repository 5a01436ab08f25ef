#!/bin/sh
# SPDX-License-Identifier: MIT
# What a program starts stays in QEMU, thunked; see execs.c.
# usage: children.sh CASE THUNK_RUN BIN
#
# shellcheck disable=SC2016 # what $ stands for is the guest shell's to say
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# Options for the guest's root.
guest()
{
    guest_set libz.so.1
    program=$bin/execs-$isa
    [ -x "$program" ] || skip "execs-$isa was not built"
    [ -x "$bin/execs-x86_64" ] || skip "execs-x86_64 was not built"
}

# tree STATUS NAME [OPTION]... COMMAND...
tree()
{
    expected=$1
    name=$2
    shift 2
    run "$expected" "$name" "$thunk_run" --qemu "$qemu" \
        ${sysroot:+--sysroot "$sysroot"} "$@"
}

# started NAME COUNT [PROGRAM]: NAME.err, with THUNK_LOG=debug, tells of so many
# processes that thunk-run has started besides the first.
started()
{
    got=$(grep -c "^thunk-run: \[[0-9]*\] debug: .* -- .*${3:-}" \
        "$work/$1.err")
    [ "$got" -ge "$2" ] ||
        fail "$1: $got programs were started, not $2: $(cat "$work/$1.err")"
}

# script NAME TEXT
script()
{
    printf '%b' "$2" >"$1"
    chmod +x "$1"
}

# execs_make PROGRAM: the folder that execs wants, as the current one.
execs_make()
{
    for name in execs show show-busy; do
        cp "$1" $name
    done
    mkdir folder
    cp "$1" folder/show
    : >plain
    : >empty
    echo text >text
    head -c 100 show >"cut"
    ln -s self-link self-link
    ln -s show link
    script script "#!$PWD/show\n"
    cp script script-busy
    script script-argument "#! $PWD/show  -a  b \\t \nmore"
    next=$PWD/show
    for i in 1 2 3 4 5 6; do
        script script$i "#!$next\n"
        next=$PWD/script$i
    done
    long=$(printf '%0300d' 0)
    script script-lost '#!/no/such\n'
    script script-folder '#!/\n'
    script script-nothing '#!\n'
    script script-blanks '#!  \t \n'
    script script-long "#!$PWD/show $long\n"
    script script-longer "#!/$long\n"
    script script-no-newline "#!$PWD/show x"
    script script-nul "#!$PWD/show a\\0000b\n"
    script script-text "#!$PWD/text\n"
    script script-env "#!/usr/bin/env $PWD/show\n"
    script script-env-s "#!/usr/bin/env -S $PWD/show a 'b c'\n"
    # Another name of the same length
    sed 's,/ld-linux,/xx-linux,' show >bad-linker
    chmod +x empty text cut bad-linker
}

# Each way to start a program, and each error.
ways_check()
{
    mkdir place
    cd place || exit 1
    # The same names for other guests.
    execs_make "$bin/execs-x86_64"
    run 0 native env -i PATH=/usr/bin:/bin ./execs run
    cd .. && rm -r place && mkdir place && cd place || exit 1
    execs_make "$program"
    tree_clean 0 thunked ./execs run
    cd ..
    # What is refused in QEMU is refused as QEMU does it: 7.2 knows no
    # execveat(), and for another ISA the kernel asks for no dynamic linker.
    sed -n '/^not in a folder$/{n;p}' thunked.out >refusal
    if grep -q 'not implemented' refusal; then
        sed -i '/^script by closed/,/^by \/proc/{
            s/^  [A-Z].*/  Function not implemented/}' native.out
    fi
    [ "$isa" = x86_64 ] ||
        sed -i '/^.\/bad-linker/{n;s/.*/  Exec format error/}' native.out
    same native.out thunked.out
    [ "$(grep -c '^native$' native.err)" -gt 25 ] ||
        fail "$(cat native.err)"
    sed 's/native/emulated/' native.err >expected.err
    same expected.err thunked.err
}

# tree() with nothing in the environment.
tree_clean()
{
    expected=$1
    name=$2
    shift 2
    run "$expected" "$name" env -i PATH=/usr/bin:/bin "$thunk_run" \
        --qemu "$qemu" ${sysroot:+--sysroot "$sysroot"} "$@"
}

signals_check()
{
    cp "$program" execs
    tree 0 signals ./execs signals "${1:-400}" "$PWD/execs" sleep
}

ways()
{
    guest
    ways_check
}

signals()
{
    guest
    signals_check
}

# No process, file or socket stays behind.
many()
{
    guest
    execs_make "$program"
    mkdir temporary home
    before=$(find . | sort)
    count=${THUNK_TEST_CHILDREN:-200}
    run 0 many env TMPDIR="$PWD/temporary" HOME="$PWD/home" "$thunk_run" \
        --qemu "$qemu" ./execs many "$count"
    [ "$(wc -l <many.out)" = "$count" ] || fail "$(cat many.out)"
    [ "$(grep -c emulated many.err)" = "$count" ] || fail "$(cat many.err)"
    rm many.out many.err
    after=$(find . | sort)
    [ "$before" = "$after" ] || fail "left behind: $after"
}

shell()
{
    need bash
    guest
    script greet '#!/usr/bin/env -S bash -e\necho "greet $0 $@"\n'
    script all '#!/bin/bash
set -o pipefail
echo "$0" "$@"
./greet a "b c"
echo text | cat | tr a-z A-Z
(exit 3); echo $?
$(command -v sh) -c "exit 4" || echo $?
./missing 2>/dev/null; echo $?
echo "echo from a file without an interpreter" >bare; chmod +x bare; ./bare
env -i ./greet alone
printf "%s\\n" 1 2 3 | xargs -n 1 -P 2 echo | sort
kill -TERM $$
'
    sed -i 's,env -i ./greet,env -i PATH=/usr/bin:/bin ./greet,' all
    expected=143
    run 143 native ./all x
    run 143 thunked env THUNK_LOG=debug "$thunk_run" --qemu "$qemu" ./all x
    same native.out thunked.out
    started thunked 9
    run 143 whole "$thunk_run" --qemu "$qemu" bash ./all x
    same native.out whole.out
}

make_of()
{
    need make gcc
    guest
    mkdir native thunked
    cat >Makefile <<'MAKE'
all: program
	./program
%.o: %.c
	$(CC) -c -o $@ $<
program: one.o two.o
	$(CC) -o $@ one.o two.o
MAKE
    echo 'int two(void); int main(void) { return two() != 2; }' >one.c
    echo 'int two(void) { return 2; }' >two.c
    for way in native thunked; do
        cp Makefile one.c two.c $way
    done
    run 0 native make -C native -j2 --no-print-directory CC=/usr/bin/gcc
    run 0 thunked env THUNK_LOG=debug "$thunk_run" --qemu "$qemu" \
        make -C thunked -j2 --no-print-directory CC=/usr/bin/gcc
    for file in native.out thunked.out; do
        sort -o $file $file
    done
    same native.out thunked.out
    same native/program thunked/program
    started thunked 10
}

git_of()
{
    need git
    guest
    GIT_CONFIG_GLOBAL=/dev/null
    HOME=$PWD
    export GIT_CONFIG_GLOBAL HOME
    git init -q one
    head -c 300000 /usr/bin/git >one/file
    git -C one add file
    git -C one -c user.name=a -c user.email=a@b commit -q -m first
    # upload-pack and index-pack are processes of their own.
    tree 0 clone --stats=git.json git clone -q "file://$PWD/one" two
    same one/file two/file
    tree 0 fsck git -C two fsck --strict
    [ "$(grep -c '^{"process": [0-9]*, "program": "git' git.json)" -ge 3 ] ||
        fail "$(cat git.json)"
}

ssh_of()
{
    need ssh
    guest
    script proxy '#!/bin/sh
echo "proxy for $1 $2" >proxied
echo SSH-1.0-nothing
sleep 1
'
    run 255 native ssh -F none -o ProxyCommand="./proxy %h %p" somewhere
    mv proxied native.proxied
    run 255 thunked env THUNK_LOG=debug "$thunk_run" --qemu "$qemu" \
        ssh -F none -o ProxyCommand="./proxy %h %p" somewhere
    same native.proxied proxied
    started thunked 2
}

python_of()
{
    need "$python"
    guest
    cp "$program" execs
    cp "$program" show
    cat >spawn.py <<'PY'
import os, subprocess, sys
count = int(sys.argv[1])
good = 0
for i in range(count):
    if i % 2:
        done = subprocess.run(["./show", str(i)], stderr=subprocess.PIPE)
        good += done.stderr == b"emulated\n" and done.returncode == 7
    else:
        good += os.spawnv(os.P_WAIT, "./show", ["show", str(i)]) == 7
print(good)
PY
    tree 0 spawn "$python" spawn.py "${THUNK_TEST_CHILDREN:-200}"
    [ "$(tail -n 1 spawn.out)" = "${THUNK_TEST_CHILDREN:-200}" ] ||
        fail "$(tail -n 1 spawn.out)"
    [ "$(grep -c emulated spawn.err)" -ge 50 ] || fail "$(cat spawn.err)"
}

# A child has what the program gives it and nothing more; the settings of the tree
# come from the first thunk-run.
environment()
{
    guest
    cp "$program" execs
    cp "$program" show
    tree 0 shown sh -c 'env -i A=1 /usr/bin/env; echo
        env -i LD_LIBRARY_PATH=/else LD_BIND_NOW=1 /usr/bin/env | sort; echo
        LD_LIBRARY_PATH=/a,b env -i LD_LIBRARY_PATH=/c,d /usr/bin/env; echo
        /usr/bin/env | grep -E "^LD_|lib/thunkgen"; :'
    cat >expected <<EOF
A=1

LD_BIND_NOW=1
LD_LIBRARY_PATH=/else

LD_LIBRARY_PATH=/c,d

EOF
    same expected shown.out
    # ldd asks the dynamic linker, which is to be the guest's alone.
    tree 0 ldd ldd /usr/bin/python3
    grep -q libc.so.6 ldd.out || fail "$(cat ldd.out)"
    [ ! -s ldd.err ] || fail "$(cat ldd.err)"
    # What env -i takes away the tree still has.
    run 0 quiet env THUNK_STATS=stats.json THUNK_LOG=info QEMU_CPU=max \
        "$thunk_run" --qemu "$qemu" env -i sh -c '
        /usr/bin/env; exec /usr/bin/python3 -c "import zlib; zlib.crc32(b\"\")"'
    ! grep -qE '^(QEMU_|THUNK_STATS)' quiet.out || fail "$(cat quiet.out)"
    grep -q '^thunk: libz.so.1: host' quiet.err || fail "$(cat quiet.err)"
    "$python" "$here/stats.py" stats.json 1 'crc32.calls=1' ||
        fail "$(cat stats.json)"
}

# The kernel gives a program rights; QEMU has none to give.
rights()
{
    guest
    [ "$(id -u)" = 0 ] || skip "only root can make a setuid program"
    cp "$program" execs
    cp "$program" show
    cp "$program" setuid
    cp "$program" setgid
    chown 65534 setuid
    chmod u+s setuid
    chgrp 65534 setgid
    chmod g+s setgid
    ! grep -q nosuid /proc/self/mounts || [ "$(findmnt -n -o OPTIONS -T . |
        grep -c nosuid)" = 0 ] || skip "the folder's file system is nosuid"
    tree 7 setuid sh -c './setuid a; ./setuid b; exec ./setuid c'
    [ "$(grep -c '^native$' setuid.err)" = 3 ] || fail "$(cat setuid.err)"
    said setuid 1 'is left to Linux, without thunks: it is setuid'
    ! grep -q lib/thunkgen setuid.out || fail "$(cat setuid.out)"
    tree 7 setgid sh -c './setgid'
    said setgid 1 'it is setgid'
    # Its own user's does not change anything.
    chown 0 setuid
    chmod u+s setuid
    tree 7 own sh -c ./setuid
    said own 1 emulated
    need setcap setpriv
    cp "$program" capable
    setcap cap_net_bind_service+ep capable 2>/dev/null || return 0
    tree 7 capable sh -c ./capable
    said capable 1 'it has capabilities'
    tree 7 locked setpriv --no-new-privs ./capable
    said locked 1 emulated
}

native()
{
    guest
    cp "$program" execs
    cp "$program" show
    tree 0 native --children=native sh -c './show x; :'
    said native 1 native
    tree 0 rest --children=native -E LD_LIBRARY_PATH=/else sh -c \
        'env | grep LD_LIBRARY'
    [ "$(cat rest.out)" = LD_LIBRARY_PATH=/else ] || fail "$(cat rest.out)"
    tree 2 wrong --children=some true
    said wrong 1 '--children some: thunked or native expected'
}

# Reports and lines of all processes, and whose they are.
told()
{
    need "$python"
    guest
    crc='import zlib; zlib.crc32(b"x")'
    run 0 told env THUNK_LOG=info "$thunk_run" --qemu "$qemu" \
        --stats=told.json --trace=crc32 \
        sh -c "$python -c '$crc'; exec $python -c '$crc'"
    "$python" "$here/stats.py" told.json 2 crc32.calls=2 || fail "statistics"
    [ "$(grep -c '"program": "python' told.json)" = 2 ] ||
        fail "$(cat told.json)"
    said told 2 ' crc32(crc=0'
    said told 2 'libz.so.1: host library attached'
    said told 1 'thunk: libz.so.1: host library attached'
    [ "$(grep -c '^thunk: \[[0-9]*\] libz.so.1: host' told.err)" = 1 ] ||
        fail "$(cat told.err)"
    # A program that calls and then becomes another one.
    tree 0 both --stats=both.json "$python" -c "$crc
import os; os.execv('$python', ['python3', '-c', '$crc'])"
    "$python" "$here/stats.py" both.json 1 crc32.calls=2 || fail "statistics"
    grep -q '^{.*"program": "python3' both.json || fail "$(cat both.json)"
}

# Where thunk-run cannot be had, the kernel does what it would without.
gone()
{
    guest
    cp "$program" execs
    cp "$program" show
    mkdir -p prefix/bin prefix/lib
    cp "$thunk_run" prefix/bin/thunk-run
    ln -s "$thunks" prefix/lib/thunkgen
    run 7 gone prefix/bin/thunk-run --qemu "$qemu" sh -c \
        'rm prefix/bin/thunk-run; ./show a; ./show b'
    said gone 2 native
    said gone 1 'is left to Linux, without thunks:'
    ! grep -q lib/thunkgen gone.out || fail "$(cat gone.out)"
    # Thunks that go only take the thunks.
    cp "$thunk_run" prefix/bin/thunk-run
    mkdir -p more/guest/x86_64
    run 7 less prefix/bin/thunk-run --qemu "$qemu" --thunks more sh -c \
        'rmdir more/guest/x86_64; ./show a'
    said less 1 emulated
    said less 1 'runs without thunks: '
}

# Programs without a dynamic linker, and one as a program.
static()
{
    guest
    [ -x "$bin/execs_static-x86_64" ] || skip "execs_static was not built"
    cp "$bin/execs_static-x86_64" execs
    cp "$program" show
    need bash
    linker=/lib64/ld-linux-x86-64.so.2
    tree 0 static ./execs emulated
    [ "$(cat static.out)" = emulated ] || fail "$(cat static.out)"
    tree 7 child bash -c './execs emulated; exec ./show'
    said child 1 emulated
    tree 7 linker sh -c "exec $linker ./show a"
    said linker 1 emulated
    grep -q '^  2 \[./show\] \[a\]' linker.out || fail "$(cat linker.out)"
}

# The guest's root comes first, also where a link in it is absolute.
root()
{
    guest
    mkdir -p root/opt/bin root/etc
    for folder in bin lib lib64 usr; do
        [ ! -e "$sysroot/$folder" ] || ln -s "$sysroot/$folder" root/$folder
    done
    cp "$program" root/opt/bin/show
    cp "$program" execs
    ln -s /etc/thunk-test-show root/opt/bin/chosen
    ln -s /opt/bin/show root/etc/thunk-test-show
    script inside '#!/opt/bin/chosen x\n'
    sysroot=$PWD/root
    # Debian's packages have it in /bin, a machine's PATH may find /usr/bin first.
    tree 0 uname "$sysroot/usr/bin/env" uname -m
    [ "$(cat uname.out)" = "$isa" ] || fail "$(cat uname.out)"
    tree 7 chosen "$sysroot/usr/bin/env" /opt/bin/chosen a
    said chosen 1 emulated
    tree 7 script "$sysroot/usr/bin/env" ./inside
    grep -q '^  3 \[/opt/bin/chosen\] \[x\] \[./inside\]' script.out ||
        fail "$(cat script.out)"
    # A program of this machine, which the root has not
    cp "$bin/execs-x86_64" show
    tree 7 other "$sysroot/usr/bin/env" ./show
    said other 1 native
    ! grep -q lib/thunkgen other.out || fail "$(cat other.out)"
}

# As the kernel starts it where binfmt_misc has a rule for that; each user
# namespace has its own since Linux 6.7.
binfmt()
{
    guest
    need unshare
    launcher=$(dirname "$thunk_run")/../libexec/thunkgen/thunk-run-binfmt
    number=$(od -An -t x1 -j18 -N1 "$program" | tr -d ' ')
    magic='\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00'
    magic=$magic'\x02\x00\x'$number'\x00'
    mask='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff'
    mask=$mask'\xfe\xff\xff\xff'
    printf %s ":thunk-test:M::$magic:$mask:$launcher:P" >rule
    cp "$program" show
    script hello "#!$PWD/show x"
    cat >inside <<'IN'
mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc &&
    cat rule >/proc/sys/fs/binfmt_misc/register || exit 77
./show 'a b'
./hello y
IN
    unshare --user --map-root-user --mount true 2>/dev/null ||
        skip "this machine allows no user namespaces"
    ! unshare --user --map-root-user --mount sh -c '
        mount -t binfmt_misc none /proc/sys/fs/binfmt_misc' 2>/dev/null &&
        skip "no binfmt_misc of a user namespace: Linux 6.7 has it"
    run 7 binfmt env QEMU_LD_PREFIX="$sysroot" THUNK_QEMU="$qemu" \
        unshare --user --map-root-user --mount sh ./inside
    said binfmt 2 emulated
    grep -q '^  2 \[./show\] \[a b\]' binfmt.out || fail "$(cat binfmt.out)"
    grep -q "^  4 \[$PWD/show\] \[x\] \[./hello\] \[y\]" binfmt.out ||
        fail "$(cat binfmt.out)"
    run 2 alone "$launcher"
}

others_check()
{
    isa=x86_64
    program=$bin/execs-x86_64
    ways_check
    rm -r place
    signals_check 100
}

what=${case%_aarch64}
case ${what%_riscv64} in
children_ways) ways ;;
children_signals) signals ;;
children_many) many ;;
children_shell) shell ;;
children_make) make_of ;;
children_git) git_of ;;
children_ssh) ssh_of ;;
children_python) python_of ;;
children_environment) environment ;;
children_rights) rights ;;
children_native) native ;;
children_told) told ;;
children_gone) gone ;;
children_static) static ;;
children_root) root ;;
children_binfmt) binfmt ;;
qemus_children) for_qemus others_check ;;
*) fail "there is no such case" ;;
esac
