// The calls that stand in place of the C library's, and the beginning and the end of the shim.
#include "shim.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define EXPORTED __attribute__((visibility("default")))

int (*real_openat)(int, const char *, int, ...);
int (*real_close)(int);
ssize_t (*real_write)(int, const void *, size_t);
ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
int (*real_fsync)(int), (*real_fdatasync)(int), (*real_ftruncate)(int, off_t);
int (*real_renameat)(int, const char *, int, const char *);
int (*real_unlinkat)(int, const char *, int), (*real_mkdirat)(int, const char *, mode_t);

char root[PATH_MAX], spare[PATH_MAX];
static struct control nobody = {.armed = 1};
struct control *control = &nobody;
// One call at a time; a thread that is inside is not counted again.
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static _Thread_local int inside;
static struct file *table[DESCRIPTORS];

// Other libraries may call us before our own beginning.
static void resolve(void) {
    real_openat = dlsym(RTLD_NEXT, "openat");
    real_close = dlsym(RTLD_NEXT, "close");
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate");
    real_renameat = dlsym(RTLD_NEXT, "renameat");
    real_unlinkat = dlsym(RTLD_NEXT, "unlinkat");
    real_mkdirat = dlsym(RTLD_NEXT, "mkdirat");
}

static void enter(void) {
    pthread_mutex_lock(&mutex);
    inside = 1;
}

static void leave(void) {
    inside = 0;
    pthread_mutex_unlock(&mutex);
}

static int finish(struct rule rule, int result, int code) {
    if (rule.action == KILL_AFTER) die(rule.losing);
    leave();
    errno = code;
    return result;
}

// MARK: - Names

static int under_root(const char *path) {
    size_t root_length = strlen(root);
    return root_length && strncmp(path, root, root_length) == 0 && (path[root_length] == '/' || !path[root_length]);
}

// The absolute path of a name, or 0 when it lies elsewhere.
static int locate(int directory, const char *name, char *path) {
    if (!real_mkdirat) resolve();
    if (!root[0] || inside || !name) return 0;
    if (name[0] == '/') {
        snprintf(path, PATH_MAX, "%s", name);
    } else {
        char folder[PATH_MAX], link[64];
        snprintf(link, sizeof link, directory == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", directory);
        ssize_t length = readlink(link, folder, sizeof folder - 1);
        if (length < 0) return 0;
        folder[length] = 0;
        if (snprintf(path, PATH_MAX, "%.2000s/%.2000s", folder, name) < 0) return 0;
    }
    for (size_t length = strlen(path); length > 1 && path[length - 1] == '/';) path[--length] = 0;
    return under_root(path);
}

static int open_file(int directory, const char *name, int flags, mode_t mode) {
    char path[PATH_MAX];
    if (!locate(directory, name, path)) return real_openat(directory, name, flags, mode);
    enter();
    int changing = (flags & (O_CREAT | O_TRUNC)) || (flags & O_ACCMODE) != O_RDONLY;
    struct rule rule = judge(changing ? OPEN : OPEN_READ, path, flags);
    if (rule.action == ERROR) return finish(rule, -1, (int)rule.number);
    struct file *file = changing ? file_at(path, 1) : NULL;
    if (file && flags & O_TRUNC) keep(file, 0, file->synced);
    int descriptor = real_openat(directory, name, flags, mode), code = errno;
    if (descriptor < 0) return finish(rule, -1, code);
    if (!file && (file = file_at(path, 1)) && changing) {
        file->synced = 0;
        note(OPEN, path, NULL);
    }
    if (descriptor < DESCRIPTORS) table[descriptor] = file;
    return finish(rule, descriptor, code);
}

static mode_t mode_of(int flags, va_list arguments) {
    return flags & (O_CREAT | O_TMPFILE) ? (mode_t)va_arg(arguments, int) : 0;
}

#define OPENER(NAME)                                          \
    EXPORTED int NAME(const char *name, int flags, ...) {     \
        va_list arguments;                                    \
        va_start(arguments, flags);                           \
        mode_t mode = mode_of(flags, arguments);              \
        va_end(arguments);                                    \
        return open_file(AT_FDCWD, name, flags, mode);        \
    }
#define OPENER_AT(NAME)                                                  \
    EXPORTED int NAME(int directory, const char *name, int flags, ...) { \
        va_list arguments;                                               \
        va_start(arguments, flags);                                      \
        mode_t mode = mode_of(flags, arguments);                         \
        va_end(arguments);                                               \
        return open_file(directory, name, flags, mode);                  \
    }
OPENER(open)
OPENER(open64)
OPENER_AT(openat)
OPENER_AT(openat64)

EXPORTED int renameat(int directory, const char *name, int to_directory, const char *to_name) {
    char path[PATH_MAX], to[PATH_MAX];
    if (!locate(directory, name, path) || !locate(to_directory, to_name, to))
        return real_renameat(directory, name, to_directory, to_name);
    enter();
    struct rule rule = judge(RENAME, to, 0);
    if (rule.action == ERROR) return finish(rule, -1, (int)rule.number);
    if (rule.action == NO_OP) return finish(rule, 0, 0);
    struct file *file = file_at(path, 1);
    struct change *change = note(RENAME, path, to);
    set_aside(change, to);
    int result = real_renameat(directory, name, to_directory, to_name), code = errno;
    if (result == 0 && file) snprintf(file->path, sizeof file->path, "%s", to);
    if (result != 0) take_back_note(change);
    return finish(rule, result, code);
}

EXPORTED int rename(const char *name, const char *to) { return renameat(AT_FDCWD, name, AT_FDCWD, to); }

EXPORTED int unlinkat(int directory, const char *name, int flags) {
    char path[PATH_MAX];
    if (flags || !locate(directory, name, path)) return real_unlinkat(directory, name, flags);
    enter();
    struct rule rule = judge(UNLINK, path, 0);
    if (rule.action == ERROR) return finish(rule, -1, (int)rule.number);
    if (rule.action == NO_OP || access(path, F_OK) != 0)
        return finish(rule, rule.action == NO_OP ? 0 : -1, ENOENT);
    set_aside(note(UNLINK, path, NULL), path);
    int result = real_unlinkat(directory, name, flags), code = errno;
    return finish(rule, result, code);
}

EXPORTED int unlink(const char *name) { return unlinkat(AT_FDCWD, name, 0); }

EXPORTED int mkdirat(int directory, const char *name, mode_t mode) {
    char path[PATH_MAX];
    if (!locate(directory, name, path)) return real_mkdirat(directory, name, mode);
    enter();
    struct rule rule = judge(MKDIR, path, 0);
    if (rule.action == ERROR) return finish(rule, -1, (int)rule.number);
    int result = real_mkdirat(directory, name, mode), code = errno;
    if (result == 0) note(MKDIR, path, NULL);
    return finish(rule, result, code);
}

EXPORTED int mkdir(const char *name, mode_t mode) { return mkdirat(AT_FDCWD, name, mode); }

// MARK: - Bytes

static struct file *file_of(int descriptor) {
    if (!real_mkdirat) resolve();
    if (inside || descriptor < 0 || descriptor >= DESCRIPTORS) return NULL;
    return __atomic_load_n(&table[descriptor], __ATOMIC_RELAXED);
}

static ssize_t write_bytes(struct file *file, int descriptor, const void *bytes, size_t count, off_t at, int moves) {
    enter();
    struct rule rule = judge(WRITE, file->path, (long long)count);
    if (rule.action == ERROR) return finish(rule, -1, (int)rule.number);
    if (rule.action == NO_OP) {
        leave();
        return (ssize_t)count;
    }
    size_t less = count;
    if (rule.action == TORN) less = rule.number < 0 ? count - 1 : rule.number == 0 ? count / 2 : (size_t)rule.number;
    if (rule.action == SHORT) less = (size_t)rule.number;
    if (less < count) count = less;
    if (moves) at = fcntl(descriptor, F_GETFL) & O_APPEND ? lseek(descriptor, 0, SEEK_END) : lseek(descriptor, 0, SEEK_CUR);
    keep(file, at, at + (off_t)count);
    ssize_t result = moves ? real_write(descriptor, bytes, count) : real_pwrite(descriptor, bytes, count, at);
    int code = errno;
    if (rule.action == TORN || rule.action == KILL_AFTER) die(rule.losing);
    leave();
    errno = code;
    return result;
}

EXPORTED ssize_t write(int descriptor, const void *bytes, size_t count) {
    struct file *file = file_of(descriptor);
    return file ? write_bytes(file, descriptor, bytes, count, 0, 1) : real_write(descriptor, bytes, count);
}

EXPORTED ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t at) {
    struct file *file = file_of(descriptor);
    return file ? write_bytes(file, descriptor, bytes, count, at, 0) : real_pwrite(descriptor, bytes, count, at);
}

EXPORTED ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t at) {
    return pwrite(descriptor, bytes, count, at);
}

EXPORTED int ftruncate(int descriptor, off_t size) {
    struct file *file = file_of(descriptor);
    if (!file) return real_ftruncate(descriptor, size);
    enter();
    struct rule rule = judge(FTRUNCATE, file->path, (long long)size);
    if (rule.action == ERROR) return finish(rule, -1, (int)rule.number);
    if (rule.action == NO_OP) return finish(rule, 0, 0);
    keep(file, size, file->synced);
    int result = real_ftruncate(descriptor, size), code = errno;
    return finish(rule, result, code);
}

EXPORTED int ftruncate64(int descriptor, off64_t size) { return ftruncate(descriptor, size); }

static int sync_file(struct file *file, int descriptor, enum function function) {
    enter();
    struct rule rule = judge(function, file->path, 0);
    if (rule.action == ERROR) {
        // The kernel forgets such pages: a second sync would succeed, and they would be gone.
        file->is_doomed = 1;
        return finish(rule, -1, (int)rule.number);
    }
    if (rule.action == NO_OP) return finish(rule, 0, 0);
    int result = function == FSYNC ? real_fsync(descriptor) : real_fdatasync(descriptor), code = errno;
    if (result == 0) settle(file);
    return finish(rule, result, code);
}

EXPORTED int fsync(int descriptor) {
    struct file *file = file_of(descriptor);
    return file ? sync_file(file, descriptor, FSYNC) : real_fsync(descriptor);
}

EXPORTED int fdatasync(int descriptor) {
    struct file *file = file_of(descriptor);
    return file ? sync_file(file, descriptor, FDATASYNC) : real_fdatasync(descriptor);
}

EXPORTED int close(int descriptor) {
    if (file_of(descriptor)) __atomic_store_n(&table[descriptor], NULL, __ATOMIC_RELAXED);
    return real_close(descriptor);
}

// Cuts the power when the driver says so, also while the program is idle.
static void *watch(void *nothing) {
    for (;;) {
        int64_t cut = __atomic_load_n(&control->cut, __ATOMIC_SEQ_CST);
        if (cut) {
            enter();
            die(cut == 2 ? LOSE_SOME : LOSE_ALL);
        }
        usleep(500);
    }
    return nothing;
}

__attribute__((constructor)) static void begin(void) {
    resolve();
    const char *directory = getenv("FAULTS_ROOT"), *folder = getenv("FAULTS_SPARE"), *plan = getenv("FAULTS_PLAN");
    const char *log = getenv("FAULTS_LOG"), *shared = getenv("FAULTS_CONTROL");
    if (!directory || !folder) return;
    snprintf(spare, sizeof spare, "%s", folder);
    open_log(log);
    if (plan) read_plan(strdup(plan));
    snprintf(root, sizeof root, "%s", directory);
    int descriptor = shared ? real_openat(AT_FDCWD, shared, O_RDWR | O_CLOEXEC) : -1;
    if (descriptor < 0) return;
    void *mapped = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    pthread_t thread;
    if (mapped != MAP_FAILED) control = mapped;
    if (mapped != MAP_FAILED && pthread_create(&thread, NULL, watch, NULL) != 0) abort();
}

__attribute__((destructor)) static void end(void) {
    if (!lose_at_exit) return;
    enter();
    lose(LOSE_ALL);
    leave();
}
