/* Moves the wall clock of a program by the seconds that the file named by CLOCK_SHIFT_FILE holds, read with every call. Its
   other clocks, by which it measures how long something takes, go on as they are. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *now) {
    int failed = (int)syscall(SYS_clock_gettime, clock, now);
    const char *path = clock == CLOCK_REALTIME ? getenv("CLOCK_SHIFT_FILE") : NULL;
    if (failed || !path) return failed;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return failed;
    char text[32] = {0};
    if (read(file, text, sizeof text - 1) > 0) now->tv_sec += atoll(text);
    close(file);
    return failed;
}
