/* SPDX-License-Identifier: MIT
 *
 * What sqlite3 has a program give it to call: functions, aggregates,
 * collations, hooks; tables of functions that it keeps (a virtual table's and a
 * VFS file's in read-only memory, an allocator's); variadic functions. Prints
 * what happens, the same natively and thunked.
 */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void check(int status, const char *what)
{
    if (status != SQLITE_OK && status != SQLITE_ROW && status != SQLITE_DONE) {
        printf("%s: %d %s\n", what, status, sqlite3_errstr(status));
        exit(1);
    }
}

#define CHECK(call) check((call), #call)

/* An allocator, which sqlite is given before all else. */
static long n_allocated, n_taken;

static void *memory_take(int size)
{
    size_t *memory = malloc((size_t)size + 16);

    n_taken++;
    n_allocated += size;
    memory[0] = (size_t)size;
    return memory + 2;
}

static void memory_free(void *memory)
{
    if (memory != NULL) {
        n_allocated -= (long)((size_t *)memory)[-2];
        free((size_t *)memory - 2);
    }
}

static int memory_size(void *memory)
{
    return memory == NULL ? 0 : (int)((size_t *)memory)[-2];
}

static void *memory_change(void *memory, int size)
{
    void *changed = memory_take(size);
    int old = memory_size(memory);

    memcpy(changed, memory, (size_t)(old < size ? old : size));
    memory_free(memory);
    return changed;
}

static int memory_round(int size)
{
    return (size + 7) & ~7;
}

static int memory_start(void *context)
{
    printf("allocator: %s\n", (const char *)context);
    return SQLITE_OK;
}

static void memory_end(void *context)
{
    printf("allocator ends: %s, %ld bytes left\n", (const char *)context,
           n_allocated);
}

static const sqlite3_mem_methods memory_methods = {
    memory_take,  memory_free,  memory_change, memory_size,
    memory_round, memory_start, memory_end,    "ours",
};

static void log_take(void *context, int code, const char *text)
{
    printf("log %s: %d %s\n", (const char *)context, code, text);
}

/* A VFS with files of the host's kernel. */
struct file {
    sqlite3_file base;
    int fd;
};

static long n_reads, n_writes;

static int file_close(sqlite3_file *file)
{
    close(((struct file *)file)->fd);
    return SQLITE_OK;
}

static int file_read(sqlite3_file *file, void *to, int size, sqlite3_int64 at)
{
    ssize_t got = pread(((struct file *)file)->fd, to, (size_t)size, at);

    n_reads++;
    if (got < 0) {
        return SQLITE_IOERR_READ;
    }
    memset((char *)to + got, 0, (size_t)(size - got));
    return got == size ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int file_write(sqlite3_file *file, const void *from, int size,
                      sqlite3_int64 at)
{
    n_writes++;
    return pwrite(((struct file *)file)->fd, from, (size_t)size, at) == size
               ? SQLITE_OK
               : SQLITE_IOERR_WRITE;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    return ftruncate(((struct file *)file)->fd, size) == 0
               ? SQLITE_OK
               : SQLITE_IOERR_TRUNCATE;
}

static int file_sync(sqlite3_file *file, int flags)
{
    (void)file;
    (void)flags;
    return SQLITE_OK;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size)
{
    struct stat status;

    fstat(((struct file *)file)->fd, &status);
    *size = status.st_size;
    return SQLITE_OK;
}

static int file_lock(sqlite3_file *file, int level)
{
    (void)file;
    (void)level;
    return SQLITE_OK;
}

static int file_reserved(sqlite3_file *file, int *is_reserved)
{
    (void)file;
    *is_reserved = 0;
    return SQLITE_OK;
}

static int file_control(sqlite3_file *file, int op, void *argument)
{
    (void)file;
    (void)op;
    (void)argument;
    return SQLITE_NOTFOUND;
}

static int file_sector(sqlite3_file *file)
{
    (void)file;
    return 512;
}

static int file_device(sqlite3_file *file)
{
    (void)file;
    return 0;
}

static const sqlite3_io_methods file_methods = {
    .iVersion = 1,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_lock,
    .xCheckReservedLock = file_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_device,
};

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file,
                    int flags, int *out_flags)
{
    struct file *ours = (struct file *)file;

    printf("open %s for %s\n", name == NULL ? "a temporary" : name,
           (const char *)vfs->pAppData);
    ours->base.pMethods = NULL;
    ours->fd = open(name == NULL ? "temporary" : name, O_RDWR | O_CREAT, 0666);
    if (ours->fd < 0) {
        return SQLITE_CANTOPEN;
    }
    ours->base.pMethods = &file_methods;
    if (out_flags != NULL) {
        *out_flags = flags;
    }
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    (void)vfs;
    (void)sync;
    return unlink(name) == 0 || errno == ENOENT ? SQLITE_OK
                                                : SQLITE_IOERR_DELETE;
}

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *is_so)
{
    (void)vfs;
    (void)flags;
    *is_so = access(name, F_OK) == 0;
    return SQLITE_OK;
}

static int vfs_path(sqlite3_vfs *vfs, const char *name, int size, char *to)
{
    (void)vfs;
    sqlite3_snprintf(size, to, "%s", name);
    return SQLITE_OK;
}

static int vfs_random(sqlite3_vfs *vfs, int size, char *to)
{
    (void)vfs;
    memset(to, 7, (size_t)size);
    return size;
}

static int vfs_sleep(sqlite3_vfs *vfs, int microseconds)
{
    (void)vfs;
    return microseconds;
}

static int vfs_time(sqlite3_vfs *vfs, double *days)
{
    (void)vfs;
    *days = 2451545.25; /* 2000-01-01 18:00 */
    return SQLITE_OK;
}

static int vfs_error(sqlite3_vfs *vfs, int size, char *text)
{
    (void)vfs;
    (void)size;
    (void)text;
    return 0;
}

static sqlite3_vfs our_vfs = {
    .iVersion = 1,
    .szOsFile = sizeof(struct file),
    .mxPathname = 512,
    .zName = "ours",
    .pAppData = "our VFS",
    .xOpen = vfs_open,
    .xDelete = vfs_delete,
    .xAccess = vfs_access,
    .xFullPathname = vfs_path,
    .xRandomness = vfs_random,
    .xSleep = vfs_sleep,
    .xCurrentTime = vfs_time,
    .xGetLastError = vfs_error,
};

/* A virtual table of square numbers, whose cursor is ours. */
struct cursor {
    sqlite3_vtab_cursor base;
    sqlite3_int64 row, end;
};

static int squares_connect(sqlite3 *db, void *context, int n_arguments,
                           const char *const *arguments, sqlite3_vtab **table,
                           char **error)
{
    if (n_arguments > 3 && strcmp(arguments[3], "wrong") == 0) {
        *error =
            sqlite3_mprintf("no %Q in %s", arguments[3], (const char *)context);
        return SQLITE_ERROR;
    }
    *table = calloc(1, sizeof(**table));
    sqlite3_vtab_config(db, SQLITE_VTAB_CONSTRAINT_SUPPORT, 1);
    return sqlite3_declare_vtab(db, "create table x(n, square real)");
}

static int squares_disconnect(sqlite3_vtab *table)
{
    printf("virtual table ends\n");
    free(table);
    return SQLITE_OK;
}

static int squares_best(sqlite3_vtab *table, sqlite3_index_info *info)
{
    (void)table;
    info->estimatedCost = 5.5;
    for (int i = 0; i < info->nConstraint; i++) {
        if (info->aConstraint[i].usable && info->aConstraint[i].iColumn == 0 &&
            info->aConstraint[i].op == SQLITE_INDEX_CONSTRAINT_LT) {
            info->aConstraintUsage[i].argvIndex = 1;
        }
    }
    return SQLITE_OK;
}

static int squares_open(sqlite3_vtab *table, sqlite3_vtab_cursor **cursor)
{
    (void)table;
    *cursor = calloc(1, sizeof(struct cursor));
    return SQLITE_OK;
}

static int squares_close(sqlite3_vtab_cursor *cursor)
{
    free(cursor);
    return SQLITE_OK;
}

static int squares_filter(sqlite3_vtab_cursor *cursor, int index,
                          const char *name, int n_values, sqlite3_value **value)
{
    struct cursor *ours = (struct cursor *)cursor;

    (void)index;
    (void)name;
    ours->row = 0;
    ours->end = n_values == 0 ? 5 : sqlite3_value_int64(value[0]);
    return SQLITE_OK;
}

static int squares_next(sqlite3_vtab_cursor *cursor)
{
    ((struct cursor *)cursor)->row++;
    return SQLITE_OK;
}

static int squares_eof(sqlite3_vtab_cursor *cursor)
{
    return ((struct cursor *)cursor)->row >= ((struct cursor *)cursor)->end;
}

static int squares_column(sqlite3_vtab_cursor *cursor, sqlite3_context *context,
                          int column)
{
    sqlite3_int64 row = ((struct cursor *)cursor)->row;

    if (column == 0) {
        sqlite3_result_int64(context, row);
    } else {
        sqlite3_result_double(context, (double)row * (double)row);
    }
    return SQLITE_OK;
}

static int squares_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *row)
{
    *row = ((struct cursor *)cursor)->row;
    return SQLITE_OK;
}

static void squares_half(sqlite3_context *context, int n, sqlite3_value **value)
{
    (void)n;
    sqlite3_result_double(context, sqlite3_value_double(value[0]) / 2);
}

/* Puts a function of ours into a place of sqlite's. */
static int squares_function(sqlite3_vtab *table, int n, const char *name,
                            void (**function)(sqlite3_context *, int,
                                              sqlite3_value **),
                            void **argument)
{
    (void)table;
    if (n != 2 || strcmp(name, "like") != 0) {
        return 0;
    }
    *function = squares_half;
    *argument = NULL;
    return 1;
}

static const sqlite3_module squares = {
    .iVersion = 1,
    .xCreate = squares_connect,
    .xConnect = squares_connect,
    .xBestIndex = squares_best,
    .xDisconnect = squares_disconnect,
    .xDestroy = squares_disconnect,
    .xOpen = squares_open,
    .xClose = squares_close,
    .xFilter = squares_filter,
    .xNext = squares_next,
    .xEof = squares_eof,
    .xColumn = squares_column,
    .xRowid = squares_rowid,
    .xFindFunction = squares_function,
};

/* User functions */
static void reverse(sqlite3_context *context, int n, sqlite3_value **value)
{
    const char *text = (const char *)sqlite3_value_text(value[0]);
    size_t length = strlen(text);
    char *result = malloc(length + 1);

    (void)n;
    for (size_t i = 0; i < length; i++) {
        result[i] = text[length - 1 - i];
    }
    result[length] = '\0';
    sqlite3_result_text(context, result, (int)length, free);
}

static void mean_step(sqlite3_context *context, int n, sqlite3_value **value)
{
    double *sum = sqlite3_aggregate_context(context, 2 * sizeof(*sum));

    (void)n;
    sum[0] += sqlite3_value_double(value[0]);
    sum[1]++;
}

static void mean_value(sqlite3_context *context)
{
    double *sum = sqlite3_aggregate_context(context, 2 * sizeof(*sum));

    sqlite3_result_double(context, sum[1] == 0 ? 0 : sum[0] / sum[1]);
}

static void mean_inverse(sqlite3_context *context, int n, sqlite3_value **value)
{
    double *sum = sqlite3_aggregate_context(context, 2 * sizeof(*sum));

    (void)n;
    sum[0] -= sqlite3_value_double(value[0]);
    sum[1]--;
}

static void pointer_show(sqlite3_context *context, int n, sqlite3_value **value)
{
    const char *text = sqlite3_value_pointer(value[0], "ours");

    (void)n;
    if (text == NULL) {
        sqlite3_result_error(context, "not ours", -1);
    } else {
        sqlite3_result_text(context, text, -1, SQLITE_TRANSIENT);
    }
}

static void said(void *text)
{
    printf("%s\n", (const char *)text);
}

static int by_length(void *context, int a_size, const void *a, int b_size,
                     const void *b)
{
    (void)context;
    return a_size != b_size ? a_size - b_size : memcmp(a, b, (size_t)a_size);
}

static int row_show(void *context, int n, char **values, char **names)
{
    int *left = context;

    for (int i = 0; i < n; i++) {
        printf("%s%s=%s", i == 0 ? "" : " ", names[i],
               values[i] == NULL ? "NULL" : values[i]);
    }
    printf("\n");
    return left != NULL && --*left == 0;
}

static void run(sqlite3 *db, const char *sql)
{
    char *error = NULL;
    int status = sqlite3_exec(db, sql, row_show, NULL, &error);

    if (status != SQLITE_OK) {
        printf("%d: %s\n", status, error);
        sqlite3_free(error);
    }
}

/* Hooks */
static int commit_hook(void *context)
{
    printf("commit %s\n", (const char *)context);
    return context != NULL && strcmp(context, "no") == 0;
}

static void rollback_hook(void *context)
{
    printf("rollback %s\n", (const char *)context);
}

static void update_hook(void *context, int op, const char *db,
                        const char *table, sqlite3_int64 row)
{
    printf("update %s: %d %s.%s %lld\n", (const char *)context, op, db, table,
           row);
}

static int trace_hook(unsigned kind, void *context, void *of, void *more)
{
    if (kind == SQLITE_TRACE_STMT) {
        printf("trace %s: %s\n", (const char *)context, (const char *)more);
    } else if (kind == SQLITE_TRACE_PROFILE) {
        printf("profile of %s\n", sqlite3_sql(of));
    }
    return 0;
}

static int progress_hook(void *context)
{
    return ++*(int *)context > 100;
}

static int authorize(void *context, int action, const char *one,
                     const char *two, const char *db, const char *trigger)
{
    (void)context;
    (void)db;
    (void)trigger;
    return action == SQLITE_READ && strcmp(one, "t") == 0 &&
                   strcmp(two, "secret") == 0
               ? SQLITE_DENY
               : SQLITE_OK;
}

static int busy(void *context, int count)
{
    printf("busy %d\n", count);
    return count < *(int *)context;
}

static int extension(sqlite3 *db, char **error, const void *api)
{
    (void)error;
    (void)api;
    printf("a new database\n");
    return sqlite3_create_function(db, "backwards", 1, SQLITE_UTF8, NULL,
                                   reverse, NULL, NULL);
}

static char *format_list(const char *format, ...)
{
    va_list list;
    char *text;

    va_start(list, format);
    text = sqlite3_vmprintf(format, list);
    va_end(list);
    return text;
}

static void formats(void)
{
    char buffer[200];
    sqlite3_str *text = sqlite3_str_new(NULL);
    char *made = sqlite3_mprintf(
        "%q|%Q|%Q|%w|%d|%lld|%5.2f|%s|%c|%x|%%|%*d|%-6s|%.3s|%g|%u|%d|%d|%f|%s",
        "it's", "it's", NULL, "a\"b", -1, 1234567890123LL, 2.5, "text", 'c',
        255, 6, 42, "ab", "abcdef", 1e100, 4000000000U, 7, 8, -0.25, "end");

    puts(made);
    sqlite3_free(made);
    made =
        sqlite3_mprintf("%f %f %f %f %f %f %f %f %f %d %f %d %f", 1.0, 2.0, 3.0,
                        4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10, 11.0, 12, 13.0);
    puts(made);
    made = format_list("%z and %,d and %!.20g and %Q", made, 1234567, 0.1, "'");
    puts(made);
    sqlite3_free(made);
    puts(sqlite3_snprintf(10, buffer, "%s %s", "cut", "off here"));
    sqlite3_str_appendf(text, "%d-%s", 1, "two");
    sqlite3_str_appendf(text, "+%.1f", 3.0);
    made = sqlite3_str_finish(text);
    puts(made);
    sqlite3_free(made);
    sqlite3_log(SQLITE_NOTICE, "%d %Q", 5, "logged");
}

static void functions(sqlite3 *db)
{
    sqlite3_stmt *statement;
    int left = 2;
    char name[] = "destroyed";

    CHECK(sqlite3_create_function_v2(db, "reverse", 1, SQLITE_UTF8, name,
                                     reverse, NULL, NULL, said));
    CHECK(sqlite3_create_window_function(db, "mean", 1, SQLITE_UTF8, NULL,
                                         mean_step, mean_value, mean_value,
                                         mean_inverse, NULL));
    CHECK(sqlite3_create_function(db, "shown", 1, SQLITE_UTF8, NULL,
                                  pointer_show, NULL, NULL));
    CHECK(sqlite3_create_collation(db, "length", SQLITE_UTF8, NULL, by_length));
    run(db, "create table t(a integer primary key, b, c real, secret)");
    run(db, "insert into t(b, c) values('one', 1.5), ('three', 2.5), "
            "('two', 3.25), ('fourteen', -1)");
    run(db, "select a, reverse(b), backwards(b) from t order by b collate "
            "length");
    run(db, "select mean(c), mean(a) from t");
    run(db, "select mean(c) over (order by a rows 1 preceding) as m from t");
    run(db, "select datetime('now')");
    printf("stopped: %d\n",
           sqlite3_exec(db, "select a from t", row_show, &left, NULL));
    CHECK(sqlite3_prepare_v2(db, "select shown(?), ?", -1, &statement, NULL));
    CHECK(
        sqlite3_bind_pointer(statement, 1, strdup("a pointer"), "ours", free));
    CHECK(sqlite3_bind_text(statement, 2, "kept", -1, SQLITE_STATIC));
    CHECK(sqlite3_step(statement));
    printf("%s %s\n", sqlite3_column_text(statement, 0),
           sqlite3_column_text(statement, 1));
    CHECK(sqlite3_finalize(statement));
    run(db, "select shown(1)");
}

static void hooks(sqlite3 *db)
{
    char *first = "first", *second = "no";
    int steps = 0;

    printf("before: %d\n", sqlite3_commit_hook(db, commit_hook, first) == NULL);
    sqlite3_rollback_hook(db, rollback_hook, first);
    sqlite3_update_hook(db, update_hook, first);
    CHECK(sqlite3_trace_v2(db, SQLITE_TRACE_STMT | SQLITE_TRACE_PROFILE,
                           trace_hook, first));
    run(db, "update t set c = 9 where a = 2");
    printf("before: %d\n",
           sqlite3_commit_hook(db, commit_hook, second) == first);
    run(db, "delete from t where a = 1");
    sqlite3_commit_hook(db, NULL, NULL);
    sqlite3_rollback_hook(db, NULL, NULL);
    sqlite3_update_hook(db, NULL, NULL);
    sqlite3_trace_v2(db, 0, NULL, NULL);
    CHECK(sqlite3_set_authorizer(db, authorize, NULL));
    run(db, "select secret from t");
    run(db, "select b from t where a = 3");
    sqlite3_set_authorizer(db, NULL, NULL);
    sqlite3_progress_handler(db, 100, progress_hook, &steps);
    run(db, "with recursive n(i) as (select 1 union all select i + 1 from n) "
            "select count(*) from n");
    sqlite3_progress_handler(db, 0, NULL, NULL);
}

static void busy_wait(sqlite3 *db, const char *name)
{
    sqlite3 *other;
    int count = 2;

    CHECK(sqlite3_open_v2(name, &other, SQLITE_OPEN_READWRITE, "unix"));
    CHECK(sqlite3_busy_handler(other, busy, &count));
    run(db, "begin exclusive");
    run(other, "insert into t(b) values('late')");
    run(db, "commit");
    CHECK(sqlite3_close(other));
}

static void tables(sqlite3 *db)
{
    int is_on = -1;

    CHECK(
        sqlite3_create_module_v2(db, "squares", &squares, "the module", NULL));
    run(db, "create virtual table s using squares");
    run(db, "create virtual table w using squares(wrong)");
    run(db, "select * from s where n < 4");
    run(db, "select sum(square), count(*) from s where n < 1000");
    run(db, "select n like 3 from s where n < 2"); /* squares_half */
    run(db, "drop table s");
    CHECK(sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, &is_on));
    printf("foreign keys: %d\n", is_on);
    CHECK(sqlite3_db_config(db, SQLITE_DBCONFIG_MAINDBNAME, "haupt"));
    printf("%s\n", sqlite3_db_name(db, 0));
}

int main(void)
{
    sqlite3 *db;

    CHECK(sqlite3_config(SQLITE_CONFIG_MALLOC, &memory_methods));
    CHECK(sqlite3_config(SQLITE_CONFIG_LOG, log_take, "of ours"));
    CHECK(sqlite3_config(SQLITE_CONFIG_SERIALIZED));
    CHECK(sqlite3_initialize());
    CHECK(sqlite3_auto_extension((void (*)(void))extension));
    CHECK(sqlite3_vfs_register(&our_vfs, 0));
    printf("registered: %d\n", sqlite3_vfs_find("ours") == &our_vfs);
    formats();
    CHECK(sqlite3_open_v2("ours.db", &db,
                          SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, "ours"));
    functions(db);
    hooks(db);
    tables(db);
    CHECK(sqlite3_close(db));
    printf("%d reads and writes\n", n_reads > 0 && n_writes > 0);
    CHECK(sqlite3_open("plain.db", &db));
    run(db, "create table t(b)");
    busy_wait(db, "plain.db");
    CHECK(sqlite3_close(db));
    printf("cancelled: %d\n",
           sqlite3_cancel_auto_extension((void (*)(void))extension));
    CHECK(sqlite3_vfs_unregister(&our_vfs));
    CHECK(sqlite3_shutdown());
    printf("taken: %d\n", n_taken > 100);
    return 0;
}
