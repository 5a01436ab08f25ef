/* For an aarch64 host it is the x86_64 guest whose long doubles differ, and whose
 * char has a sign. */
#include <stddef.h>

typedef wchar_t (*wide_next)(long double weight, char letter);

long double host_half(long double value);
char host_letter(char letter, wchar_t wide);
wchar_t host_wide(wide_next next);
