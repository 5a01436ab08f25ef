/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * dlcall: a QEMU user-mode plugin through which guest code loads and calls
 * libraries of the host.
 *
 * A request is a system call that Linux does not have: number 4096, or the
 * option syscall_num=N. Its first argument is the request's id:
 *
 *   id                      a2        a3           a4          wraps
 *   0 GET_HOST_ATTRIBUTE    key       value out
 *   1 LOAD_LIBRARY          path      flags        handle out  dlopen
 *   2 GET_PROC_ADDRESS      handle    name         address out dlsym
 *   3 FREE_LIBRARY          handle    int out                  dlclose
 *   4 GET_LIBRARY_ERROR     text out                           dlerror
 *   5 INVOKE_PROC           proc      arg1         arg2        proc(arg1, arg2)
 *   0x7400 OPEN_DOOR        start     end          1 out
 *   0x7401 SET_MAILBOX      mailbox   1 out
 *   0x7402 SET_SEGV         segv      1 out
 *   0x7403 BLOCK_SEGV       how       0 or 1 out
 *   0x7404 GET_OWNER        address   owner out
 *   0x7405 GET_THUNK        soname    path out
 *   0x7406 USE_OWN          0 or 1    1 out
 *
 * Keys and the rules for clients are in runtime/include/thunk/protocol.h; the
 * wire format is that of the plugin of this name in QEMU 11.1. A QEMU with a
 * syscall filter (API 6) gives the guest 0, -EINVAL for an unknown id, -EFAULT
 * for a bad pointer and -ENOSYS when guest addresses are not host addresses;
 * in an older one the work is done while QEMU announces the system call, and
 * the guest sees QEMU's own -ENOSYS.
 *
 * A guest may be wrong but is trusted: it runs host code as it likes. So a bad
 * pointer, handle, proc or id is refused and never ends QEMU, and nothing here
 * tries to keep a guest in.
 */
#define _GNU_SOURCE
#include "qemu_api.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "copy.h"
#include "door.h"
#include "error.h"
#include "exec.h"
#include "linker.h"
#include "memory.h"
#include "procs.h"
#include "segv.h"
#include "signals.h"
#include "thunk/protocol.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum {
    SYSCALL_MIN = 4096,  /* Linux promises none from here up */
    NAME_SIZE = 65536,   /* longest symbol name, with its NUL */
    HANDLE_COUNT = 1024, /* libraries open at a time */
};

/* The guest's dlopen flags are passed on as they are. */
_Static_assert(RTLD_LAZY == 1 && RTLD_NOW == 2 && RTLD_NOLOAD == 4 &&
                   RTLD_DEEPBIND == 8 && RTLD_GLOBAL == 0x100 &&
                   RTLD_NODELETE == 0x1000,
               "this host numbers dlopen's flags unlike its guests");

int qemu_plugin_version;

static qemu_plugin_id_t plugin_id;
static int64_t syscall_number = THUNK_SYSCALL;

/* ---- the API's version ---- */

/* 100 X + Y of the "qemu-TARGET version X.Y.Z" in QEMU's own file; 0 if it has
 * none. */
static int qemu_version(void)
{
    static const char mark[] = "qemu-";
    int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC), version = 0;
    struct stat status;

    if (file >= 0 && fstat(file, &status) == 0) {
        const size_t size = (size_t)status.st_size;
        char *start = mmap(NULL, size, PROT_READ, MAP_PRIVATE, file, 0);

        if (start != MAP_FAILED) {
            const char *at = start;
            int major, minor;

            while (version == 0 && (at = memmem(at, size - (size_t)(at - start),
                                                mark, strlen(mark)))) {
                if (sscanf(at, "qemu-%*31[a-z0-9_] version %d.%d", &major,
                           &minor) == 2) {
                    version = 100 * major + minor;
                }
                at += strlen(mark);
            }
            munmap(start, size);
        }
    }
    close(file);
    return version;
}

/* QEMU refuses a plugin whose API is out of its range, and reads the variable
 * only after dlopen; so it is set by what this QEMU exports. 6 and 7 export
 * the same functions: there QEMU's own version decides. */
__attribute__((constructor)) static void version_choose(void)
{
    static const struct {
        const char *symbol;
        int version;
    } marks[] = {
        {"qemu_plugin_register_vcpu_syscall_filter_cb", 6},
        {"qemu_plugin_write_memory_vaddr", 5},
        {"qemu_plugin_read_memory_vaddr", 4},
        {"qemu_plugin_scoreboard_new", 2},
    };

    qemu_plugin_version = 1;
    for (size_t i = 0; i < COUNT(marks); i++) {
        if (dlsym(RTLD_DEFAULT, marks[i].symbol)) {
            qemu_plugin_version = marks[i].version;
            break;
        }
    }
    if (qemu_plugin_version == 6 && qemu_version() >= 1101) {
        qemu_plugin_version = 7;
    }
}

static bool is_installed;

/* QEMU closes a plugin whose API it has no more, or not yet, without a call. It
 * tells both numbers, and this what to do about it. */
__attribute__((destructor)) static void refusal_tell(void)
{
    if (!is_installed) {
        fprintf(stderr,
                "plugin dlcall: this QEMU refuses plugins of API %d, the best "
                "that is known here for it; name another by thunk-run --qemu, "
                "or build one by thunk-qemu\n",
                qemu_plugin_version);
    }
}

/* ---- guest memory ---- */

/* How far the guest's addresses lie from the host's. QEMU's plugin API does
 * not tell; the first block that it translates does. */
static uintptr_t guest_base;

static bool guest_base_is_known;

static void base_find(const struct qemu_plugin_tb *tb)
{
    const struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, 0);
    const void *host = qemu_plugin_insn_haddr(insn);

    if (host) {
        guest_base = (uintptr_t)host - qemu_plugin_insn_vaddr(insn);
        guest_base_is_known = true;
    }
}

static bool base_check(void)
{
    static atomic_flag told = ATOMIC_FLAG_INIT;

    if (guest_base == 0) {
        return true;
    }
    if (!atomic_flag_test_and_set(&told)) {
        fprintf(stderr,
                "plugin dlcall: host libraries are off: the guest's memory is "
                "shifted by 0x%jx; run QEMU without -B and -R (and without "
                "QEMU_GUEST_BASE and QEMU_RESERVED_VA)\n",
                (uintmax_t)guest_base);
    }
    return false;
}

static bool slot_write(uint64_t slot, const void *value, size_t size)
{
    return copy_memory((void *)(uintptr_t)slot, value, size);
}

/* ---- libraries ---- */

/* The handles that LOAD_LIBRARY gave out, each with how often: dlsym and
 * dlclose follow any pointer. */
static pthread_mutex_t handles_lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
    void *handle;
    unsigned count;
} handles[HANDLE_COUNT];

/* Adds change to the handle's count; an unknown handle has 0. False if that
 * cannot be. */
static bool handle_count(void *handle, int change)
{
    size_t found = HANDLE_COUNT;
    bool valid;

    pthread_mutex_lock(&handles_lock);
    for (size_t i = 0; i < HANDLE_COUNT; i++) {
        if (handles[i].count > 0 && handles[i].handle == handle) {
            found = i;
            break;
        }
        if (handles[i].count == 0 && change > 0) {
            found = i;
        }
    }
    valid = found < HANDLE_COUNT;
    if (valid) {
        handles[found].handle = handle;
        handles[found].count += (unsigned)change;
    }
    pthread_mutex_unlock(&handles_lock);
    return valid;
}

static bool handle_check(void *handle, int change)
{
    if (handle_count(handle, change)) {
        return true;
    }
    error_set("%p is not the handle of a loaded library", handle);
    return false;
}

static int64_t library_load(uint64_t path, int flags, uint64_t slot)
{
    char text[PATH_MAX];
    void *handle = NULL;

    if (!slot_write(slot, &handle, sizeof handle)) {
        return -EFAULT;
    }
    if (!copy_string(text, sizeof text, path)) {
        error_set("the path of a library is no readable string of at most %d "
                  "characters",
                  PATH_MAX - 1);
        return -EFAULT;
    }
    memory_start(path);
    handle = dlopen(text, flags);
    error_take();
    signals_start(handle);
    memory_tell(handle);
    if (handle && !handle_count(handle, 1)) {
        dlclose(handle);
        handle = NULL;
        error_set("%s: more than %d libraries are open", text, HANDLE_COUNT);
    }
    return slot_write(slot, &handle, sizeof handle) ? 0 : -EFAULT;
}

static int64_t library_find(void *handle, uint64_t name, uint64_t slot)
{
    char text[NAME_SIZE];
    void *address = NULL;

    if (!slot_write(slot, &address, sizeof address)) {
        return -EFAULT;
    }
    if (!copy_string(text, sizeof text, name)) {
        error_set("the name of a symbol is no readable string of at most %d "
                  "characters",
                  NAME_SIZE - 1);
        return -EFAULT;
    }
    if (handle_check(handle, 0)) {
        address = dlsym(handle, text);
        error_take();
    }
    return slot_write(slot, &address, sizeof address) ? 0 : -EFAULT;
}

static int64_t library_free(void *handle, uint64_t slot)
{
    int answer = -1;

    if (!slot_write(slot, &answer, sizeof answer)) {
        return -EFAULT;
    }
    if (handle_check(handle, -1)) {
        answer = dlclose(handle);
        error_take();
        procs_forget();
        signals_forget();
        door_forget();
    }
    return slot_write(slot, &answer, sizeof answer) ? 0 : -EFAULT;
}

static int64_t library_error_get(uint64_t slot)
{
    const char *text = error_get();

    if (!slot_write(slot, &text, sizeof text)) {
        return -EFAULT;
    }
    error_clear();
    return 0;
}

/* ---- procs ---- */

/* The protocol has any host code be called. */
static int64_t proc_invoke(uintptr_t proc, uint64_t arg1, uint64_t arg2)
{
    if (!procs_is_code(proc)) {
        error_set("0x%jx is not the address of host code", (uintmax_t)proc);
        return -EFAULT;
    }
    procs_call(proc, arg1, arg2);
    return 0;
}

/* ---- attributes ---- */

static struct utsname host;
static const char *mode = "observe";
static char api[12];

static int64_t attribute_get(uint64_t key, uint64_t slot)
{
    const struct {
        const char *key, *value;
    } attributes[] = {
        {THUNK_ATTRIBUTE_EMULATOR, "qemu"},
        {THUNK_ATTRIBUTE_VERSION, "1"},
        {THUNK_ATTRIBUTE_DOORS, "syscall instruction"},
        {THUNK_ATTRIBUTE_MODE, mode},
        {THUNK_ATTRIBUTE_ARCH, host.machine},
        {THUNK_ATTRIBUTE_API, api},
    };
    char text[PATH_MAX];
    const char *value = NULL;
    bool readable = copy_string(text, sizeof text, key);

    for (size_t i = 0; readable && i < COUNT(attributes); i++) {
        if (strcmp(attributes[i].key, text) == 0) {
            value = attributes[i].value;
        }
    }
    return slot_write(slot, &value, sizeof value) && readable ? 0 : -EFAULT;
}

/* ---- the instruction door ---- */

/* Blocks are looked at only while there is something to find in them: the first
 * for guest_base, and all once a thunk library has opened the door. */
static qemu_callback *block_translate;

static void block_see(const struct qemu_plugin_tb *tb)
{
    if (!guest_base_is_known) {
        base_find(tb);
        if (guest_base_is_known && !door_is_open()) {
            qemu_plugin_register_vcpu_tb_trans_cb(plugin_id, NULL, NULL);
        }
    }
    if (door_is_open()) {
        door_scan(tb);
    }
}

static int64_t door_request(uint64_t start, uint64_t end, uint64_t slot,
                            bool (*door_change)(uint64_t start, uint64_t end))
{
    const bool was_open = door_is_open();
    uint64_t answer = 0;

    if (!slot_write(slot, &answer, sizeof answer)) {
        return -EFAULT;
    }
    answer = door_change(start, end);
    if (was_open != door_is_open() && guest_base_is_known) {
        qemu_plugin_register_vcpu_tb_trans_cb(
            plugin_id, door_is_open() ? block_translate : NULL, NULL);
    }
    return slot_write(slot, &answer, sizeof answer) ? 0 : -EFAULT;
}

static int64_t mailbox_request(unsigned vcpu, uint64_t mailbox, uint64_t slot)
{
    struct thunk_mailbox copy;
    uint64_t answer = 0;

    if (mailbox % sizeof(void *) != 0 ||
        !copy_memory(&copy, (void *)(uintptr_t)mailbox, sizeof copy) ||
        !slot_write(mailbox, &copy, sizeof copy) ||
        !slot_write(slot, &answer, sizeof answer)) {
        return -EFAULT;
    }
    answer = door_mailbox_set(vcpu, (struct thunk_mailbox *)(uintptr_t)mailbox);
    return slot_write(slot, &answer, sizeof answer) ? 0 : -EFAULT;
}

/* ---- SIGSEGV ---- */

static int64_t segv_request(uint64_t segv, uint64_t slot)
{
    uint64_t answer = 0;

    if (!slot_write(slot, &answer, sizeof answer)) {
        return -EFAULT;
    }
    answer = segv_set(segv);
    return slot_write(slot, &answer, sizeof answer) ? 0 : -EFAULT;
}

static int64_t segv_block_request(uint64_t how, uint64_t slot)
{
    const uint64_t answer = segv_block(how);

    return slot_write(slot, &answer, sizeof answer) ? 0 : -EFAULT;
}

/* ---- memory ---- */

static int64_t owner_request(uint64_t address, uint64_t slot)
{
    const uint64_t answer = memory_owner(address);

    return slot_write(slot, &answer, sizeof answer) ? 0 : -EFAULT;
}

/* ---- thunks ---- */

static int64_t thunk_request(uint64_t soname, uint64_t slot)
{
    char text[PATH_MAX];
    const char *file = NULL;

    if (!slot_write(slot, &file, sizeof file) ||
        !copy_string(text, sizeof text, soname)) {
        return -EFAULT;
    }
    file = linker_thunk(text);
    return slot_write(slot, &file, sizeof file) ? 0 : -EFAULT;
}

static int64_t own_request(uint64_t is_own, uint64_t slot)
{
    const uint64_t answer = 1;

    linker_own(is_own != 0);
    return slot_write(slot, &answer, sizeof answer) ? 0 : -EFAULT;
}

/* ---- requests ---- */

static int64_t request_handle(unsigned vcpu, uint64_t id, uint64_t a2,
                              uint64_t a3, uint64_t a4)
{
    signals_vcpu();
    if (!base_check()) {
        return -ENOSYS;
    }
    switch (id) {
    case THUNK_INVOKE_PROC:
        return proc_invoke((uintptr_t)a2, a3, a4);
    case THUNK_GET_HOST_ATTRIBUTE:
        return attribute_get(a2, a3);
    case THUNK_LOAD_LIBRARY:
        return library_load(a2, (int)a3, a4);
    case THUNK_GET_PROC_ADDRESS:
        return library_find((void *)(uintptr_t)a2, a3, a4);
    case THUNK_FREE_LIBRARY:
        return library_free((void *)(uintptr_t)a2, a3);
    case THUNK_GET_LIBRARY_ERROR:
        return library_error_get(a2);
    case THUNK_OPEN_DOOR:
        return door_request(a2, a3, a4, door_open);
    case THUNK_WATCH_DOOR:
        return door_request(a2, a3, a4, door_watch);
    case THUNK_SET_MAILBOX:
        return mailbox_request(vcpu, a2, a3);
    case THUNK_SET_SEGV:
        return segv_request(a2, a3);
    case THUNK_BLOCK_SEGV:
        return segv_block_request(a2, a3);
    case THUNK_GET_OWNER:
        return owner_request(a2, a3);
    case THUNK_GET_THUNK:
        return thunk_request(a2, a3);
    case THUNK_USE_OWN:
        return own_request(a2, a3);
    default:
        return -EINVAL;
    }
}

/* What QEMU calls. Each is an adapter from one API to the functions above. */

#define QEMU_ARGUMENTS ((const uint64_t[]){a1, a2, a3, a4, a5, a6})

/* A system call that is not for us. */
static void syscall_see(int64_t number,
                        const uint64_t arguments[MEMORY_ARGUMENTS])
{
    signals_vcpu();
    door_see(number, arguments);
    memory_see(number, arguments);
    segv_see(number, arguments);
    signals_see(number, arguments, guest_base);
    if (linker_is_active() && base_check()) {
        linker_see(number, arguments, guest_base);
    }
    exec_see(number, arguments, guest_base);
}

static void syscall_result_look(int64_t number, int64_t result)
{
    segv_see_result(number, result);
    signals_see_result(number, result);
    linker_see_result(number, result);
}

static void syscall_announce_v1(qemu_plugin_id_t id, QEMU_SYSCALL)
{
    (void)id, (void)a7, (void)a8;
    if (num == syscall_number) {
        request_handle(vcpu, a1, a2, a3, a4);
    } else {
        syscall_see(num, QEMU_ARGUMENTS);
    }
}

static bool syscall_filter_v7(QEMU_SYSCALL, int64_t *result, void *userdata)
{
    (void)a7, (void)a8, (void)userdata;
    if (num != syscall_number) {
        syscall_see(num, QEMU_ARGUMENTS);
        return false;
    }
    *result = request_handle(vcpu, a1, a2, a3, a4);
    return true;
}

static bool syscall_filter_v6(qemu_plugin_id_t id, QEMU_SYSCALL,
                              uint64_t *result)
{
    (void)id;
    return syscall_filter_v7(vcpu, num, a1, a2, a3, a4, a5, a6, a7, a8,
                             (int64_t *)result, NULL);
}

static void syscall_result_v1(qemu_plugin_id_t id, unsigned vcpu, int64_t num,
                              int64_t result)
{
    (void)id, (void)vcpu;
    syscall_result_look(num, result);
}

static void syscall_result_v7(unsigned vcpu, int64_t num, int64_t result,
                              void *userdata)
{
    (void)vcpu, (void)userdata;
    syscall_result_look(num, result);
}

static void block_translate_v1(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
    (void)id;
    block_see(tb);
}

static void block_translate_v7(struct qemu_plugin_tb *tb, void *userdata)
{
    (void)userdata;
    block_see(tb);
}

/* A vCPU's number goes to another thread when its own has ended. */
static void vcpu_end_v1(qemu_plugin_id_t id, unsigned vcpu)
{
    (void)id;
    door_mailbox_set(vcpu, NULL);
}

static void vcpu_end_v7(unsigned vcpu, void *userdata)
{
    (void)userdata;
    door_mailbox_set(vcpu, NULL);
}

/* ---- the end of the process ---- */

/* glibc's walk over its open FILEs: exported, but in no header. */
__attribute__((weak)) void _IO_list_lock(void);
__attribute__((weak)) void _IO_list_unlock(void);
__attribute__((weak)) void *_IO_iter_begin(void);
__attribute__((weak)) void *_IO_iter_end(void);
__attribute__((weak)) void *_IO_iter_next(void *iterator);
__attribute__((weak)) FILE *_IO_iter_file(void *iterator);

/* QEMU leaves by exit_group, so what host libraries hold in FILEs would be
 * lost. fflush(NULL) would wait for every FILE's lock, and for ever for one
 * in whose fgets another thread waits; exit does not wait for locks either. */
static void files_flush(void)
{
    if (!atomic_load_explicit(&procs_have_run, memory_order_relaxed)) {
        return;
    }
    if (!_IO_iter_begin) {
        fflush(NULL);
        return;
    }
    _IO_list_lock();
    for (void *at = _IO_iter_begin(); at != _IO_iter_end();
         at = _IO_iter_next(at)) {
        FILE *file = _IO_iter_file(at);

        if (ftrylockfile(file) == 0) {
            if (__fpending(file) > 0) {
                fflush_unlocked(file);
            }
            funlockfile(file);
        }
    }
    _IO_list_unlock();
}

/* Libraries get no destructor called at the end either: one that was loaded
 * and wants to know exports the symbol. */
static void libraries_tell(const char *symbol)
{
    if (pthread_mutex_trylock(&handles_lock) != 0) {
        return; /* another thread is loading: no time to wait for it */
    }
    for (size_t i = 0; i < HANDLE_COUNT; i++) {
        if (handles[i].count > 0) {
            void *tell = dlsym(handles[i].handle, symbol);

            if (tell) {
                ((void (*)(void))(uintptr_t)tell)();
            }
        }
    }
    pthread_mutex_unlock(&handles_lock);
}

static void process_end(void)
{
    libraries_tell(THUNK_EXIT_SYMBOL);
    files_flush();
}

/* What FILEs hold is lost at execve(), as natively. */
static void process_leave(void)
{
    libraries_tell(THUNK_EXEC_SYMBOL);
}

/* A forked child has copies of its parent's FILEs. Until host code runs in it
 * as well it flushes none, so that _exit in it writes nothing twice. */
static void fork_prepare(void)
{
    pthread_mutex_lock(&handles_lock);
}

static void fork_parent(void)
{
    pthread_mutex_unlock(&handles_lock);
}

static void fork_child(void)
{
    pthread_mutex_unlock(&handles_lock);
    atomic_store_explicit(&procs_have_run, false, memory_order_relaxed);
}

/* ---- installation ---- */

static bool option_apply(const char *option)
{
    static const char key[] = "syscall_num=";
    const char *value = option + strlen(key);
    unsigned long long number;
    char *end;

    if (exec_option(option) || linker_option(option)) {
        return true;
    }
    if (strncmp(option, key, strlen(key)) != 0) {
        fprintf(stderr,
                "plugin dlcall: unknown option '%s'; the only one is "
                "syscall_num=N\n",
                option);
        return false;
    }
    errno = 0;
    number = strtoull(value, &end, 0);
    if (*value < '0' || *value > '9' || *end != '\0') {
        fprintf(stderr, "plugin dlcall: '%s' is no whole number\n", option);
        return false;
    }
    if (errno != 0 || number < SYSCALL_MIN || number > INT64_MAX) {
        fprintf(stderr,
                "plugin dlcall: '%s' is out of range: below %d there are "
                "system calls of Linux\n",
                option, SYSCALL_MIN);
        return false;
    }
    syscall_number = (int64_t)number;
    return true;
}

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info_t *info,
                        int argc, char **argv)
{
    const bool userdata = info->version.cur >= QEMU_API_USERDATA;

    is_installed = true;
    if (info->system_emulation) {
        fprintf(stderr, "plugin dlcall: for user-mode emulation only\n");
        return -1;
    }
    for (int i = 0; i < argc; i++) {
        if (!option_apply(argv[i])) {
            return -1;
        }
    }
    if (uname(&host) != 0 ||
        pthread_atfork(fork_prepare, fork_parent, fork_child) != 0) {
        fprintf(stderr, "plugin dlcall: out of memory\n");
        return -1;
    }
    plugin_id = id;
    snprintf(api, sizeof api, "%d", info->version.cur);
    door_install(info->target_name, info->version.cur);
    memory_install(info->target_name);
    segv_install(info->target_name);
    exec_install(info->target_name, process_leave);
    linker_install(info->target_name);
    signals_install(info->target_name);
    block_translate = userdata ? (qemu_callback *)block_translate_v7
                               : (qemu_callback *)block_translate_v1;
    qemu_plugin_register_vcpu_tb_trans_cb(id, block_translate, NULL);
    qemu_plugin_register_vcpu_exit_cb(id,
                                      userdata ? (qemu_callback *)vcpu_end_v7
                                               : (qemu_callback *)vcpu_end_v1,
                                      NULL);
    qemu_plugin_register_atexit_cb(id, process_end, NULL);
    qemu_plugin_register_vcpu_syscall_ret_cb(
        id,
        userdata ? (qemu_callback *)syscall_result_v7
                 : (qemu_callback *)syscall_result_v1,
        NULL);
    if (qemu_plugin_register_vcpu_syscall_filter_cb) {
        mode = "filter";
        qemu_plugin_register_vcpu_syscall_filter_cb(
            id,
            userdata ? (qemu_callback *)syscall_filter_v7
                     : (qemu_callback *)syscall_filter_v6,
            NULL);
    } else {
        qemu_plugin_register_vcpu_syscall_cb(
            id, (qemu_callback *)syscall_announce_v1, NULL);
    }
    return 0;
}
