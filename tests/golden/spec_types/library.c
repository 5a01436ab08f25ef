int source_add() { return 0; } int event_send() { return 0; } void *handler_set() { return 0; } void exit_add() {}
