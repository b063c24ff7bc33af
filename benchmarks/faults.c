/* Counts the calls that change files below a folder, and lets one of them go wrong.
 *
 * Built and loaded by faults.py: cc -shared -fPIC -o faults.so faults.c -ldl, then LD_PRELOAD.
 * It stands between a program and the C library, on Linux. Until faults_begin is called, and in
 * folders that it was not told of, every call is passed on as it is.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* How a call goes wrong: as in faults.py. */
enum how { NOT_AT_ALL, KILLED_BEFORE, KILLED_AFTER, KILLED_HALFWAY, FAILS, DISK_FULL };

static char folder[PATH_MAX]; /* empty: nothing is counted */
static long counted;          /* calls so far */
static long struck;           /* the number of the call that goes wrong, from 1 */
static enum how way;
static int error_number; /* of FAILS */
static int log_file = -1;

/* Begin to count. Called by faults.py in a process that was just forked. */
void faults_begin(const char *path, long at, int how, int number, int log)
{
    struck = at;
    way = how;
    error_number = number;
    log_file = log;
    counted = 0;
    snprintf(folder, sizeof folder, "%s", path);
}

static void die(void)
{
    syscall(SYS_kill, getpid(), SIGKILL);
    for (;;)
        pause();
}

static int is_inside(const char *path)
{
    size_t length = strlen(folder);
    return strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == 0);
}

/* Write the path of a descriptor into `path`; return whether it is in the folder. */
static int find_descriptor(int descriptor, char *path)
{
    char link[64];
    if (folder[0] == 0)
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    path[length < 0 ? 0 : length] = 0;
    return is_inside(path);
}

/* Make a name absolute, without following links; return whether it is in the folder. */
static int find_name(int base, const char *name, char *path)
{
    char start[PATH_MAX];
    if (folder[0] == 0 || name == NULL)
        return 0;
    if (name[0] == '/') {
        snprintf(path, PATH_MAX, "%s", name);
        return is_inside(path);
    }
    if (base == AT_FDCWD) {
        if (getcwd(start, sizeof start) == NULL)
            return 0;
    } else {
        find_descriptor(base, start);
    }
    if (snprintf(path, PATH_MAX, "%s/%s", start, name) >= PATH_MAX)
        return 0;
    return is_inside(path);
}

/* Count a call. Return whether it goes wrong now, by `way`. What kills before it kills here. */
static int goes_wrong(const char *call, const char *path)
{
    char line[PATH_MAX + 64];
    long number = __sync_add_and_fetch(&counted, 1);
    int length = snprintf(line, sizeof line, "%s %s\n", call, path + strlen(folder));
    if (log_file >= 0 && syscall(SYS_write, log_file, line, length) < 0)
        abort(); /* a count that is not noted would be wrong */
    if (way == DISK_FULL)
        return struck > 0 && number >= struck;
    if (number != struck)
        return 0;
    if (way == KILLED_BEFORE)
        die();
    return way != NOT_AT_ALL;
}

/* Return whether a call fails now instead of being made. */
static int fails(int needs_room)
{
    if (way == DISK_FULL && needs_room)
        errno = ENOSPC;
    else if (way == FAILS)
        errno = error_number;
    else
        return 0;
    return 1;
}

static int is_read_only(int descriptor)
{
    return (syscall(SYS_fcntl, descriptor, F_GETFL) & O_ACCMODE) == O_RDONLY;
}

static void end(int wrong)
{
    if (wrong && (way == KILLED_AFTER || way == KILLED_HALFWAY))
        die();
}

/* The function of the C library that stands behind ours. */
#define REAL(name) ((__typeof__(&name))real(#name))
static void *real(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

/* Make a call that has a name of a file, and count it. */
#define BY_NAME(call, base, name, needs_room, made)                                                \
    char path[PATH_MAX];                                                                           \
    if (!find_name(base, name, path))                                                              \
        return made;                                                                               \
    int wrong = goes_wrong(call, path);                                                            \
    if (wrong && fails(needs_room))                                                                \
        return -1;                                                                                 \
    __typeof__(made) result = made;                                                                \
    end(wrong);                                                                                    \
    return result

/* The same with a descriptor. */
#define BY_DESCRIPTOR(call, descriptor, made)                                                      \
    char path[PATH_MAX];                                                                           \
    if (!find_descriptor(descriptor, path))                                                        \
        return made;                                                                               \
    int wrong = goes_wrong(call, path);                                                            \
    if (wrong && fails(0))                                                                         \
        return -1;                                                                                 \
    __typeof__(made) result = made;                                                                \
    end(wrong);                                                                                    \
    return result

/* Writing: halfway means that half of the bytes reach the file. */
static ssize_t half(int descriptor, const void *bytes, size_t size)
{
    return syscall(SYS_write, descriptor, bytes, size / 2);
}

ssize_t write(int descriptor, const void *bytes, size_t size)
{
    char path[PATH_MAX];
    if (!find_descriptor(descriptor, path))
        return REAL(write)(descriptor, bytes, size);
    int wrong = goes_wrong("write", path);
    if (wrong && way == KILLED_HALFWAY) {
        half(descriptor, bytes, size);
        die();
    }
    if (wrong && way == DISK_FULL && counted == struck && size > 1)
        return half(descriptor, bytes, size); /* as disks do: the rest fails */
    if (wrong && fails(1))
        return -1;
    ssize_t result = REAL(write)(descriptor, bytes, size);
    end(wrong);
    return result;
}

ssize_t writev(int descriptor, const struct iovec *parts, int count)
{
    char path[PATH_MAX];
    if (!find_descriptor(descriptor, path))
        return REAL(writev)(descriptor, parts, count);
    int wrong = goes_wrong("write", path);
    if (wrong && fails(1))
        return -1;
    if (wrong && way == KILLED_HALFWAY) {
        half(descriptor, parts[0].iov_base, parts[0].iov_len);
        die();
    }
    ssize_t result = REAL(writev)(descriptor, parts, count);
    end(wrong);
    return result;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t size, off_t offset)
{
    char path[PATH_MAX];
    if (!find_descriptor(descriptor, path))
        return REAL(pwrite)(descriptor, bytes, size, offset);
    int wrong = goes_wrong("write", path);
    if (wrong && fails(1))
        return -1;
    if (wrong && way == KILLED_HALFWAY)
        size = size / 2;
    ssize_t result = REAL(pwrite)(descriptor, bytes, size, offset);
    end(wrong);
    return result;
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t size, off64_t offset)
{
    return pwrite(descriptor, bytes, size, offset);
}

ssize_t sendfile(int to, int from, off_t *offset, size_t size)
{
    ssize_t (*made)(int, int, off_t *, size_t) = real("sendfile");
    BY_DESCRIPTOR("write", to, made(to, from, offset, size));
}

ssize_t sendfile64(int to, int from, off_t *offset, size_t size)
{
    return sendfile(to, from, offset, size);
}

/* Opening: what is opened tells what the call is. A folder is opened to be synced. */
static int opened(int base, const char *name, int flags, mode_t mode)
{
    int (*made)(int, const char *, int, ...) = real("openat");
    char path[PATH_MAX];
    struct stat about;
    if (!find_name(base, name, path))
        return made(base, name, flags, mode);
    const char *call = "open to read";
    int writes = (flags & (O_WRONLY | O_RDWR | O_CREAT)) != 0;
    if (writes)
        call = "open";
    else if (stat(path, &about) == 0 && S_ISDIR(about.st_mode))
        call = "open folder";
    int wrong = goes_wrong(call, path);
    if (wrong && fails((flags & O_CREAT) && stat(path, &about) != 0))
        return -1;
    int result = made(base, name, flags, mode);
    end(wrong);
    return result;
}

static mode_t mode_in(int flags, va_list more)
{
    return (flags & O_CREAT) ? va_arg(more, mode_t) : 0;
}

#define OPENS(function, base, parameters)                                                          \
    int function parameters                                                                        \
    {                                                                                              \
        va_list more;                                                                              \
        va_start(more, flags);                                                                     \
        mode_t mode = mode_in(flags, more);                                                        \
        va_end(more);                                                                              \
        return opened(base, name, flags, mode);                                                    \
    }
OPENS(open, AT_FDCWD, (const char *name, int flags, ...))
OPENS(open64, AT_FDCWD, (const char *name, int flags, ...))
OPENS(openat, base, (int base, const char *name, int flags, ...))
OPENS(openat64, base, (int base, const char *name, int flags, ...))

int creat(const char *name, mode_t mode)
{
    return opened(AT_FDCWD, name, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

static FILE *stream(FILE *(*made)(const char *, const char *), const char *name, const char *mode)
{
    char path[PATH_MAX];
    int writes = strpbrk(mode, "wa+") != NULL;
    if (!writes || !find_name(AT_FDCWD, name, path))
        return made(name, mode);
    int wrong = goes_wrong("open", path);
    if (wrong && fails(1))
        return NULL;
    FILE *result = made(name, mode);
    end(wrong);
    return result;
}

FILE *fopen(const char *name, const char *mode)
{
    return stream(REAL(fopen), name, mode);
}

FILE *fopen64(const char *name, const char *mode)
{
    return stream(REAL(fopen64), name, mode);
}

/* What was only read is not counted. A descriptor is closed also where closing it fails. */
int close(int descriptor)
{
    char path[PATH_MAX];
    if (!find_descriptor(descriptor, path) || is_read_only(descriptor))
        return REAL(close)(descriptor);
    int wrong = goes_wrong("close", path);
    int result = REAL(close)(descriptor);
    if (wrong && fails(0))
        return -1;
    end(wrong);
    return result;
}

static const char *sync_of(int descriptor)
{
    struct stat about;
    if (fstat(descriptor, &about) == 0 && S_ISDIR(about.st_mode))
        return "fsync folder";
    return "fsync";
}

int fsync(int descriptor)
{
    BY_DESCRIPTOR(sync_of(descriptor), descriptor, REAL(fsync)(descriptor));
}

int fdatasync(int descriptor)
{
    BY_DESCRIPTOR(sync_of(descriptor), descriptor, REAL(fdatasync)(descriptor));
}

int ftruncate(int descriptor, off_t size)
{
    BY_DESCRIPTOR("truncate", descriptor, REAL(ftruncate)(descriptor, size));
}

int ftruncate64(int descriptor, off64_t size)
{
    BY_DESCRIPTOR("truncate", descriptor, REAL(ftruncate64)(descriptor, size));
}

int rename(const char *from, const char *to)
{
    BY_NAME("rename", AT_FDCWD, to, 0, REAL(rename)(from, to));
}

int renameat(int from_base, const char *from, int base, const char *to)
{
    BY_NAME("rename", base, to, 0, REAL(renameat)(from_base, from, base, to));
}

int renameat2(int from_base, const char *from, int base, const char *to, unsigned int flags)
{
    BY_NAME("rename", base, to, 0, REAL(renameat2)(from_base, from, base, to, flags));
}

int link(const char *from, const char *to)
{
    BY_NAME("link", AT_FDCWD, to, 1, REAL(link)(from, to));
}

int linkat(int from_base, const char *from, int base, const char *to, int flags)
{
    BY_NAME("link", base, to, 1, REAL(linkat)(from_base, from, base, to, flags));
}

int symlink(const char *from, const char *to)
{
    BY_NAME("link", AT_FDCWD, to, 1, REAL(symlink)(from, to));
}

int unlink(const char *name)
{
    BY_NAME("unlink", AT_FDCWD, name, 0, REAL(unlink)(name));
}

int unlinkat(int base, const char *name, int flags)
{
    BY_NAME("unlink", base, name, 0, REAL(unlinkat)(base, name, flags));
}

int rmdir(const char *name)
{
    BY_NAME("rmdir", AT_FDCWD, name, 0, REAL(rmdir)(name));
}

int mkdir(const char *name, mode_t mode)
{
    BY_NAME("mkdir", AT_FDCWD, name, 1, REAL(mkdir)(name, mode));
}

int mkdirat(int base, const char *name, mode_t mode)
{
    BY_NAME("mkdir", base, name, 1, REAL(mkdirat)(base, name, mode));
}

int flock(int descriptor, int kind)
{
    BY_DESCRIPTOR("lock", descriptor, REAL(flock)(descriptor, kind));
}

/* A lock that is asked for: only then is a call of fcntl counted. */
static int controlled(int (*made)(int, int, ...), int descriptor, int command, void *argument)
{
    char path[PATH_MAX];
    if (command != F_SETLK || !find_descriptor(descriptor, path))
        return made(descriptor, command, argument);
    int wrong = goes_wrong("lock", path);
    if (wrong && fails(0))
        return -1;
    int result = made(descriptor, command, argument);
    end(wrong);
    return result;
}

#define CONTROLS(function)                                                                         \
    int function(int descriptor, int command, ...)                                                 \
    {                                                                                              \
        va_list more;                                                                              \
        va_start(more, command);                                                                   \
        void *argument = va_arg(more, void *);                                                     \
        va_end(more);                                                                              \
        return controlled(real(#function), descriptor, command, argument);                         \
    }
CONTROLS(fcntl)
CONTROLS(fcntl64)
