/* SPDX-License-Identifier: MIT
 *
 * QEMU's part, played for the plugin. HARNESS_API is the plugin API that it
 * offers, HARNESS_MIN the oldest that it accepts, HARNESS_QEMU the version it
 * claims; the functions exported and the callbacks called are that API's. */
#ifndef PLUGIN_HARNESS_H
#define PLUGIN_HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "qemu_api.h"
#include "thunk/protocol.h"

#define COUNT(array)     (sizeof(array) / sizeof(array)[0])
#define ADDRESS(pointer) ((uint64_t)(uintptr_t)(pointer))

enum {
    PLUGIN_ID = 7,
    NOT_TAKEN = -1000, /* what a guest sees where no filter took its call */
};

/* What the plugin has registered; NULL if nothing. */
extern qemu_callback *syscall_callback, *filter_callback, *result_callback,
    *translate_callback, *exit_callback, *vcpu_exit_callback;

/* The error of the plugin's process_vm_readv; 0: it does its work. */
extern int copy_error;

/* The vCPU that asks, and the guest's ISA as QEMU calls it. */
extern unsigned harness_vcpu;
extern const char *harness_target;

/* The plugin as dlopen gave it, and what it has written to stderr. */
extern void *plugin;
extern int messages;

/* Setups and the teardown of a test: the plugin loaded; also installed, with
 * guest_base 0; also in a kernel that has no process_vm_readv. */
int plugin_open(void **state);
int plugin_start(void **state);
int plugin_start_without_copy(void **state);
int plugin_close(void **state);

/* qemu_plugin_install's result. */
int install(bool system, int argc, char **argv);

/* The guest makes a system call, or a request by the default number. */
int64_t number_ask(int64_t number, uint64_t a1, uint64_t a2, uint64_t a3,
                   uint64_t a4);
/* QEMU has done a system call, if the plugin wants to be told. */
void number_done(int64_t number, int64_t result);
int64_t ask(uint64_t id, uint64_t a2, uint64_t a3, uint64_t a4);

/* Checks a request's result; an observer's goes nowhere. */
void expect(int64_t got, int64_t want);

/* QEMU translates a block. */
void block_translate(uint64_t guest, uintptr_t host);

/* QEMU translates a block with that instruction in it; what the plugin wants to
 * be called when it is executed, or NULL. */
qemu_insn_exec *insn_translate(uint64_t guest, const void *bytes, size_t size);

/* The thread of a vCPU ends. */
void vcpu_end(unsigned vcpu);

/* A system call of the guest's has returned. */
void result_see(int64_t number);

/* QEMU ends. */
void plugin_exit(void);

/* How often the text stands in the messages. */
int messages_count(const char *text);

#endif
