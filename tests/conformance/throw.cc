/* SPDX-License-Identifier: MIT
 *
 * Exceptions of a C++ program that pass the library: what is printed is the
 * same natively and thunked.
 */
#include <cstdio>
#include <cstdlib>
#include <pthread.h>
#include <stdexcept>
#include <unistd.h>

extern "C" {
#include "conform.h"
}

namespace {

long destroyed;

struct guard {
    ~guard() { destroyed++; }
};

long throwing(void *, long value)
{
    guard held;

    if (value % 2 != 0) {
        throw std::runtime_error("odd");
    }
    return value;
}

/* Throws and catches inside of the callback. */
long catching(void *context, long value)
{
    try {
        return throwing(context, value);
    } catch (const std::exception &error) {
        return -value;
    }
}

/* Catches what has passed the library, and throws something else. */
long changing(void *context, long value)
{
    guard held;

    try {
        return conform_argument(throwing, context, value);
    } catch (const std::runtime_error &error) {
        throw value;
    }
}

long again(void *context, long value)
{
    try {
        return conform_repeat(throwing, context, value);
    } catch (...) {
        guard held;
        throw;
    }
}

long count(long times)
{
    long caught = 0;

    for (long i = 0; i < times; i++) {
        try {
            conform_argument(throwing, nullptr, i);
        } catch (const std::runtime_error &error) {
            caught++;
        }
    }
    return caught;
}

long resident()
{
    long pages[2] = {0, 0};
    FILE *file = std::fopen("/proc/self/statm", "r");

    if (file == nullptr ||
        std::fscanf(file, "%ld %ld", &pages[0], &pages[1]) != 2) {
        std::abort();
    }
    std::fclose(file);
    return pages[1] * (sysconf(_SC_PAGESIZE) / 1024);
}

void *thread_main(void *)
{
    return reinterpret_cast<void *>(count(500));
}

} // namespace

int main()
{
    std::printf("%ld\n", conform_argument(catching, nullptr, 3));
    try {
        conform_argument(throwing, nullptr, 1);
        std::printf("came back\n");
    } catch (const std::exception &error) {
        std::printf("%s\n", error.what());
    }
    try {
        conform_argument(changing, nullptr, 5);
    } catch (long value) {
        std::printf("%ld\n", value);
    }
    std::printf("%ld\n", conform_argument(changing, nullptr, 4));
    try {
        conform_argument_fast(again, nullptr, 10);
    } catch (const std::runtime_error &error) {
        std::printf("again: %s\n", error.what());
    }
    std::printf("%ld destroyed\n", destroyed);

    count(100);
    {
        long before = resident();
        long caught = count(10000);
        long growth = resident() - before;

        std::printf("%ld, %s\n", caught, growth < 8 * 1024 ? "flat" : "grown");
    }
    {
        pthread_t threads[4];
        long sum = 0;

        for (pthread_t &thread : threads) {
            pthread_create(&thread, nullptr, thread_main, nullptr);
        }
        for (pthread_t &thread : threads) {
            void *caught = nullptr;

            pthread_join(thread, &caught);
            sum += reinterpret_cast<long>(caught);
        }
        std::printf("%ld\n", sum);
    }
    return 0;
}
