int option_set() { return 0; } void option_note() {}
void option_note_default() {} void option_set_OPTION_SIZE() {}
