// Searching bytes: the C library's own search, which Swift's module of it leaves out.

#define _GNU_SOURCE
#include "cbytes.h"

#include <string.h>

bool shoal_contains(const void *bytes, size_t length, const void *part, size_t part_length) {
    return memmem(bytes, length, part, part_length) != NULL;
}
