// SHA-256 (FIPS 180-4) of one piece of memory. In C because an import hashes every row, some hundred bytes each: making,
// feeding and asking a hash object costs more than hashing, and Swift does not reach the processor's instructions.

#include "cbytes.h"

#include <string.h>

static const uint32_t first_state[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static const uint32_t constants[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t big_endian(const uint8_t *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static uint32_t rotated(uint32_t word, int by) { return word >> by | word << (32 - by); }

static void plain_blocks(uint32_t state[8], const uint8_t *next, size_t count) {
    for (; count > 0; count--, next += 64) {
        uint32_t words[64];
        for (int index = 0; index < 16; index++) words[index] = big_endian(next + 4 * index);
        for (int index = 16; index < 64; index++) {
            uint32_t early = words[index - 15], late = words[index - 2];
            uint32_t zero = rotated(early, 7) ^ rotated(early, 18) ^ early >> 3;
            uint32_t one = rotated(late, 17) ^ rotated(late, 19) ^ late >> 10;
            words[index] = words[index - 16] + zero + words[index - 7] + one;
        }
        uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
        uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
        for (int index = 0; index < 64; index++) {
            uint32_t one = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
            uint32_t first = h + one + ((e & f) ^ (~e & g)) + constants[index] + words[index];
            uint32_t zero = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
            uint32_t second = zero + ((a & b) ^ (a & c) ^ (b & c));
            h = g; g = f; f = e; e = d + first;
            d = c; c = b; b = a; a = first + second;
        }
        state[0] += a; state[1] += b; state[2] += c; state[3] += d;
        state[4] += e; state[5] += f; state[6] += g; state[7] += h;
    }
}

typedef void block_function(uint32_t state[8], const uint8_t *next, size_t count);

// The last bytes, padded: a one bit, zeros, and the length in bits.
static void hash(block_function *blocks, const uint8_t *bytes, size_t length, uint8_t digest[32]) {
    uint32_t state[8];
    memcpy(state, first_state, sizeof state);
    size_t whole = length / 64;
    blocks(state, bytes, whole);
    uint8_t last[128] = {0};
    size_t rest = length - whole * 64;
    if (rest > 0) memcpy(last, bytes + whole * 64, rest);
    last[rest] = 0x80;
    size_t size = rest < 56 ? 64 : 128;
    uint64_t bits = (uint64_t)length * 8;
    for (int index = 0; index < 8; index++) last[size - 1 - index] = (uint8_t)(bits >> (8 * index));
    blocks(state, last, size / 64);
    for (int index = 0; index < 8; index++) {
        for (int byte = 0; byte < 4; byte++) digest[4 * index + byte] = (uint8_t)(state[index] >> (24 - 8 * byte));
    }
}

void shoal_sha256_plain(const void *bytes, size_t length, uint8_t digest[32]) {
    hash(plain_blocks, bytes, length, digest);
}

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

// The instructions of the SHA extensions work on the state as (ABEF, CDGH), four rounds at a time.
__attribute__((target("sha,sse4.1,ssse3")))
static void quick_blocks(uint32_t state[8], const uint8_t *next, size_t count) {
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
    __m128i abcd = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xB1);
    __m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1B);
    __m128i abef = _mm_alignr_epi8(abcd, efgh, 8);
    __m128i cdgh = _mm_blend_epi16(efgh, abcd, 0xF0);
    for (; count > 0; count--, next += 64) {
        __m128i before_abef = abef, before_cdgh = cdgh;
        __m128i words[4];
        for (int index = 0; index < 4; index++) {
            words[index] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(next + 16 * index)), swap);
        }
#pragma clang loop unroll(full)
        for (int group = 0; group < 16; group++) {
            __m128i current = words[group & 3];
            __m128i message = _mm_add_epi32(current, _mm_load_si128((const __m128i *)(constants + 4 * group)));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, message);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(message, 0x0E));
            if (group < 12) {
                __m128i second = words[(group + 1) & 3], third = words[(group + 2) & 3], fourth = words[(group + 3) & 3];
                __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(current, second), _mm_alignr_epi8(fourth, third, 4));
                words[group & 3] = _mm_sha256msg2_epu32(sum, fourth);
            }
        }
        abef = _mm_add_epi32(abef, before_abef);
        cdgh = _mm_add_epi32(cdgh, before_cdgh);
    }
    __m128i feba = _mm_shuffle_epi32(abef, 0x1B);
    __m128i dchg = _mm_shuffle_epi32(cdgh, 0xB1);
    _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xF0));
    _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

static int has_instructions(void) {
    static int known = -1;
    int answer = __atomic_load_n(&known, __ATOMIC_RELAXED);
    if (answer >= 0) return answer;
    unsigned a = 0, b = 0, c = 0, d = 0;
    answer = __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 29 & 1) && __builtin_cpu_supports("sse4.1");
    __atomic_store_n(&known, answer, __ATOMIC_RELAXED);
    return answer;
}

// Two messages side by side: each round waits for the one before it, so two chains take little longer than one.
__attribute__((target("sha,sse4.1,ssse3")))
static void quick_pairs(
    uint32_t left[8], uint32_t right[8], const uint8_t *next_left, const uint8_t *next_right, size_t count
) {
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
    __m128i abef[2], cdgh[2];
    uint32_t *states[2] = {left, right};
    const uint8_t *nexts[2] = {next_left, next_right};
#pragma clang loop unroll(full)
    for (int lane = 0; lane < 2; lane++) {
        __m128i abcd = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)states[lane]), 0xB1);
        __m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(states[lane] + 4)), 0x1B);
        abef[lane] = _mm_alignr_epi8(abcd, efgh, 8);
        cdgh[lane] = _mm_blend_epi16(efgh, abcd, 0xF0);
    }
    for (; count > 0; count--, nexts[0] += 64, nexts[1] += 64) {
        __m128i before_abef[2] = {abef[0], abef[1]}, before_cdgh[2] = {cdgh[0], cdgh[1]};
        __m128i words[2][4];
#pragma clang loop unroll(full)
        for (int lane = 0; lane < 2; lane++) {
#pragma clang loop unroll(full)
            for (int index = 0; index < 4; index++) {
                __m128i piece = _mm_loadu_si128((const __m128i *)(nexts[lane] + 16 * index));
                words[lane][index] = _mm_shuffle_epi8(piece, swap);
            }
        }
#pragma clang loop unroll(full)
        for (int group = 0; group < 16; group++) {
            __m128i constant = _mm_load_si128((const __m128i *)(constants + 4 * group));
#pragma clang loop unroll(full)
            for (int lane = 0; lane < 2; lane++) {
                __m128i current = words[lane][group & 3];
                __m128i message = _mm_add_epi32(current, constant);
                cdgh[lane] = _mm_sha256rnds2_epu32(cdgh[lane], abef[lane], message);
                abef[lane] = _mm_sha256rnds2_epu32(abef[lane], cdgh[lane], _mm_shuffle_epi32(message, 0x0E));
                if (group < 12) {
                    __m128i second = words[lane][(group + 1) & 3], third = words[lane][(group + 2) & 3];
                    __m128i fourth = words[lane][(group + 3) & 3];
                    __m128i sum = _mm_add_epi32(
                        _mm_sha256msg1_epu32(current, second), _mm_alignr_epi8(fourth, third, 4));
                    words[lane][group & 3] = _mm_sha256msg2_epu32(sum, fourth);
                }
            }
        }
#pragma clang loop unroll(full)
        for (int lane = 0; lane < 2; lane++) {
            abef[lane] = _mm_add_epi32(abef[lane], before_abef[lane]);
            cdgh[lane] = _mm_add_epi32(cdgh[lane], before_cdgh[lane]);
        }
    }
#pragma clang loop unroll(full)
    for (int lane = 0; lane < 2; lane++) {
        __m128i feba = _mm_shuffle_epi32(abef[lane], 0x1B);
        __m128i dchg = _mm_shuffle_epi32(cdgh[lane], 0xB1);
        _mm_storeu_si128((__m128i *)states[lane], _mm_blend_epi16(feba, dchg, 0xF0));
        _mm_storeu_si128((__m128i *)(states[lane] + 4), _mm_alignr_epi8(dchg, feba, 8));
    }
}

static block_function *best_blocks(void) { return has_instructions() ? quick_blocks : plain_blocks; }

static void two_at_once(
    uint32_t left[8], uint32_t right[8], const uint8_t *next_left, const uint8_t *next_right, size_t count
) {
    if (has_instructions()) return quick_pairs(left, right, next_left, next_right, count);
    plain_blocks(left, next_left, count);
    plain_blocks(right, next_right, count);
}

#else

static block_function *best_blocks(void) { return plain_blocks; }

static void two_at_once(
    uint32_t left[8], uint32_t right[8], const uint8_t *next_left, const uint8_t *next_right, size_t count
) {
    plain_blocks(left, next_left, count);
    plain_blocks(right, next_right, count);
}

#endif

void shoal_sha256(const void *bytes, size_t length, uint8_t digest[32]) { hash(best_blocks(), bytes, length, digest); }

// Rows of a table, two at a time.

// The longest row; longer ones are rare, and left to others.
#define LANE 4096

// Bytes behind a cell that a short one is copied with, whatever they are.
#define SHORT 32

// Puts what is hashed of a row into `target`, padded, and answers how many blocks it is; 0 when it has no room.
static inline size_t fill(
    const struct shoal_cells *cells, size_t row, const struct shoal_digest_column *columns, size_t column_count,
    uint8_t *target
) {
    const uint32_t *starts = cells->starts + cells->first_cells[row];
    const uint32_t *lengths = cells->lengths + cells->first_cells[row];
    size_t end = 0;
    for (size_t index = 0; index < column_count; index++) {
        size_t start = starts[columns[index].column], length = lengths[columns[index].column];
        uint16_t mark = columns[index].mark;
        target[end] = (uint8_t)mark;
        target[end + 1] = (uint8_t)(mark >> 8);
        // A start in `undone` is beyond all bytes.
        if (length <= SHORT && start + SHORT <= cells->bytes_length) {
            // An empty cell is written as well, and the next one over it.
            target[end + 2] = (uint8_t)length;
            memcpy(target + end + 3, cells->bytes + start, SHORT);
            end += length == 0 ? 0 : length + 3;
        } else if (length > 0) {
            if (length > LANE - 128 || end + length + 7 > LANE - 128) return 0;
            const uint8_t *cell = (start >> 31 ? cells->undone : cells->bytes) + (start & 0x7FFFFFFF);
            if (length < 255) {
                target[end + 2] = (uint8_t)length;
                end += 3;
            } else {
                target[end + 2] = 255;
                for (int byte = 0; byte < 4; byte++) target[end + 3 + byte] = (uint8_t)(length >> (8 * byte));
                end += 7;
            }
            memcpy(target + end, cell, length);
            end += length;
        }
        if (end > LANE - 128) return 0;
    }
    size_t count = (end + 8) / 64 + 1;
    memset(target + end, 0, 80);
    target[end] = 0x80;
    uint64_t bits = __builtin_bswap64((uint64_t)end * 8);
    memcpy(target + count * 64 - 8, &bits, 8);
    return count;
}

static inline void put(const uint32_t state[8], uint64_t digest[2]) {
    digest[0] = (uint64_t)state[0] << 32 | state[1];
    digest[1] = (uint64_t)state[2] << 32 | state[3];
}

size_t shoal_row_digests(
    const struct shoal_cells *cells, size_t first_row, size_t row_count, const struct shoal_digest_column *columns,
    size_t column_count, uint64_t (*digests)[2]
) {
    block_function *single = best_blocks();
    uint8_t left[LANE], right[LANE];
    for (size_t done = 0; done < row_count; done += 2) {
        uint32_t left_state[8], right_state[8];
        size_t left_count = fill(cells, first_row + done, columns, column_count, left);
        if (left_count == 0) return done;
        memcpy(left_state, first_state, sizeof left_state);
        size_t right_count = done + 1 < row_count ? fill(cells, first_row + done + 1, columns, column_count, right) : 0;
        if (right_count == 0) {
            single(left_state, left, left_count);
            put(left_state, digests[done]);
            return done + 1;
        }
        memcpy(right_state, first_state, sizeof right_state);
        size_t both = left_count < right_count ? left_count : right_count;
        two_at_once(left_state, right_state, left, right, both);
        if (left_count > both) single(left_state, left + both * 64, left_count - both);
        if (right_count > both) single(right_state, right + both * 64, right_count - both);
        put(left_state, digests[done]);
        put(right_state, digests[done + 1]);
    }
    return row_count;
}
