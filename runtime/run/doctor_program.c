/* SPDX-License-Identifier: MIT */
#include "doctor_program.h"

#include <string.h>
#include <unistd.h>

#include "fit.h"

/* What is looked at. */
struct examination {
    struct report *list;
    struct list *cures;
    const struct guest *guest;
    struct thunks *thunks;
    const struct host_library *libraries;
    struct closure own; /* without thunks */
    struct closure with;
    unsigned n_thunked;
};

/* The first of that soname, be it left or not. NULL: none. */
static const struct thunk *thunk_any(const struct thunks *thunks,
                                     const char *soname)
{
    for (size_t i = 0; i < thunks->count; i++) {
        if (strcmp(thunks->items[i].soname, soname) == 0) {
            return &thunks->items[i];
        }
    }
    return NULL;
}

static void fate_report(struct examination *examination, const char *soname,
                        const char *path, const char *fate, const char *reason)
{
    struct report *report = report_object(
        examination->list, NULL,
        format_text("%s: %s%s%s", soname, fate, reason == NULL ? "" : ": ",
                    reason == NULL ? "" : reason));

    report_string(report, "soname", soname);
    report_string(report, "guest_file", path);
    report_string(report, "fate", fate);
    report_string(report, "reason", reason);
}

/* Of a library for which the program gets a thunk. */
static void thunked_report(struct examination *examination, const char *soname,
                           const char *path)
{
    const struct thunk *thunk = thunks_by_name(examination->thunks, soname);
    const struct host_library *library =
        &examination->libraries[thunk - examination->thunks->items];

    if (library->path != NULL) {
        examination->n_thunked++;
        fate_report(examination, soname, path, "thunked", NULL);
        return;
    }
    fate_report(examination, soname, path, "guest's own",
                format_text("not on this machine: %s", library->fault));
    list_append(examination->cures,
                format_text("install the library that has %s", soname));
}

static void library_report(struct examination *examination,
                           const struct library *library)
{
    const char *soname = library_name(library);
    const struct library *now =
        closure_library(&examination->with, library->name);
    const struct thunk *thunk = thunk_any(examination->thunks, soname);
    const char *reason = "there is no thunk of it";

    if (now != NULL && now->thunk != NULL) {
        thunked_report(examination, soname, library->path);
        return;
    }
    if (now == NULL) {
        fate_report(examination, soname, library->path, "not loaded",
                    "only what is thunked needs it");
        return;
    }
    if (thunk != NULL && thunk->reason != NULL) {
        reason = thunk->reason;
    }
    fate_report(examination, soname, library->path, "guest's own", reason);
}

/* Why no library of a program can be thunked; NULL: they can. */
static const char *program_fault(const struct guest *guest,
                                 const struct elf_file *file)
{
    if (file == NULL) {
        return "its ELF file is broken";
    }
    if (file->interpreter == NULL && file->n_needed == 0) {
        return "it is static, so no library of it can be thunked";
    }
    if (file->interpreter != NULL &&
        access(guest_path(guest, file->interpreter), X_OK) != 0) {
        return format_text("its dynamic linker %s is not there: name the "
                           "guest's root by --sysroot",
                           file->interpreter);
    }
    return NULL;
}

static bool libraries_report(struct examination *examination,
                             struct report *program)
{
    const struct closure *own = &examination->own;
    const struct closure *with = &examination->with;
    const char *linker;

    examination->list = report_list(program, "libraries", "libraries");
    for (size_t i = 1; i < own->count; i++) {
        library_report(examination, &own->items[i]);
    }
    for (size_t i = 1; i < with->count; i++) {
        const char *soname = library_name(&with->items[i]);

        if (with->items[i].thunk != NULL &&
            closure_library(own, soname) == NULL) {
            thunked_report(examination, soname, NULL);
        }
    }
    for (size_t i = 0; i < with->missing.count; i++) {
        const char *name = with->missing.items[i];

        fate_report(examination, name, NULL, "missing",
                    "the program does not start without it");
        list_append(examination->cures,
                    format_text("install %s for the guest, or name its root by "
                                "--sysroot",
                                name));
    }
    linker = linker_foreign(own);
    if (linker != NULL) {
        list_append(examination->cures,
                    format_text("take a build of the program for glibc: thunks "
                                "are, and this one's dynamic linker is %s",
                                linker));
    }
    return with->missing.count == 0 && linker == NULL;
}

bool program_report(struct report *parent, struct list *cures,
                    const struct guest *guest, struct thunks *thunks,
                    const struct host_library *libraries)
{
    struct examination examination = {
        .cures = cures,
        .guest = guest,
        .thunks = thunks,
        .libraries = libraries,
    };
    const char *fault = program_fault(guest, elf_file_open(guest->program));
    struct report *report = report_object(
        parent, "program",
        format_text("program %s, for %s%s%s", guest->program, guest->isa->name,
                    fault == NULL ? "" : ": ", fault == NULL ? "" : fault));
    bool is_ready = fault == NULL;

    report_string(report, "path", guest->program);
    report_string(report, "isa", guest->isa->name);
    report_string(report, "fault", fault);
    if (fault != NULL) {
        list_append(cures, format_text("%s: %s", guest->program, fault));
    } else {
        closure_find(&examination.own, guest, NULL);
        thunks_fit(thunks, guest, &examination.own, &examination.with);
        is_ready = libraries_report(&examination, report);
        report_text_set(report,
                        format_text("program %s, for %s: %u of its libraries "
                                    "thunked",
                                    guest->program, guest->isa->name,
                                    examination.n_thunked));
    }
    report_number(report, "thunked", examination.n_thunked);
    return is_ready;
}
