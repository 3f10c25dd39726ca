// CRC-32C, the checksum of every block on disk. In C because Swift reaches neither the processor's instruction for it
// nor, in a debug build, a speed at which whole files can be checked.

#include "cbytes.h"

#include <pthread.h>
#include <string.h>

#if defined(__aarch64__) && defined(__ARM_FEATURE_CRC32)
#include <arm_acle.h>
#endif

static uint32_t tables[8][256];
static pthread_once_t tables_once = PTHREAD_ONCE_INIT;

static void fill_tables(void) {
    for (uint32_t index = 0; index < 256; index++) {
        uint32_t crc = index;
        for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0x82F63B78u & (0u - (crc & 1)));
        tables[0][index] = crc;
    }
    for (uint32_t index = 0; index < 256; index++) {
        for (int table = 1; table < 8; table++) {
            uint32_t before = tables[table - 1][index];
            tables[table][index] = (before >> 8) ^ tables[0][before & 0xFF];
        }
    }
}

uint32_t shoal_crc32c_by_tables(uint32_t crc, const void *bytes, size_t length) {
    pthread_once(&tables_once, fill_tables);
    const uint8_t *next = bytes;
    uint32_t state = ~crc;
    // Slicing by eight (Kounavis and Berry, 2005): eight table look-ups take eight bytes at once.
    while (length >= 8) {
        uint32_t low = state ^ ((uint32_t)next[0] | (uint32_t)next[1] << 8 | (uint32_t)next[2] << 16
                                | (uint32_t)next[3] << 24);
        state = tables[7][low & 0xFF] ^ tables[6][(low >> 8) & 0xFF] ^ tables[5][(low >> 16) & 0xFF]
              ^ tables[4][low >> 24] ^ tables[3][next[4]] ^ tables[2][next[5]] ^ tables[1][next[6]]
              ^ tables[0][next[7]];
        next += 8;
        length -= 8;
    }
    while (length-- > 0) state = (state >> 8) ^ tables[0][(state ^ *next++) & 0xFF];
    return ~state;
}

#if defined(__x86_64__)

__attribute__((target("sse4.2")))
static uint32_t by_instruction(uint32_t crc, const uint8_t *next, size_t length) {
    uint64_t state = (uint32_t)~crc;
    while (length >= 8) {
        uint64_t word;
        memcpy(&word, next, 8);
        state = __builtin_ia32_crc32di(state, word);
        next += 8;
        length -= 8;
    }
    uint32_t rest = (uint32_t)state;
    while (length-- > 0) rest = __builtin_ia32_crc32qi(rest, *next++);
    return ~rest;
}

uint32_t shoal_crc32c(uint32_t crc, const void *bytes, size_t length) {
    if (__builtin_cpu_supports("sse4.2")) return by_instruction(crc, bytes, length);
    return shoal_crc32c_by_tables(crc, bytes, length);
}

#elif defined(__aarch64__) && defined(__ARM_FEATURE_CRC32)

uint32_t shoal_crc32c(uint32_t crc, const void *bytes, size_t length) {
    const uint8_t *next = bytes;
    uint32_t state = ~crc;
    while (length >= 8) {
        uint64_t word;
        memcpy(&word, next, 8);
        state = __crc32cd(state, word);
        next += 8;
        length -= 8;
    }
    while (length-- > 0) state = __crc32cb(state, *next++);
    return ~state;
}

#else

uint32_t shoal_crc32c(uint32_t crc, const void *bytes, size_t length) {
    return shoal_crc32c_by_tables(crc, bytes, length);
}

#endif
