/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "harness.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

struct qemu_plugin_insn {
    uint64_t guest;
    uintptr_t host;
    size_t size;
    const void *bytes;
    qemu_insn_exec *executed;
};

struct qemu_plugin_tb {
    struct qemu_plugin_insn insns[2];
};

qemu_callback *syscall_callback, *filter_callback, *result_callback,
    *translate_callback, *exit_callback, *vcpu_exit_callback;
unsigned harness_vcpu;

/* What the plugin looks for in the main program's constants. */
extern const char harness_version[];
const char harness_version[] = "qemu-harness version " HARNESS_QEMU;

void qemu_plugin_register_vcpu_syscall_cb(qemu_plugin_id_t id,
                                          qemu_callback *callback,
                                          void *userdata)
{
    (void)userdata;
    assert_int_equal(id, PLUGIN_ID);
    syscall_callback = callback;
}

void qemu_plugin_register_vcpu_syscall_ret_cb(qemu_plugin_id_t id,
                                              qemu_callback *callback,
                                              void *userdata)
{
    (void)userdata;
    assert_int_equal(id, PLUGIN_ID);
    result_callback = callback;
}

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
                                           qemu_callback *callback,
                                           void *userdata)
{
    (void)userdata;
    assert_int_equal(id, PLUGIN_ID);
    translate_callback = callback;
}

void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id,
                                    qemu_callback *callback, void *userdata)
{
    (void)userdata;
    assert_int_equal(id, PLUGIN_ID);
    exit_callback = callback;
}

void qemu_plugin_register_vcpu_exit_cb(qemu_plugin_id_t id,
                                       qemu_callback *callback, void *userdata)
{
    (void)userdata;
    assert_int_equal(id, PLUGIN_ID);
    vcpu_exit_callback = callback;
}

void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
                                            qemu_insn_exec *callback, int flags,
                                            void *userdata)
{
    assert_int_equal(flags, QEMU_PLUGIN_CB_NO_REGS);
    assert_null(userdata);
    insn->executed = callback;
}

struct qemu_plugin_insn *
qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t index)
{
    assert_in_range(index, 0, COUNT(tb->insns) - 1);
    return (struct qemu_plugin_insn *)(uintptr_t)&tb->insns[index];
}

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb)
{
    return COUNT(tb->insns);
}

uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb)
{
    return tb->insns[0].guest;
}

size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn)
{
    return insn->size;
}

size_t qemu_plugin_insn_data(const struct qemu_plugin_insn *insn, void *to,
                             size_t size)
{
#if HARNESS_API >= QEMU_API_INSN_COPY
    memcpy(to, insn->bytes, size);
    return size;
#else
    (void)to, (void)size;
    return (uintptr_t)insn->bytes;
#endif
}

uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn)
{
    return insn->guest;
}

void *qemu_plugin_insn_haddr(const struct qemu_plugin_insn *insn)
{
    return (void *)insn->host;
}

#if HARNESS_API >= 2
void qemu_plugin_scoreboard_new(void);
void qemu_plugin_scoreboard_new(void)
{
}
#endif
#if HARNESS_API >= 4
void qemu_plugin_read_memory_vaddr(void);
void qemu_plugin_read_memory_vaddr(void)
{
}
#endif
#if HARNESS_API >= 5
void qemu_plugin_write_memory_vaddr(void);
void qemu_plugin_write_memory_vaddr(void)
{
}
#endif
#if HARNESS_API >= 6
void qemu_plugin_register_vcpu_syscall_filter_cb(qemu_plugin_id_t id,
                                                 qemu_callback *callback,
                                                 void *userdata)
{
    (void)userdata;
    assert_int_equal(id, PLUGIN_ID);
    filter_callback = callback;
}
#endif

/* Ours comes before libc's: a kernel without this call, on demand. */
int copy_error;

ssize_t process_vm_readv(pid_t pid, const struct iovec *local,
                         unsigned long local_count, const struct iovec *remote,
                         unsigned long remote_count, unsigned long flags)
{
    if (copy_error) {
        errno = copy_error;
        return -1;
    }
    return syscall(SYS_process_vm_readv, pid, local, local_count, remote,
                   remote_count, flags);
}

int64_t number_ask(int64_t number, uint64_t a1, uint64_t a2, uint64_t a3,
                   uint64_t a4)
{
    int64_t result = NOT_TAKEN;

#if HARNESS_API >= 7
    if (!((qemu_filter_v7 *)filter_callback)(harness_vcpu, number, a1, a2, a3,
                                             a4, 0, 0, 0, 0, &result, NULL)) {
        assert_int_equal(result, NOT_TAKEN);
    }
#elif HARNESS_API >= 6
    if (!((qemu_filter_v6 *)filter_callback)(PLUGIN_ID, harness_vcpu, number,
                                             a1, a2, a3, a4, 0, 0, 0, 0,
                                             (uint64_t *)&result)) {
        assert_int_equal(result, NOT_TAKEN);
    }
#else
    ((qemu_syscall_v1 *)syscall_callback)(PLUGIN_ID, harness_vcpu, number, a1,
                                          a2, a3, a4, 0, 0, 0, 0);
#endif
    return result;
}

void number_done(int64_t number, int64_t result)
{
    if (!result_callback) {
        return;
    }
#if HARNESS_API >= 7
    ((qemu_result_v7 *)result_callback)(harness_vcpu, number, result, NULL);
#else
    ((qemu_result_v1 *)result_callback)(PLUGIN_ID, harness_vcpu, number,
                                        result);
#endif
}

int64_t ask(uint64_t id, uint64_t a2, uint64_t a3, uint64_t a4)
{
    return number_ask(THUNK_SYSCALL, id, a2, a3, a4);
}

void expect(int64_t got, int64_t want)
{
    assert_int_equal(got, HARNESS_API >= 6 ? want : NOT_TAKEN);
}

static void translated(struct qemu_plugin_tb *tb)
{
#if HARNESS_API >= 7
    ((qemu_translate_v7 *)translate_callback)(tb, NULL);
#else
    ((qemu_translate_v1 *)translate_callback)(PLUGIN_ID, tb);
#endif
}

void block_translate(uint64_t guest, uintptr_t host)
{
    static const char nops[] = "\x90\x90";
    struct qemu_plugin_tb tb = {
        {{.guest = guest, .host = host, .size = 1, .bytes = nops},
         {.guest = guest + 1, .host = host + 1, .size = 1, .bytes = nops + 1}}};

    translated(&tb);
    assert_null(tb.insns[0].executed);
    assert_null(tb.insns[1].executed);
}

qemu_insn_exec *insn_translate(uint64_t guest, const void *bytes, size_t size)
{
    struct qemu_plugin_tb tb = {
        {{.guest = guest, .host = guest, .size = 1, .bytes = "\x90"},
         {.guest = guest + 1,
          .host = guest + 1,
          .size = size,
          .bytes = bytes}}};

    if (translate_callback) {
        translated(&tb);
    }
    assert_null(tb.insns[0].executed);
    return tb.insns[1].executed;
}

void vcpu_end(unsigned vcpu)
{
#if HARNESS_API >= 7
    ((qemu_vcpu_v7 *)vcpu_exit_callback)(vcpu, NULL);
#else
    ((qemu_vcpu_v1 *)vcpu_exit_callback)(PLUGIN_ID, vcpu);
#endif
}

void result_see(int64_t number)
{
    if (result_callback) {
#if HARNESS_API >= 7
        ((qemu_result_v7 *)result_callback)(harness_vcpu, number, 0, NULL);
#else
        ((qemu_result_v1 *)result_callback)(PLUGIN_ID, harness_vcpu, number, 0);
#endif
    }
}

void plugin_exit(void)
{
    ((void (*)(qemu_plugin_id_t, void *))exit_callback)(PLUGIN_ID, NULL);
}

void *plugin;
int messages;
static int saved_stderr;

int plugin_open(void **state)
{
    (void)state;
    syscall_callback = filter_callback = result_callback = NULL;
    translate_callback = exit_callback = vcpu_exit_callback = NULL;
    result_callback = NULL;
    harness_vcpu = 0;
    copy_error = 0;
    plugin = dlopen(DLCALL_PATH, RTLD_NOW | RTLD_LOCAL);
    if (!plugin) {
        fprintf(stderr, "%s\n", dlerror());
        return -1;
    }
    fflush(stderr);
    saved_stderr = dup(STDERR_FILENO);
    messages = memfd_create("messages", 0);
    dup2(messages, STDERR_FILENO);
    return 0;
}

int plugin_close(void **state)
{
    (void)state;
    dup2(saved_stderr, STDERR_FILENO);
    close(saved_stderr);
    close(messages);
    return dlclose(plugin);
}

const char *harness_target = "x86_64";

int install(bool system, int argc, char **argv)
{
    const struct qemu_info_t info = {
        .target_name = harness_target,
        .version = {HARNESS_MIN, HARNESS_API},
        .system_emulation = system,
    };
    __typeof__(qemu_plugin_install) *function =
        (__typeof__(function))(uintptr_t)dlsym(plugin, "qemu_plugin_install");

    return function(PLUGIN_ID, &info, argc, argv);
}

int plugin_start(void **state)
{
    if (plugin_open(state) != 0 || install(false, 0, NULL) != 0) {
        return -1;
    }
    block_translate(0x1000, 0x1000);
    return 0;
}

int plugin_start_without_copy(void **state)
{
    int failed = plugin_start(state);

    copy_error = ENOSYS;
    return failed;
}

int messages_count(const char *text)
{
    char all[4096] = "";
    int count = 0;

    pread(messages, all, sizeof all - 1, 0);
    for (const char *at = all; (at = strstr(at, text)); at++) {
        count++;
    }
    return count;
}
