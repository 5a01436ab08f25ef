#define SYMBOL(name)                                                           \
    void name(void);                                                           \
    void name(void)                                                            \
    {                                                                          \
    }

SYMBOL(trace_flag)
SYMBOL(trace_characters)
SYMBOL(trace_integers)
SYMBOL(trace_longest)
SYMBOL(trace_huge)
SYMBOL(trace_typedefs)
SYMBOL(trace_reals)
SYMBOL(trace_enums)
SYMBOL(trace_wide)
SYMBOL(trace_tiny)
SYMBOL(trace_texts)
SYMBOL(trace_text)
SYMBOL(trace_structs)
SYMBOL(trace_pointers)
SYMBOL(trace_callbacks)
SYMBOL(trace_nothing)
SYMBOL(trace_no_parameters)
SYMBOL(trace_unnamed)
