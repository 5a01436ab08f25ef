enum option { OPTION_SIZE, OPTION_LOG, OPTION_NAME, OPTION_RESET };

typedef void log_function(void *context, const char *text);

int option_set(void *handle, enum option option, ...);
void option_note(int option, ...);

/* Named as what becomes of a case. */
void option_note_default(int option);
void option_set_OPTION_SIZE(void *handle);
