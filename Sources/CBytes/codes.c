// The different cells of a column, sixteen bytes at a time. In C for the same reason as `table.c`.

#include "cbytes.h"

#include <string.h>

static inline uint64_t folded(uint64_t left, uint64_t right) {
    unsigned __int128 product = (unsigned __int128)left * right;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t word_at(const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, 8);
    return word;
}

// The first sixteen bytes of a cell, zeros behind its end; `room` bytes may be read.
static inline void first_words(const uint8_t *cell, size_t length, size_t room, uint64_t words[2]) {
    static const uint64_t masks[17][2] = {
        {0, 0}, {0xFF, 0}, {0xFFFF, 0}, {0xFFFFFF, 0}, {0xFFFFFFFF, 0}, {0xFFFFFFFFFF, 0}, {0xFFFFFFFFFFFF, 0},
        {0xFFFFFFFFFFFFFF, 0}, {~0ull, 0}, {~0ull, 0xFF}, {~0ull, 0xFFFF}, {~0ull, 0xFFFFFF}, {~0ull, 0xFFFFFFFF},
        {~0ull, 0xFFFFFFFFFF}, {~0ull, 0xFFFFFFFFFFFF}, {~0ull, 0xFFFFFFFFFFFFFF}, {~0ull, ~0ull},
    };
    uint8_t copy[16] = {0};
    if (room < 16) {
        memcpy(copy, cell, length < 16 ? length : 16);
        cell = copy;
    }
    const uint64_t *mask = masks[length < 16 ? length : 16];
    words[0] = word_at(cell) & mask[0];
    words[1] = word_at(cell + 8) & mask[1];
}

// Sixteen bytes in one multiplication; who does not know the seed can make neither factor zero.
static inline uint64_t hash_of(const uint8_t *cell, size_t length, const uint64_t words[2], uint64_t seed) {
    uint64_t other = (seed << 32 | seed >> 32) ^ 0xA0761D6478BD642Full;
    uint64_t hash = folded(words[0] ^ seed, words[1] ^ other ^ (uint64_t)length << 56);
    if (length <= 16) return hash;
    for (size_t offset = 16; offset + 8 < length; offset += 8) {
        hash = folded(hash ^ word_at(cell + offset), 0xE7037ED1A0B428DBull);
    }
    return folded(hash ^ word_at(cell + length - 8), 0x8EBC6AF09C88C6E3ull);
}

size_t shoal_cell_codes(
    const struct shoal_cells *cells, size_t column, uint32_t *codes, struct shoal_cell_entry *entries, uint32_t *slots,
    size_t slots_max, uint64_t seed
) {
    size_t count = 0, size = slots_max < 256 ? slots_max : 256;
    memset(slots, 0, size * sizeof *slots);
    for (size_t row = 0; row < cells->rows; row++) {
        if (cells->first_cells[row] < 0) {
            codes[row] = UINT32_MAX;
            continue;
        }
        size_t index = (size_t)cells->first_cells[row] + column;
        uint32_t start = cells->starts[index];
        size_t length = cells->lengths[index];
        int is_undone = start >> 31;
        size_t offset = start & 0x7FFFFFFF;
        const uint8_t *cell = (is_undone ? cells->undone : cells->bytes) + offset;
        uint64_t words[2];
        first_words(cell, length, (is_undone ? cells->undone_length : cells->bytes_length) - offset, words);
        // No look at the cell before: a guess that fails costs the processor more than finding the entry.
        uint64_t hash = hash_of(cell, length, words, seed);
        size_t slot = hash & (size - 1);
        uint32_t mark;
        while ((mark = slots[slot]) != 0) {
            const struct shoal_cell_entry *entry = &entries[mark - 1];
            if (((entry->first ^ words[0]) | (entry->second ^ words[1]) | (entry->length ^ length)) == 0
                && (length <= 16 || memcmp(cell, entry->cell, length) == 0)) break;
            slot = (slot + 1) & (size - 1);
        }
        if (mark == 0) {
            entries[count] = (struct shoal_cell_entry){words[0], words[1], hash, cell, (uint32_t)length, (uint32_t)row};
            count += 1;
            mark = (uint32_t)count;
            slots[slot] = mark;
            if (count * 4 > size && size < slots_max) {
                size = size * 4 < slots_max ? size * 4 : slots_max;
                memset(slots, 0, size * sizeof *slots);
                for (size_t known = 0; known < count; known++) {
                    size_t place = entries[known].hash & (size - 1);
                    while (slots[place] != 0) place = (place + 1) & (size - 1);
                    slots[place] = (uint32_t)known + 1;
                }
            }
        }
        codes[row] = mark - 1;
    }
    return count;
}
