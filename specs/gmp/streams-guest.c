/* SPDX-License-Identifier: MIT
 *
 * The functions of GMP that take NULL for a stream: it is stdout or stdin,
 * those of the program.
 */
#include <thunk/frame.h>

#include "thunk_gmp.h"

extern __typeof__(mpf_inp_str) thunk___gmpf_inp_str;
extern __typeof__(mpf_out_str) thunk___gmpf_out_str;
extern __typeof__(mpq_inp_str) thunk___gmpq_inp_str;
extern __typeof__(mpq_out_str) thunk___gmpq_out_str;
extern __typeof__(mpz_inp_str) thunk___gmpz_inp_str;
extern __typeof__(mpz_out_str) thunk___gmpz_out_str;

static FILE *input(FILE *stream)
{
    return stream == NULL ? stdin : stream;
}

static FILE *output(FILE *stream)
{
    return stream == NULL ? stdout : stream;
}

THUNK_EXPORT size_t mpf_inp_str(mpf_ptr number, FILE *stream, int base)
{
    return thunk___gmpf_inp_str(number, input(stream), base);
}

THUNK_EXPORT size_t mpf_out_str(FILE *stream, int base, size_t digits,
                                mpf_srcptr number)
{
    return thunk___gmpf_out_str(output(stream), base, digits, number);
}

THUNK_EXPORT size_t mpq_inp_str(mpq_ptr number, FILE *stream, int base)
{
    return thunk___gmpq_inp_str(number, input(stream), base);
}

THUNK_EXPORT size_t mpq_out_str(FILE *stream, int base, mpq_srcptr number)
{
    return thunk___gmpq_out_str(output(stream), base, number);
}

THUNK_EXPORT size_t mpz_inp_str(mpz_ptr number, FILE *stream, int base)
{
    return thunk___gmpz_inp_str(number, input(stream), base);
}

THUNK_EXPORT size_t mpz_out_str(FILE *stream, int base, mpz_srcptr number)
{
    return thunk___gmpz_out_str(output(stream), base, number);
}
