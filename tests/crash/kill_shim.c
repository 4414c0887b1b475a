/* Ends the process with SIGKILL at the k-th call that touches the database's files or the chat's socket.
 *
 * Loaded with LD_PRELOAD. Environment:
 *   PATT_CRASH_DB     beginning of the names of the files that count
 *   PATT_CRASH_AT     k, from 1; none or 0: only count
 *   PATT_CRASH_MODE   before | torn (half of the bytes) | after | power (before, and what was not synced is
 *                     lost) | cut | cut_after (the process lives, but its connection to the server is cut
 *                     before or after a send or recv)
 *   PATT_CRASH_COUNT  a file that gets the number of calls when the process ends by itself
 *
 * Counted: write, pwrite, writev, fdatasync, fsync, ftruncate, unlink of these files; send, recv of any
 * socket. One thread at a time, as the victim is.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum mode { MODE_BEFORE, MODE_TORN, MODE_AFTER, MODE_POWER, MODE_CUT, MODE_CUT_AFTER };

/* What a write replaced, so that a power cut can take it back. */
struct undo {
    struct undo* before;
    dev_t device;
    ino_t file;
    char path[PATH_MAX];
    off_t size;   /* of the file before the write */
    off_t offset; /* of what was replaced */
    size_t length;
    char* bytes;
};

static const char* prefix;
static const char* count_file;
static long kill_at;
static long count;
static enum mode mode;
static struct undo* undo_list;

__attribute__((constructor)) static void begin(void) {
    const char* text = getenv("PATT_CRASH_MODE");
    prefix = getenv("PATT_CRASH_DB");
    count_file = getenv("PATT_CRASH_COUNT");
    kill_at = getenv("PATT_CRASH_AT") ? atol(getenv("PATT_CRASH_AT")) : 0;
    if (text) {
        mode = !strcmp(text, "torn")        ? MODE_TORN
               : !strcmp(text, "after")     ? MODE_AFTER
               : !strcmp(text, "power")     ? MODE_POWER
               : !strcmp(text, "cut")       ? MODE_CUT
               : !strcmp(text, "cut_after") ? MODE_CUT_AFTER
                                            : MODE_BEFORE;
    }
}

__attribute__((destructor)) static void end(void) {
    if (count_file) {
        char text[32];
        const int length = snprintf(text, sizeof text, "%ld\n", count);
        const int fd = (int)syscall(SYS_openat, AT_FDCWD, count_file, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (fd >= 0) {
            if (syscall(SYS_write, fd, text, (size_t)length) < 0) {
                _exit(99);
            }
            syscall(SYS_close, fd);
        }
    }
}

static int path_counts(const char* path) {
    return prefix && !strncmp(path, prefix, strlen(prefix));
}

/* The path of a file that counts, else 0. */
static int file_counts(int fd, char* path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length <= 0) {
        return 0;
    }
    path[length] = 0;
    return path_counts(path);
}

static int is_socket(int fd) {
    struct stat about;
    return fstat(fd, &about) == 0 && S_ISSOCK(about.st_mode);
}

/* The database's: the chat's is a Unix socket. */
static void cut(int fd) {
    int domain = 0;
    socklen_t length = sizeof domain;
    if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &length) == 0 && domain == AF_INET) {
        shutdown(fd, SHUT_RDWR);
    }
}

/* The power goes: what was not synced is not on the disk. */
static void lose_unsynced(void) {
    for (struct undo* u = undo_list; u; u = u->before) {
        const int fd = (int)syscall(SYS_openat, AT_FDCWD, u->path, O_WRONLY, 0);
        struct stat about;
        if (fd >= 0) {
            if (fstat(fd, &about) == 0 && about.st_ino == u->file && about.st_dev == u->device) {
                if (u->length > 0 && syscall(SYS_pwrite64, fd, u->bytes, u->length, u->offset) < 0) {
                    _exit(98);
                }
                if (syscall(SYS_ftruncate, fd, u->size) < 0) {
                    _exit(98);
                }
            }
            syscall(SYS_close, fd);
        }
    }
}

static void die(void) {
    if (mode == MODE_POWER) {
        lose_unsynced();
    }
    syscall(SYS_kill, getpid(), SIGKILL);
    for (;;) {
        pause();
    }
}

/* Remembers what [offset, offset + length) of the file holds now. */
static void remember(int fd, const char* path, off_t offset, size_t length) {
    struct stat about;
    if (mode != MODE_POWER || kill_at == 0 || fstat(fd, &about) != 0) {
        return;
    }
    struct undo* u = calloc(1, sizeof *u);
    if (!u) {
        abort();
    }
    u->device = about.st_dev;
    u->file = about.st_ino;
    u->size = about.st_size;
    u->offset = offset;
    strncpy(u->path, path, sizeof u->path - 1);
    if (offset < about.st_size) {
        const size_t there = (size_t)(about.st_size - offset);
        u->length = length < there ? length : there;
        u->bytes = malloc(u->length);
        if (!u->bytes || syscall(SYS_pread64, fd, u->bytes, u->length, offset) != (long)u->length) {
            abort();
        }
    }
    u->before = undo_list;
    undo_list = u;
}

/* The file is on the disk now. */
static void forget(int fd) {
    struct stat about;
    if (fstat(fd, &about) != 0) {
        return;
    }
    struct undo** at = &undo_list;
    while (*at) {
        struct undo* u = *at;
        if (u->file == about.st_ino && u->device == about.st_dev) {
            *at = u->before;
            free(u->bytes);
            free(u);
        } else {
            at = &u->before;
        }
    }
}

static int now(void) {
    return ++count == kill_at;
}
static int strikes_before(int hit) {
    return hit && (mode == MODE_BEFORE || mode == MODE_POWER);
}

/* Runs `full` with the k-th call's death around it; `half` is what a torn call still does. */
#define AROUND(type, half, full)                                                                             \
    do {                                                                                                     \
        const int hit = now();                                                                               \
        if (strikes_before(hit)) {                                                                           \
            die();                                                                                           \
        }                                                                                                    \
        if (hit && mode == MODE_TORN) {                                                                      \
            half;                                                                                            \
            die();                                                                                           \
        }                                                                                                    \
        const type result = (type)(full);                                                                    \
        if (hit) {                                                                                           \
            die();                                                                                           \
        }                                                                                                    \
        return result;                                                                                       \
    } while (0)

ssize_t pwrite64(int fd, const void* bytes, size_t length, off_t offset) {
    char path[PATH_MAX];
    if (!file_counts(fd, path)) {
        return syscall(SYS_pwrite64, fd, bytes, length, offset);
    }
    remember(fd, path, offset, length);
    AROUND(ssize_t, syscall(SYS_pwrite64, fd, bytes, length / 2, offset),
           syscall(SYS_pwrite64, fd, bytes, length, offset));
}

ssize_t pwrite(int fd, const void* bytes, size_t length, off_t offset) {
    return pwrite64(fd, bytes, length, offset);
}

ssize_t write(int fd, const void* bytes, size_t length) {
    char path[PATH_MAX];
    if (!file_counts(fd, path)) {
        return syscall(SYS_write, fd, bytes, length);
    }
    remember(fd, path, lseek(fd, 0, SEEK_CUR), length);
    AROUND(ssize_t, syscall(SYS_write, fd, bytes, length / 2), syscall(SYS_write, fd, bytes, length));
}

ssize_t writev(int fd, const struct iovec* parts, int n) {
    char path[PATH_MAX];
    if (!file_counts(fd, path)) {
        return syscall(SYS_writev, fd, parts, n);
    }
    size_t length = 0;
    for (int i = 0; i < n; ++i) {
        length += parts[i].iov_len;
    }
    remember(fd, path, lseek(fd, 0, SEEK_CUR), length);
    AROUND(ssize_t, syscall(SYS_writev, fd, parts, n / 2), syscall(SYS_writev, fd, parts, n));
}

static int sync_file(int fd, long call) {
    char path[PATH_MAX];
    if (!file_counts(fd, path)) {
        return (int)syscall(call, fd);
    }
    const int hit = now();
    if (hit && mode != MODE_AFTER) {
        die();
    }
    const int result = (int)syscall(call, fd);
    forget(fd);
    if (hit) {
        die();
    }
    return result;
}

int fdatasync(int fd) {
    return sync_file(fd, SYS_fdatasync);
}
int fsync(int fd) {
    return sync_file(fd, SYS_fsync);
}

int ftruncate64(int fd, off_t size) {
    char path[PATH_MAX];
    struct stat about;
    if (!file_counts(fd, path)) {
        return (int)syscall(SYS_ftruncate, fd, size);
    }
    if (fstat(fd, &about) == 0 && size < about.st_size) {
        remember(fd, path, size, (size_t)(about.st_size - size));
    }
    AROUND(int, (void)0, syscall(SYS_ftruncate, fd, size));
}

int ftruncate(int fd, off_t size) {
    return ftruncate64(fd, size);
}

int unlink(const char* path) {
    if (!path_counts(path)) {
        return (int)syscall(SYS_unlink, path);
    }
    AROUND(int, (void)0, syscall(SYS_unlink, path));
}

/* As AROUND, for a socket: a cut connection ends no process. */
#define AROUND_SOCKET(half, full)                                                                            \
    do {                                                                                                     \
        if (mode != MODE_CUT && mode != MODE_CUT_AFTER) {                                                    \
            AROUND(ssize_t, half, full);                                                                     \
        }                                                                                                    \
        const int hit = now();                                                                               \
        if (hit && mode == MODE_CUT) {                                                                       \
            cut(fd);                                                                                         \
        }                                                                                                    \
        const ssize_t result = (full);                                                                       \
        if (hit && mode == MODE_CUT_AFTER) {                                                                 \
            cut(fd);                                                                                         \
        }                                                                                                    \
        return result;                                                                                       \
    } while (0)

ssize_t send(int fd, const void* bytes, size_t length, int flags) {
    if (!is_socket(fd)) {
        return syscall(SYS_sendto, fd, bytes, length, flags, NULL, 0);
    }
    AROUND_SOCKET(syscall(SYS_sendto, fd, bytes, length / 2, flags, NULL, 0),
                  syscall(SYS_sendto, fd, bytes, length, flags, NULL, 0));
}

ssize_t recv(int fd, void* bytes, size_t length, int flags) {
    if (!is_socket(fd)) {
        return syscall(SYS_recvfrom, fd, bytes, length, flags, NULL, NULL);
    }
    AROUND_SOCKET(syscall(SYS_recvfrom, fd, bytes, length / 2, flags, NULL, NULL),
                  syscall(SYS_recvfrom, fd, bytes, length, flags, NULL, NULL));
}
