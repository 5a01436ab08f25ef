char *quote() { return 0; } void say() {} int quote_list() { return 0; }
