# shellcheck shell=sh
# SPDX-License-Identifier: MIT

# guests_need ISA...: skips the test where thunkgen cannot read libc's headers for
# these guests; THUNK_TEST_GUESTS is CMake's list of those that it can.
guests_need()
{
    for guest; do
        case " ${THUNK_TEST_GUESTS:-} " in
        *" $guest "*) ;;
        *)
            echo "skipped: no headers of libc's for $guest guests"
            exit 77
            ;;
        esac
    done
}
