#ifndef SHOAL_CHECKSUMS_H
#define SHOAL_CHECKSUMS_H

#include <stddef.h>
#include <stdint.h>

/// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78) of `length` bytes, continuing from `crc` (0 to begin).
/// Uses the processor's own instruction where there is one; both ways give the same number.
uint32_t shoal_crc32c(uint32_t crc, const void *bytes, size_t length);

/// The same by tables alone, for comparison in tests.
uint32_t shoal_crc32c_by_tables(uint32_t crc, const void *bytes, size_t length);

#endif
