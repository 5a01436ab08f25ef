/* SPDX-License-Identifier: MIT
 *
 * Types as an ABI sees them: bytes, places and formats, whatever they are
 * called.
 */
#ifndef THUNKGEN_LAYOUT_H
#define THUNKGEN_LAYOUT_H

#include "libc_object.h"

/* Where two ABIs differ. */
struct layout_difference {
    struct location where;
    const char *text; /* "'z_stream_s.total_in' has 8 bytes ... 4 ..." */
};

/* The comparison of two models, function by function. It knows which records
 * were found equal, so that each is looked into once. */
struct layout_comparison;

struct layout_comparison *layout_comparison_new(struct arena *arena,
                                                const struct model *host);

/* Who uses objects of libc's, by their index; the array has to stay there. Of
 * the library's only size and alignment count, of the program's not even these
 * behind a pointer; those of nobody are not compared, since they are refused or
 * do not cross. Without it they are as all types. */
void layout_comparison_libc(struct layout_comparison *comparison,
                            const enum libc_owner *owners);

/* Compares all that a function's type reaches. True when it is the same under
 * both; else `difference` tells the first place. */
bool layout_equal(struct layout_comparison *comparison,
                  const struct function *host, const struct function *guest,
                  struct layout_difference *difference);

/* The same but for the parameters that are marked, which are settled. */
bool layout_equal_but(struct layout_comparison *comparison,
                      const struct function *host, const struct function *guest,
                      const bool *is_settled,
                      struct layout_difference *difference);

/* The same of one parameter. */
bool layout_parameter_equal(struct layout_comparison *comparison,
                            const struct function *host,
                            const struct function *guest, size_t parameter,
                            struct layout_difference *difference);

/* The same of what lies in memory, where long doubles count, too; `where` is
 * for what has no place of its own. */
bool layout_memory_equal(struct layout_comparison *comparison,
                         struct location where, const char *name,
                         const struct type *host, const struct type *guest,
                         struct layout_difference *difference);

/* The same of two types. */
bool layout_types_equal(struct layout_comparison *comparison, const char *name,
                        const struct type *host, const struct type *guest,
                        struct layout_difference *difference);

/* A hash over the functions of a model: the two halves of a library must have
 * the same. It depends on the functions' names and order and on every byte,
 * place and format of what they reach; not on the names of types and members.
 */
struct layout_hash;

struct layout_hash *layout_hash_new(struct arena *arena,
                                    const struct model *model);
void layout_hash_text(struct layout_hash *hash, const char *text);
void layout_hash_type(struct layout_hash *hash, const struct type *type);
void layout_hash_function(struct layout_hash *hash,
                          const struct function *function);
uint64_t layout_hash_value(const struct layout_hash *hash);

/* Members laid out one after the other as in a struct. */
struct layout_struct {
    uint64_t size, align;
};

void layout_struct_add(struct layout_struct *layout, const struct type *type);
uint64_t layout_struct_size(const struct layout_struct *layout);

#endif
