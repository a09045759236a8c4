/* Loaded before a server's libraries: fsync and fdatasync fail as on a broken disk while a file exists. */
#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static int call(long number, int fd) {
    const char *trigger = getenv("FSYNC_FAILS_WHILE");
    if (trigger != NULL && access(trigger, F_OK) == 0) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(number, fd);
}

int fsync(int fd) { return call(SYS_fsync, fd); }

int fdatasync(int fd) { return call(SYS_fdatasync, fd); }
