/* SPDX-License-Identifier: MIT
 * Calls of MPFR that Debian's programs do not make: formats above all, long
 * doubles, streams, memory, GMP's numbers beside MPFR's own. It prints what
 * comes of each; the same, natively, emulated and thunked.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mpfr.h>

static mpfr_t pi, third, huge, nan_;
static mpz_t integer;
static mpq_t fraction;
static mpf_t real;

static void start(void)
{
    mpfr_inits2(200, pi, third, NULL);
    mpfr_inits(huge, nan_, NULL);
    mpfr_const_pi(pi, MPFR_RNDN);
    mpfr_set_si(third, -1, MPFR_RNDN);
    mpfr_div_ui(third, third, 3, MPFR_RNDU);
    mpfr_set_inf(huge, -1);
    mpfr_set_nan(nan_);
    mpz_init_set_str(integer, "-123456789012345678901234567890", 10);
    mpq_init(fraction);
    mpq_set_si(fraction, -22, 7);
    mpf_init_set_d(real, 1234.5);
}

static void end(void)
{
    mpfr_clears(pi, third, huge, nan_, NULL);
    mpz_clear(integer);
    mpq_clear(fraction);
    mpf_clear(real);
    mpfr_free_cache();
}

/* Each of MPFR's own, with flags, widths, precisions and roundings. */
static void numbers(void)
{
    static const mpfr_rnd_t roundings[] = {MPFR_RNDN, MPFR_RNDZ, MPFR_RNDU,
                                           MPFR_RNDD, MPFR_RNDA};

    mpfr_printf("%Rf|%.40Rf|%Re|%.10RE|%Rg|%.30RG|\n", pi, pi, pi, pi, pi, pi);
    mpfr_printf("%Ra|%.5RA|%Rb|%.12Rb|\n", pi, third, third, pi);
    mpfr_printf("%RUf|%RDf|%RZf|%RYf|%RNf|%.3RUf|%.3RDe|\n", third, third,
                third, third, third, third, third);
    for (size_t i = 0; i < sizeof(roundings) / sizeof(roundings[0]); i++) {
        mpfr_printf("%R*f|%.5R*f|%.*R*e|%*.*R*g|%+-20.4R*f|\n", roundings[i],
                    pi, roundings[i], third, 7, roundings[i], pi, 30, 12,
                    roundings[i], third, roundings[i], pi);
    }
    mpfr_printf("%Rf|%RF|%10Rf|%-10Rg|%R*e|%Ra|\n", huge, huge, nan_, nan_,
                (int)MPFR_RNDD, huge, nan_);
    mpfr_printf("%+Rf|% Rf|%#.0Rf|%030.5Rf|%'.2Rf|%-30.5Rf|\n", pi, pi, pi, pi,
                pi, pi);
    mpfr_printf("%Pu|%Pd|%Px|%5Pu|\n", mpfr_get_prec(pi), mpfr_get_prec(huge),
                mpfr_get_prec(pi), mpfr_get_prec(third));
}

/* GMP's and C's, in one format with MPFR's. */
static void others(void)
{
    static const mp_limb_t limbs[] = {0x123456789abcdef0UL, 42, 7};
    long double wide = -0.1L;
    int at = -1;
    char letter = 'c';

    mpfr_printf("%Zd|%Zx|%#Zo|%40Zd|%Qd|%#Qx|%Ff|%.3Fe|%Fa|\n", integer,
                integer, integer, integer, fraction, fraction, real, real,
                real);
    mpfr_printf("%Mu|%MX|%Nd|%Nx|%#NX|%50Nd|%s\n", limbs[0], limbs[1], limbs,
                (mp_size_t)3, limbs, (mp_size_t)2, limbs, (mp_size_t)1, limbs,
                (mp_size_t)3, "end");
    mpfr_printf("%d|%ld|%lld|%hhd|%hd|%zu|%jd|%td|%c|%s|%%|%5.2s|%p|\n", -1,
                -2L, -3LL, 300, 70000, (size_t)4, (intmax_t)-5, (ptrdiff_t)-6,
                letter, "text", "cut", (void *)0x1234);
    mpfr_printf("%f|%.3e|%g|%a|%Lf|%.20Lg|%*d|%-*d|%.*f|%n%d|\n", 1.5, 2.5, 3.5,
                4.5, 1.5L, wide, 7, 8, 9, 10, 3, 2.71828, &at, 11);
    printf("%d\n", at);
    mpfr_printf("%Rf %Zd %d %R*f %Nd %Lf %Pu %g %s %Qd\n", pi, integer, 1,
                (int)MPFR_RNDU, third, limbs, (mp_size_t)2, wide,
                mpfr_get_prec(pi), 0.25, "last", fraction);
}

static int said(const char *format, ...)
{
    va_list list;
    int result;

    va_start(list, format);
    result = mpfr_vprintf(format, list);
    va_end(list);
    return result;
}

static int written(FILE *file, const char *format, ...)
{
    va_list list;
    int result;

    va_start(list, format);
    result = mpfr_vfprintf(file, format, list);
    va_end(list);
    return result;
}

static int printed(char *to, size_t size, const char *format, ...)
{
    va_list list;
    int result;

    va_start(list, format);
    result = size == 0 ? mpfr_vsprintf(to, format, list)
                       : mpfr_vsnprintf(to, size, format, list);
    va_end(list);
    return result;
}

static int made(char **to, const char *format, ...)
{
    va_list list;
    int result;

    va_start(list, format);
    result = mpfr_vasprintf(to, format, list);
    va_end(list);
    return result;
}

/* Each function of the family. */
static void family(void)
{
    char text[300], *block;
    FILE *file = tmpfile();

    printf("by turns, ");
    printf("%d, ", mpfr_printf("%.5Rf %d, ", pi, 1));
    printf("%d\n", said("%.*R*f %Zd, ", 4, MPFR_RNDD, third, integer));
    printf("%d ", mpfr_sprintf(text, "%.6R*e %s", MPFR_RNDZ, pi, "x"));
    puts(text);
    printf("%d ", mpfr_snprintf(text, 10, "%.30Rf %Zd", pi, integer));
    puts(text);
    printf("%d ", printed(text, 0, "%Qd %R*g", fraction, MPFR_RNDN, pi));
    puts(text);
    printf("%d ", printed(text, 7, "%Qd %R*g", fraction, MPFR_RNDN, pi));
    puts(text);
    printf("%d ", mpfr_asprintf(&block, "%.300Rf", pi));
    puts(block);
    mpfr_free_str(block);
    printf("%d ", made(&block, "%.100R*f %Nd", MPFR_RNDA, third,
                       (mp_limb_t[]){5}, (mp_size_t)1));
    puts(block);
    mpfr_free_str(block);
    printf("%d ", mpfr_fprintf(file, "%.10Rf %Zd\n", pi, integer));
    printf("%d\n",
           written(file, "%R*a %Pd\n", MPFR_RNDN, third, mpfr_get_prec(third)));
    rewind(file);
    while (fgets(text, sizeof(text), file) != NULL) {
        fputs(text, stdout);
    }
    fclose(file);
}

/* Values by value; guests have long doubles of their own. */
static void values(void)
{
    static const long double wide[] = {0.1L, -1.0e300L, 3.0e-2000L, 1.0L / 3};
    long exponent;
    mpfr_t x;

    mpfr_init2(x, 53);
    for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++) {
        mpfr_set_ld(x, wide[i], MPFR_RNDN);
        mpfr_printf("%.12Re %.15Lg", x, mpfr_get_ld(x, MPFR_RNDN));
        printf(" %.12Lg", mpfr_get_ld_2exp(&exponent, x, MPFR_RNDZ));
        printf(" %ld %d\n", exponent, mpfr_cmp_ld(x, 1.0L));
    }
    mpfr_set_d(x, 0.1, MPFR_RNDN);
    printf("%.17g %.9g %ld %d\n", mpfr_get_d(x, MPFR_RNDU),
           (double)mpfr_get_flt(x, MPFR_RNDD), mpfr_get_si(pi, MPFR_RNDU),
           mpfr_fits_sint_p(huge, MPFR_RNDN) != 0);
    mpfr_set_sj(x, INTMAX_MIN, MPFR_RNDN);
    printf("%jd\n", mpfr_get_sj(x, MPFR_RNDN));
    mpfr_dump(x);
    mpfr_clear(x);
}

static void streams(void)
{
    FILE *file = tmpfile();
    mpfr_t x, y;

    mpfr_inits2(120, x, y, NULL);
    fputs("first ", file);
    printf("%zu", mpfr_out_str(file, 10, 30, pi, MPFR_RNDN));
    printf(" %zu", (size_t)(fputs(" ", file) >= 0) +
                       mpfr_out_str(file, 16, 0, third, MPFR_RNDN));
    fputs(" rest ", file);
    printf(" %d\n", mpfr_fpif_export(file, pi));
    rewind(file);
    printf("%d", fscanf(file, "first"));
    printf(" %zu", mpfr_inp_str(x, file, 10, MPFR_RNDN));
    printf(" %zu", mpfr_inp_str(y, file, 16, MPFR_RNDN));
    printf(" %d", fscanf(file, " rest"));
    printf(" %d", getc(file));
    mpfr_printf(" %.20Rf %.20Rf", x, y);
    printf(" %d", mpfr_fpif_import(x, file));
    printf(" %d\n", mpfr_equal_p(x, pi) != 0);
    mpfr_out_str(stdout, 10, 25, pi, MPFR_RNDN);
    putchar('\n');
    fclose(file);
    mpfr_clears(x, y, NULL);
}

/* Numbers of GMP's that MPFR writes, texts that it allocates, rows of numbers,
 * random ones. */
static void together(void)
{
    gmp_randstate_t state;
    mpfr_ptr row[] = {pi, third, pi};
    mpfr_exp_t exponent;
    char *text, *end;
    mpfr_t x;

    mpfr_init2(x, 300);
    mpfr_mul_2si(x, pi, 500, MPFR_RNDN);
    mpfr_get_z(integer, x, MPFR_RNDN); /* grows what GMP has allocated */
    gmp_printf("%Zd\n", integer);
    mpfr_set_q(x, fraction, MPFR_RNDN);
    mpfr_get_f(real, x, MPFR_RNDN);
    gmp_printf("%.20Ff %Nd\n", real, mpz_limbs_read(integer),
               (mp_size_t)mpz_size(integer));
    printf("%d", mpfr_sum(x, row, 3, MPFR_RNDN));
    mpfr_printf(" %.30Rf\n", x);
    text = mpfr_get_str(NULL, &exponent, 10, 0, x, MPFR_RNDN);
    printf("%s %ld\n", text, (long)exponent);
    mpfr_free_str(text);
    printf("%d", mpfr_strtofr(x, "1.25e-3xyz", &end, 10, MPFR_RNDN));
    mpfr_printf(" %Rg %s\n", x, end);
    gmp_randinit_default(state);
    gmp_randseed_ui(state, 42);
    mpfr_urandomb(x, state);
    mpfr_printf("%.40Rf ", x);
    mpfr_urandom(x, state, MPFR_RNDN);
    mpfr_printf("%.40Rf\n", x);
    gmp_randclear(state);
    mpfr_set_ui(x, 2, MPFR_RNDN);
    mpfr_div_ui(x, x, 0, MPFR_RNDN);
    printf("%d %d %s\n", mpfr_divby0_p() != 0, mpfr_nanflag_p() != 0,
           mpfr_print_rnd_mode(MPFR_RNDU));
    mpfr_clear_flags();
    mpfr_clear(x);
}

static unsigned long n_given, n_freed;

static void *give(size_t size)
{
    n_given++;
    return malloc(size);
}

static void *move(void *memory, size_t old_size, size_t size)
{
    (void)old_size;
    return realloc(memory, size);
}

static void take(void *memory, size_t size)
{
    (void)size;
    n_freed++;
    free(memory);
}

/* The program's own functions for memory, which MPFR takes from GMP. */
static void memory(void)
{
    char *text;
    mpfr_t x;

    mpfr_mp_memory_cleanup();
    mp_set_memory_functions(give, move, take);
    mpfr_init2(x, 20000);
    mpfr_sqrt_ui(x, 2, MPFR_RNDN);
    mpfr_asprintf(&text, "%.6000Rf", x);
    printf("%.30s %zu\n", text, strlen(text));
    mpfr_free_str(text);
    mpfr_clear(x);
    mpfr_mp_memory_cleanup();
    printf("given %d all back %d\n", n_given > 2, n_given == n_freed);
    mp_set_memory_functions(NULL, NULL, NULL);
}

int main(void)
{
    printf("%d\n", strncmp(mpfr_get_version(), "4.", 2));
    start();
    numbers();
    others();
    family();
    values();
    streams();
    together();
    end();
    memory();
    return 0;
}
