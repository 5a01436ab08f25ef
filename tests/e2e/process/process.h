/* SPDX-License-Identifier: MIT
 *
 * A library that does what concerns its process as a whole: ends threads,
 * starts children, uses what libc keeps for all, and what its program has for
 * it.
 */
#ifndef PROCESS_H
#define PROCESS_H

/* Has something to do when this thread ends: an object, a POSIX key, one of
 * C11, and, `rounds` times more, a key again. */
void process_object_use(int units);
void process_thread_use(int units, int rounds);

/* How many of those were done so far, and the units of all. */
int process_threads_ended(void);
long process_units(void);

/* Calls that when this thread ends. */
void process_thread_tell(void (*told)(int number), int number);

/* Does not come back: "pthread_exit" or "thrd_exit". */
void process_thread_leave(const char *how, void *result);

/* fork(); and what a child returns of that function, as wait() gives it. */
int process_fork(void);
int process_in_child(int (*work)(int number), int number);

/* A command, by a child that the library starts in one of its ways. What wait()
 * gives; -1: there is no such way. */
int process_run(const char *how, const char *command);

/* What popen() reads of it, up to the first end of line. */
int process_read(const char *command, char *line, int size);

/* Prints it by "printf", "vprintf", "puts", "putchar" or "stdout"; "stderr" and
 * "perror" print it there. */
void process_print(const char *how, const char *text);

/* The next word of stdin, by "scanf", or line, by "getchar" or "stdin". */
void process_word(const char *how, char *word, int size);

/* Has stdout go to that file, and has it without a buffer. */
void process_redirect(const char *path);

/* Prints by a thread of the library's own. */
void process_print_elsewhere(const char *text);

/* Writes what is in all streams that are open; 0, or EOF. */
int process_flush(void);

/* Counts 'v' less 'q', and sets *word to the place of the last long option. */
int process_options(int count, char **arguments, int *word);

/* The next of "rand", "random", "drand48", "lrand48", "mrand48". */
double process_random(const char *which);
void process_seed(const char *which, int seed);

/* Where /proc/self/exe leads, without folders, by "readlink" or "readlinkat".
 */
int process_file(const char *how, char *name, int size);

/* Has the library's handler take a signal, by "sigaction", "siginfo" (with what
 * came with it), "once" (as SA_RESETHAND) or "signal"; it calls what was there
 * before if it `chains`. "ignore" and "default" set those. 0, or -1. */
int process_signal_take(const char *how, int number, int chains);

/* What the library finds set for it, by the flag SA_SIGINFO or without:
 * "default", "ignore", "own" (its handler), "handler". */
const char *process_signal_find(int number, int *has_info);

/* How often its handler was called, and the last value that came with it. */
int process_signals_taken(void);
int process_signal_value(void);

/* Sends this process the signal by "raise", "kill", "sigqueue" or
 * "pthread_kill"; how often the counter has grown meanwhile, or, if it is NULL,
 * the library's own. */
int process_signal_send(const char *how, int number, const int *counter);

/* Waits in a system call until a signal has come; errno. */
int process_signal_wait(int milliseconds);

/* Leaves the library's handler by siglongjmp(), as often, out of what sends the
 * signal ("raise" and so on; "loop": out of a loop that makes no system call,
 * and an alarm ends). How often it came back so. */
int process_signal_jump(const char *how, int times);

/* Computes, without a system call, until as many alarms have come, a
 * millisecond apart, and has the program's function called meanwhile, and by
 * the handler, which blocks that other signal as well. What it has given in
 * sum, and 1; less: the handler was not called as natively. */
long process_signal_compute(int alarms, int other, int (*add)(int number));

/* By a function and a variable that the program may have. */
int process_check(int number);
int process_level(void);

/* Opens a plug-in, which uses process_register(), and closes it. */
void process_register(int (*function)(int number));
int process_load(const char *path, int number);

/* Functions in structs. */
struct process_counter {
    int (*step)(int number);
};
struct process_scaler {
    double (*scale)(double number);
};
int process_step(const struct process_counter *counter, int number);
double process_scale(const struct process_scaler *scaler, double number);

/* Memory of the library's, and functions of whatever type. */
const char *process_text(void);
int process_untyped(const void *function, int number);

#endif
