#!/bin/sh
# SPDX-License-Identifier: MIT
# bootstrap, the table of packages and tests/suite on machines that lack
# something: the programs that they call are played by scripts.
# usage: cases.sh CASE PROJECT_FOLDER
set -u

case=$1
project=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bin=$work/bin
mkdir -p "$bin" "$work/clone/tests/demo" "$work/home"
cp -r "$project/bootstrap" "$project/packaging" "$work/clone"
cp "$project/tests/suite" "$project/tests/skips" "$work/clone/tests"
cd "$work/clone" || exit 1
unset XDG_DATA_HOME THUNK_QEMU
HOME=$work/home

fail()
{
    echo "$case: $*" >&2
    exit 1
}

# play NAME: a program of that name, with standard input as its script; what it
# was called with is in the file NAME.calls. It takes the place of a link to the
# machine's own, which root could write through.
play()
{
    {
        echo '#!/bin/sh'
        echo "echo \"\$*\" >>$work/$1.calls"
        cat
    } >"$work/played"
    chmod +x "$work/played"
    mv "$work/played" "$bin/$1"
}

# run STATUS COMMAND...: with what is in bin, and the tools that every machine
# has.
run()
{
    expected=$1
    shift
    PATH=$bin "$@" >"$work/out" 2>"$work/err"
    status=$?
    [ $status = "$expected" ] ||
        fail "$*: exit status $status, not $expected:" \
            "$(cat "$work/out" "$work/err")"
}

# says FILE TEXT, says_not FILE TEXT
says()
{
    grep -qF -e "$2" "$work/$1" || fail "no '$2' in $1: $(cat "$work/$1")"
}
says_not()
{
    ! grep -qF -e "$2" "$work/$1" || fail "'$2' in $1: $(cat "$work/$1")"
}

# A machine with a shell and its tools, an apt that installs everything, and a
# build that succeeds.
machine()
{
    for tool in awk basename cat chmod cp date dirname env grep head mkdir nproc \
        printf rm sed seq sh sleep sort tail tr uname uniq wc; do
        ln -s "$(command -v $tool)" "$bin/$tool" || exit 1
    done
    : >"$work/installed"
    play apt-get <<END
case " \$* " in
*" install "*)
    for word in "\$@"; do echo "\$word installed" >>$work/installed; done
    ;;
esac
END
    play dpkg-query <<END
cat $work/installed
END
    play qemu-x86_64 <<'END'
: qemu_plugin_register_vcpu_syscall_cb
END
    play cmake <<'END'
echo "[1/1] built"
END
    cat >tests/demo/run <<'END'
#!/bin/sh
echo the demo
END
    chmod +x tests/demo/run
    play id <<'END'
echo 0
END
}

case_demo()
{
    run 0 ./bootstrap demo
    says out "the demo"
    says out "packages to install: cmake gcc"
    says apt-get.calls "install"
    says cmake.calls "-DBUILD_TESTING=OFF"
    says_not cmake.calls BUILD_TESTING=ON
    # Nothing is to be had the second time, and nothing asked of the network.
    rm "$work/apt-get.calls"
    run 0 ./bootstrap demo
    [ ! -e "$work/apt-get.calls" ] || fail "apt-get $(cat "$work/apt-get.calls")"
}

case_usage()
{
    run 2 ./bootstrap
    says err "usage: ./bootstrap demo [MIB] | test"
    run 2 ./bootstrap no
    run 0 ./bootstrap --help
    says out "usage: ./bootstrap demo [MIB] | test"
    [ ! -e "$work/apt-get.calls" ] || fail "apt-get was called"
}

case_user()
{
    play id <<'END'
echo 1000
END
    run 1 ./bootstrap demo
    says err "neither root nor sudo; as root: apt-get install"
    says err libclang-dev
    [ ! -e "$work/apt-get.calls" ] || fail "apt-get was called"

    play sudo <<'END'
exit 1
END
    run 1 ./bootstrap demo
    says err "sudo refuses; as root: apt-get install"

    play sudo <<'END'
[ "$1" = -v ] || "$@"
END
    run 0 ./bootstrap demo
    says sudo.calls "apt-get install"
    says out "the demo"
}

case_network()
{
    play apt-get <<'END'
echo "E: Could not resolve the mirror"
exit 100
END
    run 1 ./bootstrap demo
    says err "E: Could not resolve the mirror"
    says err "exit status 100 from: lists_fetch"
    says_not out "the demo"
}

# Another clone fetches the lists at the same time.
case_lock()
{
    cp "$bin/apt-get" "$work/apt-get"
    play apt-get <<END
if [ ! -e $work/tried ]; then
    : >$work/tried
    echo "E: Could not get lock /var/lib/apt/lists/lock."
    exit 100
fi
exec $work/apt-get "\$@"
END
    run 0 ./bootstrap demo
    says out "the demo"
    [ "$(grep -c update "$work/apt-get.calls")" = 3 ] || # each is counted twice
        fail "$(cat "$work/apt-get.calls")"
}

case_no_apt()
{
    rm "$bin/apt-get"
    run 1 ./bootstrap demo
    says err "only Debian's apt-get is known here"
    says err libclang-dev
}

case_build()
{
    play cmake <<'END'
case $1 in
--build) echo "x.c:1: error: broken" && exit 3 ;;
esac
END
    run 1 ./bootstrap demo
    says err "x.c:1: error: broken"
    says err "exit status 3 from: cmake --build"
    says_not out "the demo"
}

# A QEMU that cannot load plugins is none; thunk-qemu makes one, for this user.
case_qemu()
{
    cat >packaging/thunk-qemu <<END
#!/bin/sh
echo "\$*" >>$work/thunk-qemu.calls
folder=\$HOME/.local/share/thunkgen/qemu
mkdir -p "\$folder"
for isa in "\$@"; do
    echo qemu_plugin_register_vcpu_syscall_cb >"\$folder/qemu-\$isa"
    chmod +x "\$folder/qemu-\$isa"
done
END
    play qemu-x86_64 <<'END'
: static
END
    cat >tests/demo/run <<'END'
#!/bin/sh
echo "the demo with $(command -v qemu-x86_64)"
END
    run 0 ./bootstrap demo
    says thunk-qemu.calls x86_64
    says out "the demo with $HOME/.local/share/thunkgen/qemu/qemu-x86_64"
    rm "$work/thunk-qemu.calls"
    run 0 ./bootstrap demo
    [ ! -e "$work/thunk-qemu.calls" ] || fail "a second QEMU was built"

    rm -r "$HOME/.local"
    printf '#!/bin/sh\necho "thunk-qemu: error: no disk" >&2\nexit 1\n' \
        >packaging/thunk-qemu
    run 1 ./bootstrap demo
    says err "thunk-qemu: error: no disk"
    says_not out "the demo"
}

case_packages()
{
    run 2 packaging/packages
    run 2 packaging/packages no
    says err "no purpose 'no'; there are: build"
    run 0 packaging/packages --release bookworm qemu guest
    says out qemu-user
    says out libreadline8
    says_not out t64
    run 0 packaging/packages --release trixie qemu guest
    says_not out qemu-user
    says out libreadline8t64
    # A purpose has no package twice.
    for purpose in build cross demo gl guest guests heap qemu specs test; do
        run 0 packaging/packages --release trixie $purpose
        [ -z "$(sort "$work/out" | uniq -d)" ] || fail "twice: $(sort "$work/out" |
            uniq -d)"
    done
}

# suite TEST:REASON...: what ctest says that it skipped.
suite()
{
    {
        echo '<testsuite>'
        echo '<testcase name="good" status="run"/>'
        for skipped in "$@"; do
            echo "<testcase name=\"${skipped%%:*}\" status=\"notrun\">"
            echo "<skipped message=\"77\"/><system-out>${skipped#*:}"
            echo '</system-out></testcase>'
        done
        echo '</testsuite>'
    } >"$work/junit"
}

case_suite()
{
    python=$(python3 -c 'import sys; print(sys.executable)') || {
        echo "skipped: there is no python3"
        exit 77
    }
    play ctest <<END
while [ \$# -gt 0 ]; do
    [ "\$1" != --output-junit ] || cp $work/junit "\$2"
    shift
done
exit \${CTEST_STATUS:-0}
END
    unset THUNK_TEST_QEMUS
    suite "e2e.qemus_expat:THUNK_TEST_QEMUS names no other QEMU"
    run 0 "$python" tests/suite
    says out "skipped: 1, of them 1 as tests/skips allows here"

    THUNK_TEST_QEMUS=/some
    export THUNK_TEST_QEMUS
    run 1 "$python" tests/suite
    says out "error: e2e.qemus_expat was skipped, which tests/skips does not"
    says out "on this machine: THUNK_TEST_QEMUS names no other QEMU"
    suite "e2e.expat:there is no xmlwf"
    run 1 "$python" tests/suite
    says out "there is no xmlwf"

    suite
    CTEST_STATUS=8
    export CTEST_STATUS
    run 8 "$python" tests/suite
    CTEST_STATUS=0
    run 0 "$python" tests/suite -R expat
    says ctest.calls "-R expat"

    echo 'x now because' >tests/skips
    run 1 "$python" tests/suite
    says err "skips:1: no condition: now"
    echo 'x always' >tests/skips
    run 1 "$python" tests/suite
    says err "skips:1: TEST CONDITION WHY expected"
}

machine
"case_$case"
