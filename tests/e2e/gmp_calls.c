/* SPDX-License-Identifier: MIT
 * Calls of GMP that Debian's programs do not make: numbers of all kinds, lists,
 * streams, formats, memory. It reads six numbers on stdin, and prints what
 * comes of each; the same, natively, emulated and thunked.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gmp.h>

static void integers(void)
{
    mpz_t a, b, c, d;
    mp_limb_t limbs[3] = {5, 6, 7};
    long exponent;
    double part;

    mpz_inits(a, b, c, d, NULL);
    mpz_set_str(a, "123456789012345678901234567890123456789", 10);
    mpz_ui_pow_ui(b, 7, 300);
    mpz_mul(c, a, b);
    mpz_out_str(NULL, 10, c); /* stdout */
    putchar('\n');
    mpz_fdiv_qr(c, d, b, a);
    printf("%s\n", mpz_get_str((char[400]){0}, -36, d));
    mpz_neg(d, d);
    mpz_abs(a, d);
    printf("cmp %d %d sgn %d odd %d\n", mpz_cmp(a, d) > 0, mpz_cmpabs(a, d),
           mpz_sgn(d), mpz_odd_p(d) != 0);
    /* Inline, or macros, in the program itself. */
    mpz_set_si(a, -3);
    printf("size %zu limb %lu fits %d %d %d ui %lu popcount %lu square %d\n",
           mpz_size(c), mpz_getlimbn(c, 1), mpz_fits_ulong_p(c),
           mpz_fits_uint_p(a), mpz_fits_sint_p(a), mpz_get_ui(c),
           mpz_popcount(c), mpz_perfect_square_p(b));
    printf("mpn_add_1 %lu", mpn_add_1(limbs, limbs, 3, ~(mp_limb_t)0));
    printf(" %lu %lu cmp %d\n", limbs[0], limbs[1],
           mpn_cmp(limbs, limbs + 1, 2));
    part = mpz_get_d_2exp(&exponent, b);
    printf("double %.17g %.17g * 2^%ld, log %zu\n", mpz_get_d(b), part,
           exponent, mpz_sizeinbase(b, 10));
    mpz_gcdext(c, d, a, b, mpz_roinit_n((mpz_t){{0}}, limbs, 3));
    gmp_printf("%Zd %Zx %Zo\n", c, d, a);
    mpz_fac_ui(a, 200);
    printf("prime %d %d, bits %lu\n", mpz_probab_prime_p(b, 20),
           mpz_probab_prime_p(a, 20), mpz_scan1(a, 0));
    mpz_nextprime(b, a);
    mpz_sub(b, b, a);
    gmp_printf("%Zd\n", b);
    mpz_clears(a, b, c, d, NULL);
}

static void fractions(void)
{
    mpq_t a, b;
    mpf_t f, g;
    long exponent;

    mpq_inits(a, b, NULL);
    mpf_set_default_prec(300);
    mpf_inits(f, g, NULL);
    mpq_set_str(a, "-22/60", 10);
    mpq_canonicalize(a);
    mpq_set_d(b, 0.1);
    mpq_div(b, a, b);
    mpq_out_str(NULL, 10, b);
    printf(" cmp %d equal %d double %.17g\n", mpq_cmp_si(a, -1, 2),
           mpq_equal(a, b), mpq_get_d(b));
    mpf_set_d(f, 2.0);
    mpf_sqrt(f, f);
    mpf_set_q(g, a);
    mpf_pow_ui(g, g, 5);
    mpf_mul(g, f, g);
    mpf_out_str(NULL, 10, 60, g);
    printf(" %.17g %lu %s", mpf_get_d(g), mpf_get_prec(f),
           mpf_get_str((char[100]){0}, &exponent, 16, 40, f));
    printf(" %ld %d\n", exponent, mpf_integer_p(g));
    mpf_clears(f, g, NULL);
    mpq_clears(a, b, NULL);
}

/* Parts of a file that both sides read, by turns. */
static void streams(void)
{
    FILE *file = tmpfile();
    mpz_t a, b;
    mpq_t q;
    mpf_t f;
    size_t got;

    mpz_inits(a, b, NULL);
    mpq_init(q);
    mpf_init(f);
    mpz_set_str(a, "-fedcba9876543210fedcba9876543210", 16);
    fprintf(file, "first ");
    printf("written %zu", mpz_out_str(file, 62, a));
    printf(" %d", gmp_fprintf(file, " %Zd last\n", a));
    printf(" %zu\n", mpz_out_raw(file, a));
    fprintf(file, "3/4 0.5e3 10 twenty");
    rewind(file);
    got = fscanf(file, "first") == 0 ? mpz_inp_str(b, file, 62) : 0;
    printf("read %zu equal %d", got, mpz_cmp(a, b) == 0);
    printf(" %d", gmp_fscanf(file, "%Zd last", b));
    printf(" equal %d next %d", mpz_cmp(a, b) == 0, getc(file));
    printf(" %zu", mpz_inp_raw(b, file));
    printf(" equal %d", mpz_cmp(a, b) == 0);
    printf(" %zu", mpq_inp_str(q, file, 10));
    printf(" %zu", mpf_inp_str(f, file, 10));
    printf(" %zu", mpz_inp_str(b, file, 10));
    printf(" %zu\n", mpz_inp_str(a, file, 10));
    gmp_printf("%Qd %Fg %Zd at %ld\n", q, f, b, ftell(file));
    fclose(file);
    mpz_clears(a, b, NULL);
    mpq_clear(q);
    mpf_clear(f);
}

static int printed(char *to, const char *format, ...)
{
    va_list list;
    int result;

    va_start(list, format);
    result = gmp_vsnprintf(to, 200, format, list);
    va_end(list);
    return result;
}

static int said(const char *format, ...)
{
    va_list list;
    int result;

    va_start(list, format);
    result = gmp_vprintf(format, list);
    va_end(list);
    return result;
}

static int scanned(const char *from, const char *format, ...)
{
    va_list list;
    int result;

    va_start(list, format);
    result = gmp_vsscanf(from, format, list);
    va_end(list);
    return result;
}

static void formats(void)
{
    const mp_limb_t limbs[] = {1, 2, 3};
    char text[200];
    mpz_t a, b;
    mpq_t q;
    mpf_t f;
    unsigned long last = 0;
    int number = 0, used = 0;

    mpz_init_set_str(a, "1000000000000000000000", 10);
    mpz_init(b);
    mpq_init(q);
    mpq_set_ui(q, 5, 7);
    mpf_init_set_d(f, 1234.5);
    /* By turns with stdio, in one stream. */
    printf("one, ");
    printf("%d, ", gmp_printf("%s %Zd, ", "two", a));
    printf("%d, ", said("three %+-30Zd|%#40Zx|, ", a, a));
    puts("four");
    printf("%d\n", gmp_printf("%Nd %d %#Nx %40Nd %s ", limbs, (mp_size_t)3, 7,
                              limbs, (mp_size_t)2, limbs, (mp_size_t)1, "end"));
    printf("%d ", gmp_sprintf(text, "%d %Qd %#Qx %s %.*Ff %Fe %5.1f %c", 7, q,
                              q, "s", 3, f, f, 2.25, 'c'));
    puts(text);
    printf("%d ", gmp_snprintf(text, 20, "%Zd%n %ld", a, &used, -5L));
    printf("%s %d\n", text, used);
    printf("%d ", printed(text, "%Mu %MX %Zd %zu %.3Lf %hhd", (mp_limb_t)~0UL,
                          (mp_limb_t)255, a, (size_t)9, 1.5L, 300));
    puts(text);
    printf("%d ",
           gmp_sscanf("12 -0x1f 3/9 2.5e2 word 99", "%d %Zi %Qd %Ff %s %lu",
                      &number, b, q, f, text, &last));
    gmp_printf("%d %Zd %Qd %Ff %s %lu\n", number, b, q, f, text, last);
    printf("%d ", scanned("8 77 x 5", "%Zd %*Zd %Zd%n", a, b, &used));
    gmp_printf("%Zd %Zd\n", a, b);
    mpz_clears(a, b, NULL);
    mpq_clear(q);
    mpf_clear(f);
}

static int listened(const char *format, ...)
{
    va_list list;
    int result;

    va_start(list, format);
    result = gmp_vscanf(format, list);
    va_end(list);
    return result;
}

/* Numbers, each by another function. */
static void input(void)
{
    mpz_t a, b;
    mpq_t q;
    mpf_t f;
    int number = 0;

    mpz_inits(a, b, NULL);
    mpq_init(q);
    mpf_init(f);
    printf("%d ", scanf("%d", &number));
    printf("%d ", gmp_scanf("%Zd", a));
    printf("%d ", listened("%Zd", b));
    gmp_printf("%d %Zd %Zd %d", number, a, b, getchar());
    printf(" %zu", mpz_inp_str(a, NULL, 10)); /* stdin */
    printf(" %zu", mpq_inp_str(q, NULL, 10));
    printf(" %zu", mpf_inp_str(f, NULL, 10));
    gmp_printf(" %Zd %Qd %Ff %d\n", a, q, f, getchar());
    mpz_clears(a, b, NULL);
    mpq_clear(q);
    mpf_clear(f);
}

/* What GMP allocates and the program frees, either way. */
static void results(void)
{
    void (*give_back)(void *, size_t);
    char *text, *other, *third;
    uint32_t *words;
    size_t count;
    mpz_t a;
    mpq_t q;

    mp_get_memory_functions(NULL, NULL, &give_back);
    mpz_init(a);
    mpq_init(q);
    for (unsigned bits = 1; bits < 300000; bits *= 3) {
        mpz_ui_pow_ui(a, 2, bits);
        text = mpz_get_str(NULL, 10, a);
        count = strlen(text);
        printf("%zu ", count);
        free(text);
        text = mpz_get_str(NULL, 16, a);
        give_back(text, strlen(text) + 1);
        words = mpz_export(NULL, &count, 1, sizeof(*words), 0, 0, a);
        printf("%zu ", count);
        free(words);
        gmp_asprintf(&text, "%Zx %s", a, "end");
        other = strdup(text);
        text = realloc(text, strlen(text) + 1000);
        printf("%d ", strcmp(text, other));
        free(other);
        free(text);
    }
    mpq_set_si(q, -1, 3);
    third = mpq_get_str(NULL, 10, q);
    puts(third);
    give_back(third, strlen(third) + 1);
    mpz_clear(a);
    mpq_clear(q);
}

static unsigned long n_given, n_moved, n_freed, in_use;

static void *give(size_t size)
{
    n_given++;
    in_use += size;
    return malloc(size);
}

static void *move(void *memory, size_t old_size, size_t size)
{
    n_moved++;
    in_use += size - old_size;
    return realloc(memory, size);
}

static void take(void *memory, size_t size)
{
    n_freed++;
    in_use -= size;
    free(memory);
}

static void memory(void)
{
    void *(*old_give)(size_t), *(*now_give)(size_t);
    void *(*old_move)(void *, size_t, size_t);
    void *(*now_move)(void *, size_t, size_t);
    void (*old_take)(void *, size_t), (*now_take)(void *, size_t);
    mpz_t a;
    char *text;

    mp_get_memory_functions(&old_give, &old_move, &old_take);
    old_take(old_move(old_give(10), 10, 100000), 100000);
    mp_set_memory_functions(give, move, take);
    mp_get_memory_functions(&now_give, &now_move, &now_take);
    printf("the program's: %d\n",
           now_give == give && now_move == move && now_take == take);
    mpz_init_set_ui(a, 3);
    mpz_pow_ui(a, a, 100000);
    text = mpz_get_str(NULL, 10, a);
    printf("%.20s %zu\n", text, strlen(text));
    take(text, strlen(text) + 1);
    mpz_clear(a);
    printf("given %d moved %d all back %d %lu\n", n_given > 2, n_moved > 0,
           n_given == n_freed, in_use);
    /* Back to what there was, also by NULL. */
    mp_set_memory_functions(old_give, old_move, old_take);
    mp_get_memory_functions(&now_give, NULL, &now_take);
    printf("the old ones: %d\n", now_give == old_give && now_take == old_take);
    mpz_init_set_ui(a, 5);
    mpz_pow_ui(a, a, 1000);
    mpz_clear(a);
    mp_set_memory_functions(NULL, NULL, NULL);
    mpz_init_set_ui(a, 5);
    mpz_pow_ui(a, a, 1000);
    text = mpz_get_str(NULL, 10, a);
    mp_get_memory_functions(NULL, NULL, &now_take);
    now_take(text, strlen(text) + 1);
    mpz_clear(a);
    printf("none is asked any more: %d\n", n_given == n_freed);
}

static void randoms(void)
{
    gmp_randstate_t states[4];
    mpz_t a;

    mpz_init(a);
    gmp_randinit_default(states[0]);
    gmp_randinit(states[1], GMP_RAND_ALG_LC, 64UL);
    mpz_set_ui(a, 0x5deece66dUL);
    gmp_randinit_lc_2exp(states[2], a, 11, 48);
    gmp_randinit_set(states[3], states[0]);
    for (int i = 0; i < 4; i++) {
        gmp_randseed_ui(states[i], 42);
        mpz_urandomb(a, states[i], 200);
        gmp_printf("%Zd ", a);
        printf("%lu\n", gmp_urandomm_ui(states[i], 1000));
        gmp_randclear(states[i]);
    }
    /* Too large: it says so in gmp_errno, which is the program's to clear. */
    gmp_errno = 0;
    gmp_randinit(states[0], GMP_RAND_ALG_LC, 100000UL);
    printf("errno %d", gmp_errno);
    gmp_errno = 0;
    gmp_randinit(states[0], (gmp_randalg_t)77);
    printf(" %d\n", gmp_errno);
    mpz_clear(a);
}

int main(void)
{
    printf("%d %d\n", mp_bits_per_limb, strchr(gmp_version, '.') != NULL);
    integers();
    fractions();
    streams();
    formats();
    input();
    results();
    memory();
    randoms();
    return 0;
}
