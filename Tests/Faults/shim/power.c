// What a power cut takes back: bytes that were written since the last sync of their file, and names that were changed since
// the last sync of their directory.
#include "shim.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct file *files;
static struct change *changes;
static long spares;

struct file *file_at(const char *path, int make) {
    for (struct file *file = files; file; file = file->next)
        if (strcmp(file->path, path) == 0) return file;
    struct stat status;
    if (!make || lstat(path, &status) != 0 || !(S_ISREG(status.st_mode) || S_ISDIR(status.st_mode))) return NULL;
    struct file *file = calloc(1, sizeof *file);
    if (!file) abort();
    snprintf(file->path, sizeof file->path, "%s", path);
    file->is_directory = S_ISDIR(status.st_mode);
    file->synced = status.st_size;
    file->next = files;
    return files = file;
}

// Keeps what lies between two offsets as it was at the last sync, unless it is kept already.
void keep(struct file *file, off_t from, off_t to) {
    if (to > file->synced) to = file->synced;
    for (off_t at = from / PAGE * PAGE; at < to; at += PAGE) {
        size_t number = (size_t)(at / PAGE);
        if (number >= file->kept_count) {
            size_t count = number * 2 + 64;
            file->kept = realloc(file->kept, count);
            if (!file->kept) abort();
            memset(file->kept + file->kept_count, 0, count - file->kept_count);
            file->kept_count = count;
        }
        if (file->kept[number]) continue;
        struct page *page = malloc(sizeof *page);
        int descriptor = real_openat(AT_FDCWD, file->path, O_RDONLY | O_CLOEXEC);
        if (!page || descriptor < 0) abort();
        ssize_t length = pread(descriptor, page->bytes, PAGE, at);
        real_close(descriptor);
        page->offset = at;
        page->length = length < 0 ? 0 : (size_t)length;
        if ((off_t)page->length > file->synced - at) page->length = (size_t)(file->synced - at);
        page->next = file->pages;
        file->pages = page;
        file->kept[number] = 1;
    }
}

static void forget(struct file *file) {
    while (file->pages) {
        struct page *page = file->pages;
        file->pages = page->next;
        free(page);
    }
    if (file->kept) memset(file->kept, 0, file->kept_count);
}

static int lies_in(const char *path, const char *directory) {
    size_t length = strlen(directory);
    return strncmp(path, directory, length) == 0 && path[length] == '/' && !strchr(path + length + 1, '/');
}

// A sync came back: this is what a power cut leaves.
void settle(struct file *file) {
    if (file->is_doomed) return;
    if (!file->is_directory) {
        struct stat status;
        forget(file);
        if (lstat(file->path, &status) == 0) file->synced = status.st_size;
        return;
    }
    for (struct change **link = &changes; *link;) {
        struct change *change = *link;
        if (!lies_in(change->path, file->path)) {
            link = &change->next;
            continue;
        }
        if (change->spare[0]) real_unlinkat(AT_FDCWD, change->spare, 0);
        *link = change->next;
        free(change);
    }
}

struct change *note(enum function kind, const char *path, const char *to) {
    struct change *change = calloc(1, sizeof *change);
    if (!change) abort();
    change->kind = kind;
    snprintf(change->path, sizeof change->path, "%s", path);
    if (to) snprintf(change->to, sizeof change->to, "%s", to);
    change->next = changes;
    return changes = change;
}

// Forgets the latest change, which did not come about.
void take_back_note(struct change *change) {
    changes = change->next;
    free(change);
}

// Keeps a file that is about to lose its name under another one.
void set_aside(struct change *change, const char *path) {
    snprintf(change->spare, sizeof change->spare, "%.3900s/%ld-%d", spare, ++spares, (int)getpid());
    if (linkat(AT_FDCWD, path, AT_FDCWD, change->spare, 0) != 0) change->spare[0] = 0;
    struct file *file = file_at(path, 0);
    if (file) snprintf(file->path, sizeof file->path, "%s", change->spare[0] ? change->spare : "?");
}

static void lose_bytes(struct file *file, enum losing losing) {
    struct stat status;
    if (file->is_directory || lstat(file->path, &status) != 0) return;
    int descriptor = real_openat(AT_FDCWD, file->path, O_WRONLY | O_CLOEXEC);
    if (descriptor < 0) return;
    off_t now = status.st_size, size = file->synced;
    if (losing == LOSE_SOME && now != size && draw() % 2) size = now;
    static const char zeros[PAGE];
    for (off_t at = file->synced / PAGE * PAGE; losing == LOSE_SOME && at < now && at < size; at += PAGE) {
        off_t from = at < file->synced ? file->synced : at, to = at + PAGE < now ? at + PAGE : now;
        if (draw() % 2) real_pwrite(descriptor, zeros, (size_t)(to - from), from);
    }
    for (struct page *page = file->pages; page; page = page->next) {
        if (losing == LOSE_SOME && page->offset < now && draw() % 2) continue;
        real_pwrite(descriptor, page->bytes, page->length, page->offset);
    }
    real_ftruncate(descriptor, size);
    real_close(descriptor);
}

static void undo(struct change *change) {
    switch (change->kind) {
    case OPEN:
    case MKDIR: {
        char lost[PATH_MAX];
        snprintf(lost, sizeof lost, "%.3900s/lost-%ld-%d", spare, ++spares, (int)getpid());
        real_renameat(AT_FDCWD, change->path, AT_FDCWD, lost);
        break;
    }
    case RENAME:
        real_renameat(AT_FDCWD, change->to, AT_FDCWD, change->path);
        if (change->spare[0]) real_renameat(AT_FDCWD, change->spare, AT_FDCWD, change->to);
        break;
    default:
        if (change->spare[0]) real_renameat(AT_FDCWD, change->spare, AT_FDCWD, change->path);
    }
}

// What a power cut does to the disk.
void lose(enum losing losing) {
    for (struct file *file = files; file; file = file->next) lose_bytes(file, losing);
    long count = 0;
    for (struct change *change = changes; change; change = change->next) count++;
    long kept = losing == LOSE_SOME && count > 0 ? (long)(draw() % (uint64_t)(count + 1)) : 0;
    // The latest comes first, so what is undone is what came after those that are kept.
    for (struct change *change = changes; change && count > kept; change = change->next, count--) undo(change);
}

_Noreturn void die(enum losing losing) {
    if (losing != KEEP) lose(losing);
    syscall(SYS_kill, getpid(), 9);
    for (;;) pause();
}

