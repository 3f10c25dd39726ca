#ifndef SHOAL_ASSETS_H
#define SHOAL_ASSETS_H

#include <stddef.h>

/// A file of Web/, as it was when the program was built.
typedef struct {
    const char *name;
    const unsigned char *bytes;
    size_t count;
} shoal_asset;

/// The file of an index from 0; NULL past the last. The charts are there only when scripts/setup could fetch them.
const shoal_asset *shoal_asset_at(size_t index);

#endif
