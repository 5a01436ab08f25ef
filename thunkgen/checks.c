/* SPDX-License-Identifier: MIT */
#include "checks.h"

#include <string.h>

const struct check checks[] = {
    {"callback", "a callback type that cannot be carried over"},
    {"compiler", "a type that compilers lay out differently"},
    {"convention", "a function that is not called as the ABI has it"},
    {"data", "a variable that cannot be carried over as it is"},
    {"definition", "a function that the header defines for all"},
    {"generated", "a declaration whose code does not compile"},
    {"handle", "a handle whose conversion takes what is not there"},
    {"header-missing", "a header that is not found"},
    {"header-syntax", "a header that is no C"},
    {"host", "a machine that is no host"},
    {"layout", "a type that differs between guest and host"},
    {"layout-spec", "the same, which the spec could have converted"},
    {"lacking", "a symbol that the thunk does not have (a warning)"},
    {"libc-object", "an object that only one side's libc can use"},
    {"library-empty", "a library that exports nothing"},
    {"library-format", "a library that is no ELF file"},
    {"library-machine", "a library of another machine"},
    {"library-missing", "a library that is not found"},
    {"library-unknown", "a library that nothing names"},
    {"library-unreadable", "a library that cannot be read"},
    {"omitted", "a symbol that is the guest's own library's (a warning)"},
    {"output", "a file that cannot be written"},
    {"procedure", "a function had by name that cannot be carried over"},
    {"prototype", "a function declared without parameters"},
    {"soname", "a missing, wrong or malformed soname"},
    {"spec-alias", "an alias that stands for nothing"},
    {"spec-aside", "a function of the spec's own that no header declares"},
    {"spec-c", "what is no type or constant of C"},
    {"spec-callback", "a callback that is no function pointer"},
    {"spec-chain", "a chain of structs that is none"},
    {"spec-conversion", "a conversion of a format that is none"},
    {"spec-data", "a function under 'data:'"},
    {"spec-define", "a define that is none"},
    {"spec-duplicate", "a key given twice"},
    {"spec-format", "a printf format that is none"},
    {"spec-free", "'caller_frees' or 'library_keeps' for what cannot be"},
    {"spec-guest", "more about a function that the guest's half has itself"},
    {"spec-handle", "a handle that cannot be converted"},
    {"spec-key", "an unknown key"},
    {"spec-leaf", "a leaf that cannot be one"},
    {"spec-length", "a number of elements that is none"},
    {"spec-libc", "'libc' for what is no object of libc's, or reached by none"},
    {"spec-library", "a malformed library name"},
    {"spec-member", "a member that is not there or not of that kind"},
    {"spec-needless", "what need not be told (a warning)"},
    {"spec-out", "'in', 'out' or 'inout' for what is no such pointer"},
    {"spec-parameter", "a parameter that is not there"},
    {"spec-pattern", "a key that a pattern of names cannot have"},
    {"spec-procedure", "'procedure' for what gives out no function"},
    {"spec-second", "a second spec"},
    {"spec-soname", "a malformed soname"},
    {"spec-stubs", "'stubs' of a struct that nothing needs them in"},
    {"spec-symbol", "a symbol that the library does not export"},
    {"spec-type", "a value of the wrong kind"},
    {"spec-union", "a union without what tells its members apart"},
    {"spec-unreadable", "a spec that cannot be read"},
    {"spec-value", "a value that is none of those allowed"},
    {"spec-variadic", "'variadic' for what is none"},
    {"spec-version", "an older version that is not there"},
    {"spec-yaml", "a spec that is no YAML"},
    {"type-unknown", "a type that thunkgen does not know"},
    {"type-unnamed", "a type that C cannot name"},
    {"undeclared", "an exported function that no header declares"},
    {"undeclared-guest", "the same, in a guest's headers"},
    {"untyped", "a symbol that is carried without a type (a warning)"},
    {"va-list", "a va_list without a format"},
    {"variadic", "'...' without a format"},
    {"version-old", "an older version of a symbol"},
    {NULL, NULL},
};

bool check_is_known(const char *name)
{
    for (size_t i = 0; checks[i].name != NULL; i++) {
        if (strcmp(checks[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}
