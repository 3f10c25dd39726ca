// Large pieces of memory that grow without being copied and go back to the system as a whole. In C because Swift cannot
// call `mremap`, which takes a variable list of arguments.

#define _GNU_SOURCE
#include "cbytes.h"

#include <sys/mman.h>

void *shoal_pages_resize(void *old, size_t old_size, size_t new_size) {
    void *pages = old == NULL
        ? mmap(NULL, new_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        : mremap(old, old_size, new_size, MREMAP_MAYMOVE);
    return pages == MAP_FAILED ? NULL : pages;
}

void shoal_pages_free(void *pages, size_t size) { munmap(pages, size); }
