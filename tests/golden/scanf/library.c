int told(void) { return 0; }
int tell(void) { return 0; }
int tell_list(void) { return 0; }
int own(void) { return 0; }
int vsscanf(void) { return 0; }
void syslog(void) {}
