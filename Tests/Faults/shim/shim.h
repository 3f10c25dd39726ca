// Stands between a program and the C library: counts what it does to the files under one directory, writes down who did
// it, and kills, fails or cuts the power at any of these calls. Loaded with LD_PRELOAD by machine.py; never linked into anything.
//
//   FAULTS_ROOT     the directory, absolute; files elsewhere are left alone
//   FAULTS_SPARE    a folder on the same file system, outside of it: what a power cut must bring back is kept there
//   FAULTS_LOG      a file outside of it: a line for each counted call
//   FAULTS_CONTROL  a file of 8 numbers of 8 bytes, shared with the driver; see `struct control`
//   FAULTS_PLAN     rules, separated by ';', of words: do=ACTION[:NUMBER] fn=NAME,NAME file=END site=HEX call=N times=N
//                   chance=PER-MILLION lose=all|some, and once seed=N and exit=lose
//
// A rule looks at the counted calls that fit its fn, file and site; of these it strikes from the call-th on (1 without it),
// `times` times (once without it, 0 means always), each with its chance. Without fn it looks at all that change something.
//
//   kill-before  kill-after      SIGKILL; with lose= the power goes with it
//   torn:BYTES                   writes so many bytes (0: half, -1: all but the last), then kills
//   error:ERRNO                  fails; what a failed sync should have made last will be lost with the power
//   short:BYTES                  writes no more than these, and says so
//   no-op                        says that it was done, and does nothing
//   delay:MILLISECONDS
//
// A power cut brings back what was on the disk at the last sync: of each file the bytes and the size, of each directory
// the names. With lose=some a part of what was not synced is there after all, in no order for bytes, in their order for names.
#ifndef SHIM_H
#define SHIM_H
#define _GNU_SOURCE
#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

enum function { OPEN, OPEN_READ, WRITE, FSYNC, FDATASYNC, FTRUNCATE, RENAME, UNLINK, MKDIR, FUNCTIONS };

enum action { NOTHING, KILL_BEFORE, KILL_AFTER, TORN, ERROR, SHORT, NO_OP, DELAY };

enum losing { KEEP, LOSE_ALL, LOSE_SOME };

struct rule {
    enum action action;
    long number;
    unsigned functions;
    char file[64];
    uint32_t site;
    long call, times, chance, seen, struck;
    enum losing losing;
};

struct control {
    int64_t armed;   // the driver: whether calls are counted and rules strike
    int64_t calls;   // the shim: how many were counted
    int64_t struck;  // the shim: how often a rule struck
    int64_t cut;     // the driver: 1 cuts the power and loses everything, 2 some
    int64_t unused[4];
};

enum { PAGE = 4096, DESCRIPTORS = 65536, RULES = 32, FRAMES = 32, SITE_FRAMES = 12 };

// A page as it was at the last sync of its file.
struct page {
    off_t offset;
    size_t length;
    struct page *next;
    char bytes[PAGE];
};

struct file {
    char path[PATH_MAX];
    int is_directory, is_doomed;
    off_t synced;         // its size at the last sync
    struct page *pages;   // what was overwritten since
    unsigned char *kept;  // a byte for each page: whether it is among these
    size_t kept_count;
    struct file *next;
};

// A change of a name that no sync of its directory has made last.
struct change {
    enum function kind;
    char path[PATH_MAX], to[PATH_MAX], spare[PATH_MAX];
    struct change *next;  // the one before
};

// The C library's own.
extern int (*real_openat)(int, const char *, int, ...);
extern int (*real_close)(int);
extern ssize_t (*real_write)(int, const void *, size_t);
extern ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
extern int (*real_fsync)(int), (*real_fdatasync)(int), (*real_ftruncate)(int, off_t);
extern int (*real_renameat)(int, const char *, int, const char *);
extern int (*real_unlinkat)(int, const char *, int), (*real_mkdirat)(int, const char *, mode_t);

extern char root[PATH_MAX], spare[PATH_MAX];
extern struct control *control;

// plan.c: counting, and what is to happen. `judge` counts a call and kills at once where it is to be killed before.
void read_plan(char *plan);
void open_log(const char *path);
struct rule judge(enum function function, const char *path, long long size);
uint64_t draw(void);
extern int lose_at_exit;

// power.c: what a power cut takes back. All of it is to be called in turn, that is under the lock of calls.c.
struct file *file_at(const char *path, int make);
void keep(struct file *file, off_t from, off_t to);
void settle(struct file *file);
struct change *note(enum function kind, const char *path, const char *to);
void take_back_note(struct change *change);
void set_aside(struct change *change, const char *path);
void lose(enum losing losing);
_Noreturn void die(enum losing losing);

#endif
