/* SPDX-License-Identifier: MIT */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run.h"

enum { SECONDS = 10 };

/* What a process writes goes into memory, so nobody has to read meanwhile. */
static int memory_open(void)
{
    int file = memfd_create("thunk-run", MFD_CLOEXEC);

    if (file < 0) {
        fail_file("memfd_create", "");
    }
    return file;
}

static char *memory_read(int file)
{
    struct stat status;
    ssize_t size = 0;
    char *text;

    if (fstat(file, &status) != 0) {
        fail_file("memfd_create", "");
    }
    text = array_grow(NULL, (size_t)status.st_size, 1);
    size = pread(file, text, (size_t)status.st_size, 0);
    text[size > 0 ? size : 0] = '\0';
    close(file);
    return text;
}

static _Noreturn void child_start(int output, int error,
                                  void (*action)(const void *context),
                                  const void *context)
{
    static const struct rlimit no_core = {0, 0};
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

    if (dup2(nothing, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0 &&
        dup2(error, STDERR_FILENO) >= 0) {
        signal(SIGALRM, SIG_DFL);
        setrlimit(RLIMIT_CORE, &no_core);
        alarm(SECONDS);
        action(context);
    }
    _exit(1);
}

struct child child_run(void (*action)(const void *context), const void *context)
{
    const int output = memory_open(), error = memory_open();
    struct child child = {0};
    int status = 0;
    pid_t process;

    fflush(stdout);
    process = fork();
    if (process == 0) {
        child_start(output, error, action, context);
    }
    if (process < 0 || waitpid(process, &status, 0) != process) {
        fail_file("fork", "");
    }
    child.is_good = status == 0;
    child.output = memory_read(output);
    child.error = memory_read(error);
    child.error =
        format_text("%.*s", (int)strcspn(child.error, "\n"), child.error);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) {
        child.error = format_text("no end after %d seconds", SECONDS);
    } else if (WIFSIGNALED(status)) {
        child.error = strsignal(WTERMSIG(status));
    } else if (status != 0 && *child.error == '\0') {
        child.error = format_text("exit status %d", WEXITSTATUS(status));
    }
    return child;
}

static void command_start(const void *context)
{
    char *const *arguments = context;

    execv(arguments[0], arguments);
    dprintf(STDERR_FILENO, "%s: %s\n", arguments[0], strerror(errno));
}

struct child child_command(const char *const *arguments)
{
    return child_run(command_start, arguments);
}
