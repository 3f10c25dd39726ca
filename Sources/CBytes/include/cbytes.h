#ifndef SHOAL_CBYTES_H
#define SHOAL_CBYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78) of `length` bytes, continuing from `crc` (0 to begin).
/// Uses the processor's own instruction where there is one; both ways give the same number.
uint32_t shoal_crc32c(uint32_t crc, const void *bytes, size_t length);

/// The same by tables alone, for comparison in tests.
uint32_t shoal_crc32c_by_tables(uint32_t crc, const void *bytes, size_t length);

/// Whether `part` occurs in `bytes`.
bool shoal_contains(const void *bytes, size_t length, const void *part, size_t part_length);

#endif
