/* SPDX-License-Identifier: MIT
 *
 * Uses readline as programs do, at a terminal that tests/e2e/keys.py plays:
 * each kind of variable in both directions, hooks, memory that goes to and fro,
 * signals, and both ways to read a line. What it prints is the same whoever has
 * the library.
 */
#include <ctype.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>

/* As rl_message() wants it */
#define USE_VARARGS   1
#define PREFER_STDARG 1
#include <readline/history.h>
#include <readline/readline.h>

static int calls; /* of whatever counts just now */

static void line_print(const char *what, char *line)
{
    printf("%s: %s|\n", what, line == NULL ? "(end)" : line);
    free(line);
}

/* What the library begins with, before it is first called. */
static void start_check(void)
{
    printf("version %x %s, emacs %d\n", (unsigned)rl_readline_version,
           rl_library_version, rl_editing_mode);
    printf("defaults %d %d %d %d, streams %d %d\n", rl_getc_function == rl_getc,
           rl_redisplay_function == rl_redisplay,
           rl_prep_term_function == rl_prep_terminal,
           rl_deprep_term_function == rl_deprep_terminal, rl_instream == NULL,
           rl_outstream == NULL);
    printf("hooks %d %d %d\n", rl_startup_hook == NULL,
           rl_attempted_completion_function == NULL,
           rl_filename_quoting_function == NULL);
    printf("names %s, break %d, keys %d\n", rl_readline_name,
           strchr(rl_basic_word_break_characters, '$') != NULL,
           emacs_standard_keymap[24].type == ISKMAP);
}

static int start_hook(void)
{
    printf("[%d %d]", rl_point, rl_end);
    rl_insert_text("two four");
    rl_point = 4;
    return 0;
}

static int input_hook(void)
{
    calls++;
    rl_insert_text("three ");
    rl_redisplay();
    return 0;
}

static int getc_own(FILE *stream)
{
    int key = rl_getc(stream);

    calls += stream == stdin && stream == rl_instream;
    return key == '%' ? 'P' : key;
}

static void hooks_check(void)
{
    rl_startup_hook = start_hook;
    rl_pre_input_hook = input_hook;
    rl_getc_function = getc_own;
    line_print("hooks", readline("hooks> "));
    printf("point %d of %d, calls %d, hook kept %d, getc kept %d\n", rl_point,
           rl_end, calls, rl_startup_hook == start_hook,
           rl_getc_function == getc_own);
    printf("streams %d %d\n", rl_instream == stdin, rl_outstream == stdout);
    rl_startup_hook = NULL;
    rl_pre_input_hook = NULL;
    rl_getc_function = rl_getc;
    line_print("no hooks", readline("none> "));
}

static int word_swap(int count, int key)
{
    char *text = rl_copy_text(0, rl_end);

    rl_message("(swap %d %d %s) ", count, key, text);
    for (char *at = text; *at != '\0'; at++) {
        *at = (char)(isupper((unsigned char)*at) ? tolower((unsigned char)*at)
                                                 : toupper((unsigned char)*at));
    }
    rl_clear_message();
    rl_replace_line(text, 0);
    free(text);
    rl_point = rl_end / 2;
    rl_line_buffer[0] = '<';
    calls++;
    return 0;
}

static int line_keep(int count, int key)
{
    printf("[last %d]", rl_last_func == word_swap);
    rl_done = 1;
    return count + key - key - 1;
}

static void commands_check(void)
{
    int type;

    calls = 0;
    rl_add_defun("swap-words", word_swap, -1);
    rl_bind_key(20, word_swap);
    emacs_standard_keymap[15].function = line_keep; /* Ctrl-O */
    rl_bind_key_in_map('k', rl_insert, emacs_meta_keymap);
    rl_readline_name = "calls";
    rl_parse_and_bind((char[]){"$if calls"});
    rl_parse_and_bind((char[]){"\"\\C-xq\": \"quoted\""});
    rl_parse_and_bind((char[]){"$endif"});
    printf("named %d %d %d, map %d %s\n",
           rl_named_function("swap-words") == word_swap,
           rl_named_function("beginning-of-line") == rl_beg_of_line,
           rl_function_of_keyseq("\x14", NULL, &type) == word_swap,
           rl_get_keymap() == emacs_standard_keymap,
           rl_get_keymap_name(emacs_meta_keymap));
    line_print("commands", readline("commands> "));
    printf("calls %d, end %d\n", calls, rl_end);
    printf("table %d\n", emacs_standard_keymap['z'].function(2, 'z'));
    printf("buffer %s, undo %d\n", rl_line_buffer, rl_undo_list != NULL);
    rl_free_undo_list();
}

static const char *const words[] = {"alpha", "alphabet", "beta", NULL};

static char *word_next(const char *text, int state)
{
    static size_t at;

    at = state == 0 ? 0 : at;
    while (words[at] != NULL) {
        const char *word = words[at++];

        if (strncmp(word, text, strlen(text)) == 0) {
            return strdup(word);
        }
    }
    return NULL;
}

static char **words_complete(const char *text, int start, int end)
{
    printf("[%s %d %d]", text, start, end);
    rl_attempted_completion_over = 1;
    rl_completion_append_character = ',';
    return rl_completion_matches(text, word_next);
}

static void matches_show(char **matches, int count, int longest)
{
    printf("\n%d of %d:", count, longest);
    for (int i = 1; i <= count; i++) {
        printf(" %s", matches[i]);
    }
    printf("\n");
    rl_forced_update_display();
}

static int directory_rewrite(char **directory)
{
    if (strcmp(*directory, "void/") != 0) {
        return 0;
    }
    free(*directory);
    *directory = strdup("folder/");
    return 1;
}

static void completion_check(void)
{
    char **matches = rl_completion_matches("alp", word_next);

    for (size_t i = 0; matches[i] != NULL; i++) {
        printf("match %s\n", matches[i]);
        free(matches[i]);
    }
    free(matches);
    rl_attempted_completion_function = words_complete;
    rl_completion_display_matches_hook = matches_show;
    line_print("completion", readline("words> "));
    rl_attempted_completion_function = NULL;
    rl_completion_display_matches_hook = NULL;
    rl_directory_completion_hook = directory_rewrite;
    line_print("files", readline("files> "));
    printf("quoting %d, append %d\n", rl_filename_quoting_function != NULL,
           rl_completion_append_character);
    rl_directory_completion_hook = NULL;
}

static int history_forbid(char *line, int at)
{
    return line[at + 1] == '#';
}

static void history_check(void)
{
    char line[] = "!! more", quiet[] = "!# is kept";
    char *expanded;
    char **tokens;
    HIST_ENTRY *entry;

    using_history();
    clear_history();
    add_history("first line");
    add_history("second line");
    printf("history %d %d, %s\n", history_base, history_length,
           history_get(2)->line);
    printf("expanded %d", history_expand(line, &expanded));
    printf(" %s\n", expanded);
    tokens = history_tokenize(expanded);
    for (size_t i = 0; tokens[i] != NULL; i++) {
        printf("token %s\n", tokens[i]);
        free(tokens[i]);
    }
    free(tokens);
    free(expanded);
    history_inhibit_expansion_function = history_forbid;
    printf("quiet %d", history_expand(quiet, &expanded));
    printf(" %s\n", expanded);
    free(expanded);
    history_inhibit_expansion_function = NULL;
    entry = remove_history(0);
    free(entry->line);
    free(entry->timestamp);
    free(entry);
    history_comment_char = '+';
    history_write_timestamps = 1;
    stifle_history(7);
    printf("left %d, at most %d %d\n", history_length, history_max_entries,
           max_input_history);
    line_print("history", readline("history> "));
}

static char *tilde_own(char *text)
{
    return strcmp(text, "nobody-at-all") == 0 ? strdup("/own") : NULL;
}

static void environment_check(void)
{
    char *text;

    setenv("HOME", "/tmp/home", 1);
    text = tilde_expand("~/file");
    printf("home %s\n", text);
    free(text);
    tilde_expansion_failure_hook = tilde_own;
    text = tilde_expand("~nobody-at-all/file");
    printf("hook %s\n", text);
    free(text);
    unsetenv("LINES");
    rl_reset_screen_size();
    rl_set_screen_size(30, 90);
    rl_reset_terminal("vt100");
    printf("terminal %s, size %s %s\n", rl_terminal_name, getenv("LINES"),
           getenv("COLUMNS"));
}

static volatile sig_atomic_t interrupts, windows;
static sigjmp_buf out_of_it;

static void interrupt_count(int number)
{
    interrupts += number == SIGINT;
    windows += number == SIGWINCH;
}

static void interrupt_leave(int number)
{
    siglongjmp(out_of_it, number);
}

static void signals_check(void)
{
    struct sigaction action = {.sa_handler = interrupt_count}, found;

    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGWINCH, &action, NULL);
    line_print("signals", readline("signals> "));
    printf("interrupts %d, windows %d\n", (int)interrupts, windows > 0);
    action.sa_handler = interrupt_leave;
    sigaction(SIGINT, &action, NULL);
    if (sigsetjmp(out_of_it, 1) == 0) {
        line_print("never", readline("leave> "));
    } else {
        printf("\nleft, catches %d\n", rl_catch_signals);
        rl_callback_sigcleanup();
    }
    sigaction(SIGINT, NULL, &found);
    printf("handler kept %d\n", found.sa_handler == interrupt_leave);
    action.sa_handler = SIG_DFL;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGWINCH, &action, NULL);
}

static bool is_over;

static void line_take(char *line)
{
    is_over = line == NULL || strcmp(line, "over") == 0;
    line_print("taken", line);
    if (is_over) {
        rl_callback_handler_remove();
    }
}

static void callbacks_check(void)
{
    rl_callback_handler_install("callback> ", line_take);
    while (!is_over) {
        fd_set set;

        FD_ZERO(&set);
        FD_SET(STDIN_FILENO, &set);
        if (select(STDIN_FILENO + 1, &set, NULL, NULL, NULL) > 0) {
            rl_callback_read_char();
        }
    }
}

static void stars_show(void)
{
    fprintf(rl_outstream, "\r%s%.*s", rl_display_prompt, rl_end, "********");
    fflush(rl_outstream);
}

static int event_end(void)
{
    rl_done = 1;
    return 0;
}

static void displays_check(void)
{
    struct readline_state state;

    rl_redisplay_function = stars_show;
    line_print("secret", readline("secret> "));
    rl_redisplay_function = rl_redisplay;
    rl_save_state(&state);
    printf("state %d\n", state.point == rl_point);
    rl_restore_state(&state);
    rl_event_hook = event_end;
    line_print("event", readline("event> "));
    rl_event_hook = NULL;
}

/* Streams of the program's, and none at a terminal. */
static void streams_check(void)
{
    FILE *in = fopen("lines", "w+");
    FILE *out = fopen("echo", "w+");
    char text[64];

    fputs("from a file\nand more\n", in);
    rewind(in);
    rl_instream = in;
    rl_outstream = out;
    line_print("file", readline("quiet> "));
    fprintf(rl_outstream, "!%d", rl_instream == in && rl_outstream == out);
    line_print("file", readline("quiet> "));
    line_print("file", readline("quiet> "));
    rl_instream = stdin;
    rl_outstream = stdout;
    rewind(out);
    while (fgets(text, sizeof(text), out) != NULL) {
        printf("echo %s", text);
    }
    printf("\n");
    fclose(in);
    fclose(out);
    line_print("back", readline("back> "));
}

int main(void)
{
    start_check();
    rl_initialize();
    printf("functions %s, %d\n", funmap[0]->name, funmap[0]->function != NULL);
    printf("not yet a line, ");
    hooks_check();
    commands_check();
    completion_check();
    history_check();
    environment_check();
    signals_check();
    callbacks_check();
    displays_check();
    streams_check();
    line_print("last", readline("last> "));
    return 0;
}
