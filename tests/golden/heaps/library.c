void list_new() {} void list_add() {} void list_text() {} void list_title() {} void list_texts() {} void list_names() {} void list_items() {} void list_items_get() {}
