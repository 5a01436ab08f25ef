/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What dlcall.c uses of QEMU's plugin API, declared by hand: distributions
 * ship no qemu-plugin.h, and one binary has to serve API 1 (QEMU 7.2) to 7
 * (QEMU 11.1 and later).
 *
 *   API  QEMU        what changes for this plugin
 *   1    4.2 - 8.2   all that is declared here, less the syscall filter
 *   2    9.0         nothing; scoreboards appear
 *   3    9.0         qemu_plugin_insn_data copies instead of pointing
 *   4    10.0        nothing; qemu_plugin_read_memory_vaddr appears
 *   5    10.1, 10.2  nothing; qemu_plugin_write_memory_vaddr appears
 *   6    11.0        the syscall filter appears
 *   7    11.1        callbacks lose the plugin's id and gain, last, a user
 *                    pointer, which their registration takes last as well
 */
#ifndef DLCALL_QEMU_API_H
#define DLCALL_QEMU_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The first API whose callbacks have the user pointer. */
#define QEMU_API_USERDATA 7

/* The first API in which qemu_plugin_insn_data copies. */
#define QEMU_API_INSN_COPY 3

#define QEMU_EXPORT __attribute__((visibility("default")))

typedef uint64_t qemu_plugin_id_t;

struct qemu_plugin_tb;
struct qemu_plugin_insn;

/* QEMU tells at installation what it emulates and which APIs it accepts. */
struct qemu_info_t {
    const char *target_name;
    struct {
        int min;
        int cur;
    } version;
    bool system_emulation;
    union {
        struct {
            int smp_vcpus;
            int max_vcpus;
        } system;
    };
};

/* A system call: the vCPU, the number and the eight arguments. */
#define QEMU_SYSCALL                                                           \
    unsigned vcpu, int64_t num, uint64_t a1, uint64_t a2, uint64_t a3,         \
        uint64_t a4, uint64_t a5, uint64_t a6, uint64_t a7, uint64_t a8

/* Callbacks, by API. A filter that returns true has consumed the system call;
 * *result is then what the guest gets. */
typedef void qemu_syscall_v1(qemu_plugin_id_t id, QEMU_SYSCALL);
typedef bool qemu_filter_v6(qemu_plugin_id_t id, QEMU_SYSCALL,
                            uint64_t *result);
typedef bool qemu_filter_v7(QEMU_SYSCALL, int64_t *result, void *userdata);
typedef void qemu_result_v1(qemu_plugin_id_t id, unsigned vcpu, int64_t num,
                            int64_t result);
typedef void qemu_result_v7(unsigned vcpu, int64_t num, int64_t result,
                            void *userdata);
typedef void qemu_translate_v1(qemu_plugin_id_t id, struct qemu_plugin_tb *tb);
typedef void qemu_translate_v7(struct qemu_plugin_tb *tb, void *userdata);
typedef void qemu_vcpu_v1(qemu_plugin_id_t id, unsigned vcpu);
typedef void qemu_vcpu_v7(unsigned vcpu, void *userdata);

/* The same in every API. */
typedef void qemu_insn_exec(unsigned vcpu, void *userdata);

/* Any of them. QEMU casts it back to what its API says. */
typedef void qemu_callback(void);

/* What a plugin exports: QEMU reads the version after dlopen, so after the
 * plugin's constructors, and then calls the function. */
QEMU_EXPORT extern int qemu_plugin_version;
QEMU_EXPORT int qemu_plugin_install(qemu_plugin_id_t id,
                                    const struct qemu_info_t *info, int argc,
                                    char **argv);

/* Registration. The parameter userdata is of API 7; an older QEMU takes two
 * arguments, and a third does no harm in any calling convention that Linux
 * has. The callback NULL unregisters. */
void qemu_plugin_register_vcpu_syscall_cb(qemu_plugin_id_t id,
                                          qemu_callback *callback,
                                          void *userdata);
void qemu_plugin_register_vcpu_syscall_ret_cb(qemu_plugin_id_t id,
                                              qemu_callback *callback,
                                              void *userdata);
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
                                           qemu_callback *callback,
                                           void *userdata);
__attribute__((weak)) void qemu_plugin_register_vcpu_syscall_filter_cb(
    qemu_plugin_id_t id, qemu_callback *callback, void *userdata); /* API 6 */

void qemu_plugin_register_vcpu_exit_cb(qemu_plugin_id_t id,
                                       qemu_callback *callback, void *userdata);

/* Always took a user pointer. The callback gets (id, userdata), or userdata
 * alone; dlcall's looks at neither. */
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id,
                                    qemu_callback *callback, void *userdata);

/* In the translation callback: an instruction of the block, where the guest
 * has it and where the host has it (NULL when QEMU cannot tell). */
struct qemu_plugin_insn *
qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t index);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
void *qemu_plugin_insn_haddr(const struct qemu_plugin_insn *insn);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);

/* Copies the instruction's bytes; before API 3 it takes the instruction alone
 * and its result is a pointer to them. */
size_t qemu_plugin_insn_data(const struct qemu_plugin_insn *insn, void *to,
                             size_t size);

/* Has a function called whenever the instruction is executed, from translated
 * code; flags say what it does with the guest's registers: nothing. */
enum { QEMU_PLUGIN_CB_NO_REGS = 0 };
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
                                            qemu_insn_exec *callback, int flags,
                                            void *userdata);

#endif
