#!/bin/sh
# SPDX-License-Identifier: MIT
# Tests of which thunks thunk-run leaves to the guest.
# usage: fit.sh CASE THUNK_RUN [PLUGIN]
#
# The libraries are made by $CC for this machine, in own/ the guest's and in the
# prefix what stands for their thunks. THUNK_RUN of the case real_programs is
# the build's, with real thunks.
#
# shellcheck disable=SC2016 # what $ stands for is the dynamic linker's to say
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${0%/*}/common.sh"

compiler_use

# thunked: thunk-run runs that without a word and with all thunks.
thunked()
{
    run 0 thunk-run "$@"
    same "$err" ''
    same "$(given)" "$(find "$thunks" -name '*.so.*' | sort)"
}

# left TEXT COMMAND...: thunk-run says "TEXT"; the thunks that stay are in $stay.
left()
{
    text=$1
    shift
    run 0 thunk-run "$@"
    same "$err" "${text:+thunk-run: $text}"
    stay=$(given | sed 's,^.*/lib,,;s,\.so\..*,,' | paste -sd :)
}

one='int one(void) { return 1; } int one_number = 1;'
one_more="$one int one_more(void) { return 2; } int one_other = 2;"
calls_more='int one_more(void); int main(void) { return one_more(); }'
lacks_more='libone.so.1 is left to the guest: its thunk lacks one_more, which'

# ones: a library of which the thunk has not all.
ones()
{
    library own libone.so.1 "$one_more"
    library "$thunks" libone.so.1 "$one"
}

case_symbol()
{
    ones
    program prog 'int one(void); int main(void) { return one(); }' \
        own/libone.so.1
    thunked ./prog
    program prog "$calls_more" own/libone.so.1
    left "$lacks_more prog needs" ./prog
    same "$stay" ''

    # One that is called and whose address is taken is among those that the file
    # defines.
    program prog 'int one_more(void);
int main(void)
{
    int (*volatile pointer)(void) = one_more;
    return pointer() + one_more();
}' own/libone.so.1
    left "$lacks_more prog needs" ./prog

    # What the program can do without, and what it has itself.
    program prog '__attribute__((weak)) int one_more(void);
int main(void) { return one_more == 0; }' own/libone.so.1
    thunked ./prog
    program prog "int one_more(void) { return 3; } $calls_more" -rdynamic \
        own/libone.so.1
    thunked ./prog

    # No library has it: that is not for want of thunks.
    library own libone.so.1 "$one_more int none(void) { return 0; }"
    program prog 'int none(void); int main(void) { return none(); }' \
        own/libone.so.1
    library own libone.so.1 "$one_more"
    thunked ./prog

    # The guest has no such library at all.
    program prog "$calls_more" own/libone.so.1
    rm own/libone.so.1
    thunked ./prog
}

# Variables of which the program has a copy look as if it defined them.
case_variable()
{
    ones
    set -- own/libone.so.1 -fno-pie -no-pie
    program prog 'extern int one_number; int main(void) { return one_number; }' \
        "$@"
    thunked ./prog
    program prog 'extern int one_other; int main(void) { return one_other; }' \
        "$@"
    left "libone.so.1 is left to the guest: its thunk lacks one_other, which \
prog needs" ./prog
}

# What libraries need, and what thunks do not load.
case_libraries()
{
    ones
    library own libtwo.so.1 'int one_more(void);
int two(void) { return one_more(); }' own/libone.so.1
    program prog 'int two(void); int main(void) { return two(); }' \
        own/libtwo.so.1
    left "$lacks_more libtwo.so.1 needs" ./prog

    # A preloaded library counts.
    program prog 'int main(void) { return 0; }'
    thunked ./prog
    left "$lacks_more libtwo.so.1 needs" \
        -E "LD_PRELOAD=$work/own/libtwo.so.1" ./prog >/dev/null

    # A program may use what it is not linked with itself.
    three='int three(void) { return 3; }'
    library own libone.so.1 "$three"
    program prog 'int three(void); int main(void) { return three(); }' \
        own/libone.so.1
    library own libthree.so.1 "$three"
    library own libone.so.1 "$one_more" -Wl,--no-as-needed own/libthree.so.1
    left "libone.so.1 is left to the guest: its thunk does not load \
libthree.so.1, of which prog needs three" ./prog
}

versions='ONE_1 { global: one; one_number; local: *; };'

# A version that a library defines and its thunk does not has come later.
case_version()
{
    echo "$versions" >old.map
    echo "$versions ONE_2 { global: one_more; };" >new.map
    library own libone.so.1 "$one_more" -Wl,--version-script=new.map
    library "$thunks" libone.so.1 "$one" -Wl,--version-script=old.map
    older="libone.so.1 is left to the guest: its thunk is older than \
$work/own/libone.so.1, which has version ONE_2"
    program prog "$calls_more" own/libone.so.1
    left "$older" ./prog

    # A program that does not have it may open it: only a log tells.
    program prog 'int main(void) { return 0; }'
    left '' ./prog
    same "$stay" ''
    run 0 env THUNK_LOG=info thunk-run ./prog
    case $err in
    *"thunk-run: info: $older"*) ;;
    *) fail "not told: $err" ;;
    esac

    # All versions, but not all functions: the spec leaves them out.
    echo "$versions ONE_2 { };" >old.map
    library "$thunks" libone.so.1 "$one" -Wl,--version-script=old.map
    thunked ./prog
    program prog 'int one(void); int main(void) { return one(); }' \
        own/libone.so.1
    thunked ./prog
    program prog "$calls_more" own/libone.so.1
    left "$lacks_more prog needs" ./prog

    # A thunk may do without what the library needs: then it is not there.
    library other libtwo.so.1 'int two(void) { return 0; }'
    library own libtwo.so.1 'int one_more(void);
int two(void) { return one_more(); }' own/libone.so.1
    library "$thunks" libtwo.so.1 'int two(void) { return 2; }'
    pack one libone.so.1
    pack two libtwo.so.1
    echo "$versions" >old.map
    library "$thunks" libone.so.1 "$one" -Wl,--version-script=old.map
    program prog 'int two(void); int main(void) { return two(); }' \
        other/libtwo.so.1
    left '' ./prog
    same "$stay" two
    rm -r "$home/packs" "$thunks/libtwo.so.1" own/libtwo.so.1
    program prog "$calls_more" own/libone.so.1

    # The right name in another version is not the right one.
    echo "ONE_1 { global: one; one_number; one_more; local: *; }; ONE_2 { };" \
        >old.map
    library "$thunks" libone.so.1 "$one_more" -Wl,--version-script=old.map
    left "$lacks_more prog needs" ./prog
}

# A thunk that was built with a newer libc, or the runtime's library beside it.
case_base()
{
    ones
    base='int base(void) { return 0; } int base_new(void) { return 0; }'
    echo 'BASE_1 { global: base; local: *; }; BASE_2 { global: base_new; };' \
        >base.map
    library new libbase.so.1 "$base" -Wl,--version-script=base.map
    library "$thunks" libone.so.1 \
        'int base_new(void); int one(void) { return base_new(); }' \
        new/libbase.so.1
    program prog 'int one(void); int base(void);
int main(void) { return one() + base(); }' own/libone.so.1 new/libbase.so.1
    cp new/libbase.so.1 own
    thunked ./prog
    echo 'BASE_1 { global: base; local: *; };' >base.map
    library own libbase.so.1 "$base" -Wl,--version-script=base.map
    newer='needs version BASE_2 of libbase.so.1, which is newer than the guest'
    left "libone.so.1 is left to the guest: its thunk $newer's" ./prog
    library "$thunks" libthunk-guest.so \
        'int base_new(void); int one_thunk(void) { return base_new(); }' \
        new/libbase.so.1
    library "$thunks" libone.so.1 \
        'int one_thunk(void); int one(void) { return one_thunk(); }' \
        "$thunks/libthunk-guest.so"
    left "libone.so.1 is left to the guest: its thunk's libthunk-guest.so \
$newer's" ./prog
}

# Where the guest's dynamic linker finds them.
case_search()
{
    ones
    mkdir lib
    mv own/libone.so.1 lib
    program prog "$calls_more" -Llib -l:libone.so.1 \
        -Wl,-rpath,'$ORIGIN/lib',--enable-new-dtags
    left "$lacks_more prog needs" ./prog
    mkdir elsewhere
    program elsewhere/prog "$calls_more" -Llib -l:libone.so.1 \
        -Wl,-rpath,'/nowhere:${ORIGIN}/../lib',--enable-new-dtags
    left "$lacks_more prog needs" elsewhere/prog

    # DT_RPATH is its libraries', too.
    program prog "$calls_more" -Llib -l:libone.so.1 \
        -Wl,-rpath,'$ORIGIN/lib',--disable-new-dtags
    left "$lacks_more prog needs" ./prog
    library own libtwo.so.1 'int one_more(void);
int two(void) { return one_more(); }' lib/libone.so.1
    program prog 'int two(void); int main(void) { return two(); }' \
        own/libtwo.so.1 -Wl,-rpath,'$ORIGIN/lib',--disable-new-dtags \
        -Wl,-rpath-link,lib
    left "$lacks_more libtwo.so.1 needs" ./prog
    # A DT_RUNPATH is for what it is written in alone.
    program prog 'int two(void); int main(void) { return two(); }' \
        own/libtwo.so.1 -Wl,-rpath,'$ORIGIN/lib',--enable-new-dtags \
        -Wl,-rpath-link,lib
    thunked ./prog
    # One that is needed by its path is no thunk's.
    library lib libpath.so.1 'int path(void) { return 1; }'
    "${CC:-cc}" -shared -fPIC -nostartfiles -o lib/nameless.so code.c
    program prog 'int path(void); int main(void) { return path(); }' \
        "$work/lib/nameless.so"
    thunked ./prog

    # A file for another machine is passed over.
    program prog "$calls_more" lib/libone.so.1
    elf own/libone.so.1 025
    mkdir late
    cp lib/libone.so.1 late
    LD_LIBRARY_PATH=$work/own::$work/late
    left "$lacks_more prog needs" ./prog
}

# Libraries of the guest's root come before those of this machine.
case_sysroot()
{
    ones
    unset LD_LIBRARY_PATH
    multiarch=root/usr/lib/$isa-linux-gnu
    mkdir -p "$multiarch" root/opt
    program root/opt/prog "$calls_more" own/libone.so.1
    mv own/libone.so.1 "$multiarch"
    run 0 thunk-run --sysroot "$work/root" root/opt/prog
    same "$err" "thunk-run: $lacks_more prog needs"
    run 0 env QEMU_LD_PREFIX="$work/root" thunk-run root/opt/prog
    same "$err" "thunk-run: $lacks_more prog needs"
    run 0 thunk-run root/opt/prog
    same "$err" ''

    # What ldconfig has noted of it.
    mkdir root/etc root/odd
    mv "$multiarch/libone.so.1" root/odd
    run 0 thunk-run --sysroot "$work/root" root/opt/prog
    same "$err" ''
    ldconfig=$(PATH=/sbin:/usr/sbin:$PATH command -v ldconfig) ||
        skip "no ldconfig"
    echo /odd >root/etc/ld.so.conf
    for format in new compat; do
        "$ldconfig" -r root -c $format >ldconfig.out 2>&1 ||
            skip "ldconfig -r cannot be used: $(cat ldconfig.out)"
        run 0 thunk-run --sysroot "$work/root" root/opt/prog
        same "$err" "thunk-run: $lacks_more prog needs"
    done

    # A link out of the root is this machine's file.
    rm root/etc/ld.so.cache
    cp root/odd/libone.so.1 .
    ln -s "$work/libone.so.1" "$multiarch/libone.so.1"
    run 0 thunk-run --sysroot "$work/root" root/opt/prog
    same "$err" "thunk-run: $lacks_more prog needs"
}

# four_thunks: one of which the thunk has not all, and three that stay.
four_thunks()
{
    ones
    for name in two three four; do
        library own "lib$name.so.1" "int $name(void) { return 0; }"
        cp "own/lib$name.so.1" "$thunks"
    done
    program prog 'int one_more(void), two(void), three(void), four(void);
int main(void) { return one_more() + two() + three() + four(); }' \
        own/libone.so.1 own/libtwo.so.1 own/libthree.so.1 own/libfour.so.1
}

# Programs take all thunks of a pack or none.
case_packs()
{
    four_thunks
    pack one libone.so.1
    pack two libtwo.so.1
    pack three libthree.so.1
    pack four libfour.so.1
    pack other libnone.so.1 libtwo.so.1
    left "$lacks_more prog needs" ./prog
    same "$stay" four:three:two

    # Without the others of its pack, unless they are in another one as well.
    pack one libtwo.so.1 libthree.so.1
    rm -r "$home/packs/three"
    goes="libone.so.1 is left to the guest, and with it"
    why="its thunk lacks one_more, which prog needs"
    left "$goes libthree.so.1: $why" ./prog
    same "$stay" four:two

    # Without those whose thunks use it, and what goes with these.
    library "$thunks" libtwo.so.1 'int one(void);
int two(void) { return one(); }' "$thunks/libone.so.1"
    pack two libfour.so.1
    rm -r "$home/packs/four"
    left "$goes libfour.so.1, libthree.so.1, libtwo.so.1: $why" ./prog
    same "$stay" ''

    # A folder of other thunks stays as it is, and gives its own.
    mkdir -p "more/guest/$isa"
    cp own/libone.so.1 "more/guest/$isa"
    left "$goes libfour.so.1, libthree.so.1, libtwo.so.1: $why" \
        --thunks "$home" --thunks more ./prog
    same "$(given)" "$work/more/guest/$isa/libone.so.1"
    run 0 thunk-run --thunks more --thunks "$home" ./prog
    same "$err" ''
}

# A folder that has no packs is one, as is what no pack has.
case_folder()
{
    four_thunks
    goes="libone.so.1 is left to the guest, and with it"
    why="its thunk lacks one_more, which prog needs"
    left "$goes libfour.so.1, libthree.so.1, libtwo.so.1: $why" ./prog
    same "$stay" ''
    pack two libtwo.so.1
    left "$goes libfour.so.1, libthree.so.1: $why" ./prog
    same "$stay" two
}

case_without()
{
    four_thunks
    ln -s libtwo.so.1 "$thunks/libtwo.so"
    cp "$thunks/libfour.so.1" "$thunks/libfour16.so.1"
    for name in one two three four; do
        pack $name lib$name.so.1
    done
    pack four libfour16.so.1
    pack last libthree.so.1 libfour.so.1
    left '' --without libone.so.1 ./prog
    same "$stay" four:four16:three:two
    left '' --without two,one ./prog
    same "$stay" four:four16:three
    left '' --without one --without four ./prog
    same "$stay" three:two
    left '' --without last,one ./prog
    same "$stay" two
    run 0 env THUNK_LOG=info thunk-run --without one ./prog
    case $err in
    *"info: libone.so.1 is left to the guest: --without one"*) ;;
    *) fail "not told: $err" ;;
    esac
    error 2 "--without on: no thunk or pack has that name; there are \
libfour.so.1, libfour16.so.1, libone.so.1, libthree.so.1, libtwo.so.1" \
        thunk-run --without on ./prog
    error 2 "--without : no thunk" thunk-run --without '' ./prog
}

# Thunks are linked with glibc.
case_musl()
{
    four_thunks
    program prog 'int two(void); int main(void) { return two(); }' \
        own/libtwo.so.1 -Wl,--dynamic-linker,"/lib/ld-musl-$isa.so.1"
    left "libtwo.so.1 is left to the guest: its thunk needs glibc, the program \
has /lib/ld-musl-$isa.so.1" ./prog
    same "$stay" ''
    # Nor has one without a dynamic linker any use for them.
    for kind in -static -static-pie; do
        program prog 'int main(void) { return 0; }' $kind
        left '' ./prog
        same "$stay" ''
    done
}

# Files that are broken in whichever way are no reason to crash.
case_broken()
{
    four_thunks
    mkdir broken
    python3 - 50 prog own/libone.so.1 "$thunks/libone.so.1" <<'PYTHON' ||
import random, sys
for number, path in enumerate(sys.argv[2:]):
    whole = open(path, "rb").read()
    for seed in range(int(sys.argv[1])):
        chance = random.Random(f"{number} {seed}")
        data = bytearray(whole)
        if chance.random() < 0.3:
            del data[chance.randrange(64, len(data)):]
        # What is read lies in front, but for the dynamic section.
        for _ in range(chance.choice([0, 1, 3, 10, 100])):
            end = min(chance.choice([0x400, 0x1000, len(whole)]), len(data))
            data[chance.randrange(24, end)] = \
                chance.choice([0, 1, 0x7f, 0x80, 0xff, chance.randrange(256)])
        open(f"broken/{number}.{seed}", "wb").write(data)
PYTHON
        fail "no broken files"
    number=0
    for file in prog own/libone.so.1 "$thunks/libone.so.1"; do
        cp "$file" whole
        for broken in "broken/$number".*; do
            cp "$broken" "$file"
            thunk-run ./prog >out 2>err
            status=$?
            # A program may be none any more.
            [ $status = 0 ] || [ $status = 126 ] ||
                fail "$broken: exit status $status: $(cat err)"
        done
        cp whole "$file"
        number=$((number + 1))
    done
    # Nor is one that is no file to hang.
    library other libfive.so.1 'int five(void) { return 0; }'
    program prog 'int five(void); int main(void) { return five(); }' \
        other/libfive.so.1
    mkfifo own/libfive.so.1
    thunked ./prog
}

# Programs that did not start, each with a thunk of the build.
# Their thunks have no type for some of what these need: none steps back.
case_real_programs()
{
    unset LD_LIBRARY_PATH
    qemu_use
    folder=${thunk_run%/*}/../lib/thunkgen/guest/$isa
    for soname in libjpeg.so.62 libreadline.so.8 libgmp.so.10; do
        [ -e "$folder/$soname" ] || skip "no thunk of $soname"
    done
    PATH=/usr/bin:/bin

    printf 'P5 8 8 255\n%064d' 0 | cjpeg >in.jpg || skip "no cjpeg"
    jpegtran -rotate 90 in.jpg >native.jpg
    run 0 env THUNK_LOG=info "$thunk_run" jpegtran -rotate 90 in.jpg
    cmp -s "$work/out" native.jpg || fail "jpegtran: another picture"
    case $err in
    *"libjpeg.so.62: jdiv_round_up: goes to the host, without a type"*) ;;
    *) fail "jpegtran: $err" ;;
    esac

    c++ -x c++ -o gmpxx - -lgmpxx -lgmp <<'CODE' || skip "no gmpxx.h"
#include <gmpxx.h>
#include <iostream>
int main()
{
    std::cout << mpz_class("12345678901234567890") * 1000000007 << " "
              << mpf_class(1.5, 200) << " " << mpq_class(1, 3) << std::endl;
}
CODE
    run 0 "$thunk_run" ./gmpxx
    same "$out" '12345678987654320198641975230 1.5 1/3'
    same "$err" ''

    # It takes much room for one that may be skipped.
    command -v gdb >/dev/null || exit 0
    run 0 "$thunk_run" gdb -nx -batch -ex 'print 6 * 7'
    same "$out" '$1 = 42'
    same "$err" ''
}

# Programs of the other ISAs, each with a variable that it has a copy of.
case_foreign()
{
    ones
    unset LD_LIBRARY_PATH
    is_tried=no
    for isa in x86_64 aarch64 riscv64; do
        CC=$isa-linux-gnu-gcc
        thunks=$home/guest/$isa
        if [ "$isa" = "$(uname -m)" ] || ! command -v "$CC" >/dev/null; then
            continue
        fi
        is_tried=yes
        [ -e "bin/qemu-$isa" ] || cp bin/qemu-x86_64 "bin/qemu-$isa"
        library "root/usr/lib/$isa-linux-gnu" libone.so.1 "$one_more"
        library "$thunks" libone.so.1 "$one"
        set -- "root/usr/lib/$isa-linux-gnu/libone.so.1"
        program prog "$calls_more" "$@"
        run 0 thunk-run --sysroot "$work/root" ./prog
        same "$err" "thunk-run: $lacks_more prog needs"
        # This machine's library is none of the guest's.
        run 0 env LD_LIBRARY_PATH="$work/own" thunk-run ./prog
        same "$err" ''
        program prog 'extern int one_other;
int main(void) { return one_other; }' "$@" -fno-pie -no-pie
        run 0 thunk-run --sysroot "$work/root" ./prog
        same "$err" "thunk-run: libone.so.1 is left to the guest: its thunk \
lacks one_other, which prog needs"
    done
    [ $is_tried = yes ] || skip "no compiler for another ISA"
}

"case_$case"
