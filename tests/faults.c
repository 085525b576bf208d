/* Preloaded into a program: makes the n-th call that writes below a folder fail, or it and all that follow. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static char folder[4096];
static long count, failing_at, failing_error, failing_on;

void faults_arm(const char *below, long at, long error, long on) {
    snprintf(folder, sizeof folder, "%s/", below);
    count = 0, failing_at = at, failing_error = error, failing_on = on;
}

long faults_disarm(void) {
    folder[0] = 0;
    return count;
}

static int fails(const char *path) {
    if (!folder[0] || !path || strncmp(path, folder, strlen(folder))) return 0;
    long now = __sync_add_and_fetch(&count, 1);
    if (!failing_at || now < failing_at || (now > failing_at && !failing_on)) return 0;
    errno = failing_error;
    return 1;
}

static int fails_at(int fd) {
    char link[64], path[4096];
    if (!folder[0]) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return fails(path);
}

#define REAL(name) __typeof__(name) *real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *data, size_t length) { REAL(write); return fails_at(fd) ? -1 : real(fd, data, length); }
ssize_t pwrite(int fd, const void *data, size_t length, off_t at) { REAL(pwrite); return fails_at(fd) ? -1 : real(fd, data, length, at); }
ssize_t pwrite64(int fd, const void *data, size_t length, off64_t at) { REAL(pwrite64); return fails_at(fd) ? -1 : real(fd, data, length, at); }
int fsync(int fd) { REAL(fsync); return fails_at(fd) ? -1 : real(fd); }
int fdatasync(int fd) { REAL(fdatasync); return fails_at(fd) ? -1 : real(fd); }
int ftruncate(int fd, off_t length) { REAL(ftruncate); return fails_at(fd) ? -1 : real(fd, length); }
int ftruncate64(int fd, off64_t length) { REAL(ftruncate64); return fails_at(fd) ? -1 : real(fd, length); }
int rename(const char *old, const char *new) { REAL(rename); return fails(new) ? -1 : real(old, new); }
int mkdir(const char *path, mode_t mode) { REAL(mkdir); return fails(path) ? -1 : real(path, mode); }
int link(const char *old, const char *new) { REAL(link); return fails(new) ? -1 : real(old, new); }

#define OPENING(name)                                                      \
    int name(const char *path, int flags, ...) {                           \
        REAL(name);                                                        \
        va_list rest;                                                      \
        va_start(rest, flags);                                             \
        mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;          \
        va_end(rest);                                                      \
        return (flags & O_CREAT) && fails(path) ? -1 : real(path, flags, mode); \
    }
OPENING(open)
OPENING(open64)
