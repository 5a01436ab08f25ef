struct operations {
    int (*read)(void *stream, char *to, int length);
    int (*const write)(void *stream, const char *from, int length);
};

typedef struct {
    struct operations operations;
    void (*on_event[3])(int event);
    struct {
        void (*log)(const char *line);
        union {
            void (*either)(void);
            int number;
        };
    } inner;
    struct operations *behind;
} device;

/* Another record with the name of the typedef. */
struct device {
    void (*close)(void);
};

int device_open(device *it, const struct operations *also);
void device_by_value(struct operations operations);
void device_close(struct device *it);
