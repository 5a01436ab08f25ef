#include "api.h"

const char data_version[] = "1.0";
const char *const data_names[2] = {"one", "two"};
struct data_state data_state;

int data_visit(data_visitor *visit)
{
    return visit(data_state.first);
}
