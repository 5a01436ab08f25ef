/* SPDX-License-Identifier: MIT */
#include "doctor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "../common/allocators.h"
#include "doctor_program.h"

struct doctor {
    const struct options *options;
    const char *prefix;
    const char *home;
    struct report *report;
    struct list cures;
};

/* A guest, and what there is for it. */
struct patient {
    struct doctor *doctor;
    const struct isa *isa;
    const char *qemu; /* NULL: none */
    struct report *report;
    struct thunks thunks;
    struct host_library *libraries; /* of the thunks, in their order */
    size_t n_libraries;             /* of them that the host has */
    bool is_asked;                  /* by --guest or for a program */
    bool is_ready;
};

static void cure_add(struct doctor *doctor, const char *cure)
{
    if (!list_has(&doctor->cures, cure)) {
        list_append(&doctor->cures, cure);
    }
}

/* ---- the machine ---- */

/* The least address that programs can have; guest_base is 0 only where that is
 * below their code. -1: not told. */
static long address_least(void)
{
    FILE *file = fopen("/proc/sys/vm/mmap_min_addr", "re");
    long address = -1;

    if (file != NULL) {
        if (fscanf(file, "%ld", &address) != 1) {
            address = -1;
        }
        fclose(file);
    }
    return address;
}

static void machine_report(struct doctor *doctor, const char *version)
{
    struct report *report = report_object(
        doctor->report, "thunk-run",
        format_text("thunk-run %s in %s", version, doctor->prefix));
    struct utsname host;
    long least = address_least();

    report_string(report, "version", version);
    report_string(report, "prefix", doctor->prefix);
    if (uname(&host) == 0) {
        report = report_object(doctor->report, "host",
                               format_text("host %s, Linux %s, "
                                           "vm.mmap_min_addr %ld",
                                           host.machine, host.release, least));
        report_string(report, "isa", host.machine);
        report_string(report, "linux", host.release);
        report_number(report, "mmap_min_addr", least);
    }
}

/* The heap that programs have in common with the host's libraries. */
static void heap_report(struct doctor *doctor)
{
    void *allocator = allocator_open();
    int (*mi_version)(void) =
        allocator == NULL
            ? NULL
            : (int (*)(void))(uintptr_t)dlsym(allocator, "mi_version");
    const char *version =
        mi_version == NULL
            ? NULL
            : format_text("%d.%d", mi_version() / 100, mi_version() % 100);
    struct report *report = report_object(
        doctor->report, "heap",
        version == NULL
            ? "heap: programs keep their own, as there is no mimalloc"
            : format_text("heap: mimalloc %s, for programs and the host's "
                          "libraries",
                          version));

    report_string(report, "mimalloc", version);
    if (version == NULL) {
        cure_add(doctor, "install mimalloc for one heap, and a faster one "
                         "(Debian: libmimalloc2.0 or libmimalloc3)");
    }
}

/* ---- QEMU and plugin ---- */

static void qemus_report(struct patient *patient)
{
    struct doctor *doctor = patient->doctor;
    const struct qemus qemus =
        qemus_list(patient->isa, doctor->options->qemu, doctor->prefix);
    struct report *list = report_list(patient->report, "qemus", "QEMU");

    for (size_t i = 0; i < qemus.count; i++) {
        const struct qemu *qemu = &qemus.items[i];
        const char *version =
            qemu->fault == NULL ? qemu_version(qemu->path) : NULL;
        const char *fate = qemu->fault != NULL ? qemu->fault
                           : patient->qemu == NULL
                               ? "taken"
                               : "not needed: one before it is taken";
        struct report *report = report_object(
            list, NULL,
            format_text("%s (%s)%s%s: %s", qemu->path, qemu->origin,
                        version == NULL ? "" : ", version ",
                        version == NULL ? "" : version, fate));

        report_string(report, "path", qemu->path);
        report_string(report, "origin", qemu->origin);
        report_string(report, "version", version);
        report_string(report, "fault", qemu->fault);
        report_bool(report, "taken",
                    qemu->fault == NULL && patient->qemu == NULL);
        if (qemu->fault == NULL && patient->qemu == NULL) {
            patient->qemu = qemu->path;
        }
    }
    if (patient->qemu == NULL) {
        if (qemus.count == 0) {
            report_text_set(list, "QEMU: there is none");
        }
        cure_add(doctor, qemu_cure(patient->isa, doctor->prefix));
    }
}

static const char *probe_text(const struct probe *probe, const char *path)
{
    if (!probe->is_there) {
        return format_text("not tried: there is no %s", path);
    }
    if (probe->fault != NULL) {
        return format_text("calls do not reach the host: %s", probe->fault);
    }
    return format_text(
        "tried: plugin API %s (%s), calls by %s, guest_base 0, %s",
        probe->api == NULL ? "unknown" : probe->api,
        probe->mode == NULL ? "unknown" : probe->mode,
        probe->has_instruction_door ? "both doors" : "the system call alone",
        probe->has_memory ? "system calls on host memory work"
                          : "system calls on host memory fail (EFAULT)");
}

/* The value of QEMU's option for the plugin. */
struct plugin_attempt {
    const char *plugin;
    const char *option;
};

static void plugin_attempt(void *context)
{
    struct plugin_attempt *attempt = context;

    attempt->option = plugin_option_make(attempt->plugin);
}

static void probe_report(struct patient *patient)
{
    struct doctor *doctor = patient->doctor;
    struct plugin_attempt attempt = {doctor->options->plugin, NULL};
    const char *missing = fail_catch(plugin_attempt, &attempt);
    const char *path = format_text("%s/guest/%s/thunk-probe", doctor->home,
                                   patient->isa->name);
    struct report *report = report_object(
        patient->report, "plugin",
        missing != NULL ? format_text("plugin %s", missing)
                        : format_text("plugin %s", doctor->options->plugin));
    struct probe probe = {0};

    report_string(report, "path", doctor->options->plugin);
    report_string(report, "fault", missing);
    if (missing != NULL) {
        cure_add(doctor, "build or install the plugin libdlcall.so, or name it "
                         "with --plugin");
    }
    if (missing != NULL || patient->qemu == NULL) {
        return;
    }
    probe = probe_run(patient->isa, patient->qemu, attempt.option, path);
    report = report_object(patient->report, "probe", probe_text(&probe, path));
    report_bool(report, "tried", probe.is_there);
    report_string(report, "fault", probe.fault);
    report_string(report, "plugin_api", probe.api);
    report_string(report, "plugin_mode", probe.mode);
    report_bool(report, "syscall_door", probe.is_there && probe.fault == NULL);
    report_bool(report, "instruction_door", probe.has_instruction_door);
    report_bool(report, "host_memory", probe.has_memory);
    if (probe.is_there && probe.fault == NULL) {
        report_number(report, "guest_base", 0);
    }
    if (probe.fault != NULL) {
        cure_add(doctor, format_text("%s: %s; to get another QEMU: %s",
                                     patient->qemu, probe.fault,
                                     qemu_cure(patient->isa, doctor->prefix)));
    }
    patient->is_ready = probe.fault == NULL;
}

/* ---- thunks ---- */

/* What the host's halves of all thunks are linked with. */
static void runtime_report(struct patient *patient)
{
    const char *path =
        format_text("%s/host/libthunk-host.so", patient->doctor->home);
    const struct host_library library = host_library_open(path);
    struct report *report = report_object(
        patient->report, "runtime",
        library.path != NULL ? format_text("runtime %s", library.path)
                             : format_text("runtime: %s", library.fault));

    report_string(report, "path", path);
    report_string(report, "fault", library.fault);
    if (library.path == NULL) {
        cure_add(patient->doctor,
                 format_text("install a thunk-run for this machine: %s",
                             library.fault));
    }
    patient->is_ready &= library.path != NULL;
}

static void thunks_attempt(void *context)
{
    struct patient *patient = context;
    const struct options *options = patient->doctor->options;

    thunks_open(&patient->thunks, &options->thunks, patient->doctor->home,
                patient->isa);
    thunks_leave_named(&patient->thunks, &options->without);
}

/* What a file's name tells: 1.2.13 of libz.so.1.2.13. NULL: nothing. */
static const char *file_version(const char *path)
{
    static const char mark[] = ".so.";
    const char *at = path == NULL ? NULL : strstr(basename(path), mark);

    return at == NULL ? NULL : at + strlen(mark);
}

/* The packs that a thunk is in. */
static const char *packs_text(struct thunks *thunks, const struct thunk *thunk)
{
    const struct list names = thunks_packs(thunks, thunk);

    return list_join(&names, ", ");
}

static void thunk_report(struct patient *patient, struct report *list,
                         const struct thunk *thunk,
                         const struct host_library *library)
{
    const char *packs = packs_text(&patient->thunks, thunk);
    struct report *report = report_object(
        list, NULL,
        format_text("%s%s%s%s: %s%s", thunk->soname, *packs == '\0' ? "" : " (",
                    packs, *packs == '\0' ? "" : ")",
                    library->path != NULL
                        ? ""
                        : "not on this machine, so the guest's own is used: ",
                    library->path != NULL ? library->path : library->fault));

    report_string(report, "soname", thunk->soname);
    report_string(report, "packs", packs);
    report_string(report, "host_file", library->path);
    report_string(report, "host_version", file_version(library->path));
    report_string(report, "fault", library->fault);
}

static void apart_report(struct patient *patient)
{
    const struct list apart = thunks_packs_apart(&patient->thunks);
    const char *names = list_join(&apart, ", ");

    report_string(
        report_object(
            patient->report, "packs_apart",
            apart.count > 0
                ? format_text("packs that only --thunks gives: %s", names)
                : NULL),
        "names", names);
}

static void thunks_report(struct patient *patient)
{
    struct thunks *thunks = &patient->thunks;
    const char *missing = fail_catch(thunks_attempt, patient);
    struct report *list = report_list(
        patient->report, "thunks",
        missing == NULL ? "thunks, by packs, and this machine's libraries"
                        : format_text("thunks: %s", missing));

    if (missing != NULL) {
        *thunks = (struct thunks){.isa = patient->isa};
        patient->is_ready = false;
        cure_add(patient->doctor, missing);
        return;
    }
    patient->libraries =
        array_grow(NULL, thunks->count, sizeof *patient->libraries);
    for (size_t i = 0; i < thunks->count; i++) {
        const struct thunk *thunk = &thunks->items[i];
        struct host_library *library = &patient->libraries[i];

        *library = host_library_find(thunks->folders[thunk->folder].home,
                                     thunk->soname);
        thunk_report(patient, list, thunk, library);
        patient->n_libraries += library->path != NULL;
    }
    apart_report(patient);
    if (thunks->count == 0) {
        report_text_set(list, "thunks: there are none");
    }
    if (thunks->count == 0 && patient->is_asked) {
        cure_add(patient->doctor,
                 format_text("build or install thunks for %s guests, or name "
                             "some with --thunks",
                             patient->isa->name));
    } else if (thunks->count > 0 && patient->n_libraries == 0) {
        cure_add(patient->doctor, "install a library that there is a thunk of");
    }
    patient->is_ready &= patient->n_libraries > 0;
}

/* ---- the guest's files ---- */

static void sysroot_report(struct patient *patient)
{
    const char *sysroot = patient->doctor->options->sysroot;
    struct report *report;

    if (sysroot == NULL && patient->qemu != NULL) {
        sysroot = qemu_sysroot(patient->isa, patient->qemu);
    }
    report = report_object(
        patient->report, "sysroot",
        sysroot == NULL
            ? "sysroot: none, so the guest's files are this machine's"
            : format_text("sysroot %s%s", sysroot,
                          access(sysroot, X_OK) == 0
                              ? ""
                              : ": there is no such folder"));
    report_string(report, "path", sysroot);
    report_bool(report, "is_there",
                sysroot != NULL && access(sysroot, X_OK) == 0);
}

static void compiler_report(struct patient *patient)
{
    const char *name = format_text("%s-linux-gnu-gcc", patient->isa->name);
    const char *path = command_find(name, NULL);
    struct report *report = report_object(
        patient->report, "compiler",
        path == NULL ? format_text("compiler: no %s, which only making thunks "
                                   "needs",
                                   name)
                     : format_text("compiler %s", path));

    report_string(report, "path", path);
}

/* Whether there is something for guests of that ISA at all. */
static bool isa_is_wanted(const struct doctor *doctor, const struct isa *isa)
{
    return doctor->options->guest == isa ||
           (doctor->options->guest == NULL &&
            access(format_text("%s/guest/%s", doctor->home, isa->name), X_OK) ==
                0);
}

static void patient_examine(struct patient *patient, struct report *list)
{
    patient->report = report_object(list, NULL, NULL);
    report_string(patient->report, "isa", patient->isa->name);
    qemus_report(patient);
    probe_report(patient);
    runtime_report(patient);
    thunks_report(patient);
    sysroot_report(patient);
    compiler_report(patient);
    report_bool(patient->report, "ready", patient->is_ready);
    report_text_set(patient->report,
                    format_text("%s guests: programs %s be run thunked",
                                patient->isa->name,
                                patient->is_ready ? "can" : "cannot"));
}

/* ---- the program ---- */

struct program_attempt {
    const struct doctor *doctor;
    char **argv;
    struct program program;
};

static void program_attempt(void *context)
{
    struct program_attempt *attempt = context;
    const struct options *options = attempt->doctor->options;

    program_find(&attempt->program, attempt->argv, options->guest,
                 options->sysroot);
}

/* Gives whether the program can be run thunked. */
static bool program_examine(struct doctor *doctor, struct report *list,
                            char **argv)
{
    struct program_attempt attempt = {doctor, argv, {0}};
    const char *fault = fail_catch(program_attempt, &attempt);
    struct patient patient = {
        .doctor = doctor, .isa = attempt.program.isa, .is_asked = true};
    struct guest guest;

    if (fault != NULL) {
        struct report *report = report_object(doctor->report, "program",
                                              format_text("program %s", fault));

        report_string(report, "path", argv[0]);
        report_string(report, "fault", fault);
        cure_add(doctor, fault);
        return false;
    }
    patient_examine(&patient, list);
    guest_open(&guest, doctor->options, &attempt.program, patient.qemu);
    return program_report(doctor->report, &doctor->cures, &guest,
                          &patient.thunks, patient.libraries) &&
           patient.is_ready;
}

/* ---- all ---- */

static void cures_report(struct doctor *doctor, bool is_ready)
{
    struct report *list = report_list(doctor->report, "cures",
                                      doctor->cures.count > 0 ? "to do" : NULL);

    for (size_t i = 0; i < doctor->cures.count; i++) {
        report_string(list, NULL, doctor->cures.items[i]);
    }
    report_bool(doctor->report, "ready", is_ready);
}

int doctor_run(const struct options *options, const char *prefix,
               const char *version, char **argv)
{
    struct doctor doctor = {
        .options = options,
        .prefix = prefix,
        .home = format_text("%s/lib/thunkgen", prefix),
        .report = report_object(NULL, NULL, NULL),
    };
    struct report *list;
    bool is_ready = false;

    machine_report(&doctor, version);
    heap_report(&doctor);
    list = report_list(doctor.report, "guests", "guests");
    if (*argv != NULL) {
        is_ready = program_examine(&doctor, list, argv);
    }
    for (const struct isa *isa = NULL;
         *argv == NULL && (isa = isa_next(isa)) != NULL;) {
        struct patient patient = {
            .doctor = &doctor, .isa = isa, .is_asked = isa == options->guest};

        if (isa_is_wanted(&doctor, isa)) {
            patient_examine(&patient, list);
            is_ready |= patient.is_ready;
        }
    }
    cures_report(&doctor, is_ready);
    if (options->is_json) {
        report_print_json(doctor.report);
    } else {
        report_print_text(doctor.report);
    }
    return is_ready ? 0 : 1;
}
