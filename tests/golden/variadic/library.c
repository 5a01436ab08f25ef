int option_set() { return 0; } void option_note() {}
