void tool_new(void) {} void tool_standard(void) {} void tool_start(void) {} void tool_use(void) {} void tool_look(void) {}
