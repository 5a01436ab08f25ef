/* Types that want more than 16 bytes' alignment, and rows, which are one type
 * wherever they are. */
struct line {
    long double value;
    char data[8] __attribute__((aligned(64)));
};

typedef long double row[4];

double line_sum(const struct line *lines, int n);
struct line *line_kept(void);
double row_sum(const row *rows, int n);
row *row_kept(int n);
