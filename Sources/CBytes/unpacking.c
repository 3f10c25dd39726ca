// Packed integers, eight at a time. In C because Swift reaches neither shuffles of bytes nor shifts by different widths.

#include "cbytes.h"

#include <string.h>

#if defined(__x86_64__)

#include <immintrin.h>

// The eight bytes from `start` on of a lane of sixteen, as a shuffle takes them.
static inline uint64_t eight_bytes(unsigned start) { return 0x0706050403020100ull + start * 0x0101010101010101ull; }

static inline uint32_t four_bytes(unsigned start) { return 0x03020100u + start * 0x01010101u; }

__attribute__((target("avx2"))) static inline __m256i lanes(const uint8_t *low, const uint8_t *high) {
    __m256i first = _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)low));
    return _mm256_inserti128_si256(first, _mm_loadu_si128((const __m128i *)high), 1);
}

// A value of up to 57 bits lies in the eight bytes from its first one on, and two of them in sixteen.
__attribute__((target("avx2"))) static size_t unpack_words(
    const uint8_t *bits, size_t length, size_t count, unsigned width, int64_t base, uint32_t factor, int64_t *values) {
    size_t offsets[4];
    uint64_t shuffle[8], shift[8];
    for (unsigned pair = 0; pair < 4; pair++) {
        unsigned first = 2 * pair * width, second = (first & 7) + width;
        offsets[pair] = first >> 3;
        shuffle[2 * pair] = eight_bytes(0);
        shift[2 * pair] = first & 7;
        shuffle[2 * pair + 1] = eight_bytes(second >> 3);
        shift[2 * pair + 1] = second & 7;
    }
    const __m256i shuffles[2] = {
        _mm256_loadu_si256((const __m256i *)shuffle), _mm256_loadu_si256((const __m256i *)(shuffle + 4))};
    const __m256i shifts[2] = {
        _mm256_loadu_si256((const __m256i *)shift), _mm256_loadu_si256((const __m256i *)(shift + 4))};
    const __m256i mask = _mm256_set1_epi64x((int64_t)((1ull << width) - 1));
    const __m256i bases = _mm256_set1_epi64x(base), factors = _mm256_set1_epi64x(factor);
    size_t done = 0, start = 0;
    while (done + 8 <= count && start + offsets[3] + 16 <= length) {
        const uint8_t *group = bits + start;
        __m256i low = lanes(group + offsets[0], group + offsets[1]);
        __m256i high = lanes(group + offsets[2], group + offsets[3]);
        low = _mm256_and_si256(_mm256_srlv_epi64(_mm256_shuffle_epi8(low, shuffles[0]), shifts[0]), mask);
        high = _mm256_and_si256(_mm256_srlv_epi64(_mm256_shuffle_epi8(high, shuffles[1]), shifts[1]), mask);
        if (factor != 1) {
            low = _mm256_mul_epu32(low, factors);
            high = _mm256_mul_epu32(high, factors);
        }
        _mm256_storeu_si256((__m256i *)(values + done), _mm256_add_epi64(low, bases));
        _mm256_storeu_si256((__m256i *)(values + done + 4), _mm256_add_epi64(high, bases));
        done += 8;
        start += width;
    }
    return done;
}

// A value of up to 25 bits lies in the four bytes from its first one on, and four of them in sixteen.
__attribute__((target("avx2"))) static size_t unpack_codes(
    const uint8_t *bits, size_t length, size_t count, unsigned width, uint32_t added, uint32_t *codes) {
    uint32_t shuffle[8], shift[8];
    const size_t offset = (4 * width) >> 3;
    for (unsigned place = 0; place < 8; place++) {
        unsigned bit = place < 4 ? place * width : ((4 * width) & 7) + (place - 4) * width;
        shuffle[place] = four_bytes(bit >> 3);
        shift[place] = bit & 7;
    }
    const __m256i shuffles = _mm256_loadu_si256((const __m256i *)shuffle);
    const __m256i shifts = _mm256_loadu_si256((const __m256i *)shift);
    const __m256i mask = _mm256_set1_epi32((int32_t)((1u << width) - 1)), all = _mm256_set1_epi32((int32_t)added);
    size_t done = 0, start = 0;
    while (done + 8 <= count && start + offset + 16 <= length) {
        __m256i group = lanes(bits + start, bits + start + offset);
        group = _mm256_and_si256(_mm256_srlv_epi32(_mm256_shuffle_epi8(group, shuffles), shifts), mask);
        _mm256_storeu_si256((__m256i *)(codes + done), _mm256_add_epi32(group, all));
        done += 8;
        start += width;
    }
    return done;
}

size_t shoal_unpack_words(
    const uint8_t *bits, size_t length, size_t count, unsigned width, int64_t base, int64_t factor, int64_t *values) {
    bool fits = width <= 57 && (factor == 1 || (width <= 32 && factor > 0 && factor <= UINT32_MAX));
    if (!fits || !__builtin_cpu_supports("avx2")) return 0;
    return unpack_words(bits, length, count, width, base, (uint32_t)factor, values);
}

size_t shoal_unpack_codes(
    const uint8_t *bits, size_t length, size_t count, unsigned width, uint32_t added, uint32_t *codes) {
    if (width > 25 || !__builtin_cpu_supports("avx2")) return 0;
    return unpack_codes(bits, length, count, width, added, codes);
}

#else

size_t shoal_unpack_words(
    const uint8_t *bits, size_t length, size_t count, unsigned width, int64_t base, int64_t factor, int64_t *values) {
    return 0;
}

size_t shoal_unpack_codes(
    const uint8_t *bits, size_t length, size_t count, unsigned width, uint32_t added, uint32_t *codes) {
    return 0;
}

#endif

void shoal_patch_words(
    const uint8_t *places, size_t count, const uint8_t *bits, unsigned width, unsigned shift, int64_t *values) {
    const uint64_t mask = (1ull << width) - 1;
    size_t bit = 0;
    for (size_t index = 0; index < count; index++, bit += width) {
        uint64_t word;
        memcpy(&word, bits + (bit >> 3), 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        word = __builtin_bswap64(word);
#endif
        values[places[index]] |= (int64_t)(((word >> (bit & 7)) & mask) << shift);
    }
}
