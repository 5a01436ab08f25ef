#!/bin/sh
# SPDX-License-Identifier: MIT
# libpng and libjpeg: netpbm's and libjpeg's own programs, and one of ours whose
# error managers longjmp and which shares its streams with the libraries;
# natively and thunked, the same output.
# usage: images.sh CASE THUNK_RUN BIN
. "$(dirname "$0")/lib.sh"

guest_set libpng16.so.16
folder=$(dirname "$thunk_run")/../lib/thunkgen/host
for library in png jpeg; do
    [ -e "$folder/lib$library-htl.so" ] ||
        skip "there is no thunk of lib$library: install libpng-dev and" \
            "libjpeg-dev"
done

# images_counted NAME LIBRARY: it was the host's.
images_counted()
{
    grep -q "^thunk: lib$2[0-9]*\\.so\\.[0-9]*: [1-9][0-9]* calls" "$work/$1.err" ||
        fail "$1: the host's lib$2 was not used: $(cat "$work/$1.err")"
}

picture_make()
{
    awk 'BEGIN {
        print "P3 150 100 255"
        for (y = 0; y < 100; y++)
            for (x = 0; x < 150; x++)
                print (x * y) % 256, (x * 3 + y) % 256, (x + y * 7) % 256
    }' >picture.ppm
}

# both STATUS LIBRARY COMMAND...: with picture.png or the like as stdin. Another
# guest's program may be of another release, so it is compared with itself.
both()
{
    expected=$1
    library=$2
    shift 2
    program "$1"
    shift
    # shellcheck disable=SC2086 # several words, or none
    run "$expected" native sh -c 'exec "$@" <input' - \
        ${sysroot:+$qemu -L $sysroot} "$program" "$@"
    run "$expected" thunked sh -c 'THUNK_LOG=info exec "$@" <input' - \
        "$thunk_run" --qemu "$qemu" ${sysroot:+--sysroot "$sysroot"} \
        "$program" "$@"
    same native.out thunked.out
    grep -v '^thunk\(-run\)\{0,1\}: ' thunked.err >thunked.said
    same native.err thunked.said
    images_counted thunked "$library"
}

netpbm_check()
{
    picture_make
    cp picture.ppm input
    both 0 png pnmtopng
    cp native.out picture.png
    both 0 png pnmtopng -interlace -gamma 0.45 -compression 9 -verbose
    cp picture.png input
    both 0 png pngtopam
    both 0 png pngtopam -verbose picture.png
    head -c 900 picture.png >input
    both 1 png pngtopam
}

programs_check()
{
    need /usr/bin/cjpeg /usr/bin/djpeg
    picture_make
    cp picture.ppm input
    for options in '' '-progressive -optimize' -arithmetic \
        '-grayscale -quality 30'; do
        # shellcheck disable=SC2086 # several words are several options
        both 0 jpeg cjpeg $options
    done
    both 1 jpeg cjpeg -targa
    both 0 jpeg cjpeg
    cp native.out picture.jpg
    cp picture.jpg input
    for options in '' -bmp -gif '-colors 16 -onepass' '-crop 50x50+30+30' \
        '-scale 1/2' '-verbose -verbose'; do
        # shellcheck disable=SC2086
        both 0 jpeg djpeg $options
    done
    head -c 1500 picture.jpg >input
    both 2 jpeg djpeg
    echo garbage >input
    both 1 jpeg djpeg
}

# calls_check TEST LIBRARY
calls_check()
{
    for program in "$bin/images-x86_64" "$bin/images-$isa"; do
        [ -e "$program" ] || skip "$program was not built"
    done
    run 0 native "$bin/images-x86_64" "$1"
    thunked 0 thunked "$program" "$1"
    same native.out thunked.out
    images_counted thunked "$2"
}

all_check()
{
    netpbm_check
    programs_check
    calls_check png png
    calls_check jpeg jpeg
    calls_check streams png
}

case $what in
image_png) calls_check png png ;;
image_jpeg) calls_check jpeg jpeg ;;
image_streams) calls_check streams png ;;
netpbm) netpbm_check ;;
jpeg_programs) programs_check ;;
qemus_images) for_qemus all_check ;;
esac
