/* Loaded before a server's libraries: the time of day is an hour ahead while a file exists. The steady clock is left alone. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *now) {
    int done = (int)syscall(SYS_clock_gettime, clock, now);
    const char *trigger = clock == CLOCK_REALTIME ? getenv("CLOCK_AHEAD_WHILE") : NULL;
    if (done == 0 && trigger != NULL && access(trigger, F_OK) == 0) {
        now->tv_sec += 3600;
    }
    return done;
}
