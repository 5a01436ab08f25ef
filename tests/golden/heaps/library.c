void list_new() {} void list_add() {} void list_text() {} void list_title() {} void list_texts() {} void list_names() {}
