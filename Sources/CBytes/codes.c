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

// The last sixteen bytes of a longer cell, else zeros. No branch on the length, which the processor could not guess.
static inline void last_words(const uint8_t *cell, size_t length, uint64_t words[2]) {
    uint64_t mask = 0 - (uint64_t)(length > 16);
    const uint8_t *last = cell + ((length - 16) & mask);
    words[0] = word_at(last) & mask;
    words[1] = word_at(last + 8) & mask;
}

// Who does not know the seed can make no factor zero.
static inline uint64_t hash_of(const uint8_t *cell, size_t length, const uint64_t words[4], uint64_t seed) {
    uint64_t other = (seed << 32 | seed >> 32) ^ 0xA0761D6478BD642Full;
    uint64_t hash = folded(words[0] ^ seed, words[1] ^ other ^ (uint64_t)length << 56);
    hash ^= folded(words[2] ^ other, words[3] ^ seed);
    for (size_t offset = 16; offset + 16 < length; offset += 8) {
        hash = folded(hash ^ word_at(cell + offset), 0xE7037ED1A0B428DBull);
    }
    return hash;
}

static void enlarge(struct shoal_coded_column *column) {
    column->size = column->size * 4 < column->slots_max ? column->size * 4 : column->slots_max;
    memset(column->slots, 0, column->size * sizeof *column->slots);
    for (size_t known = 0; known < column->count; known++) {
        size_t place = column->entries[known].hash & (column->size - 1);
        while (column->slots[place] != 0) place = (place + 1) & (column->size - 1);
        column->slots[place] = (uint32_t)known + 1;
    }
}

// The mark of a cell, its code plus one.
static inline uint32_t mark_of(
    const struct shoal_cells *cells, struct shoal_coded_column *column, uint32_t start, size_t length, size_t row,
    uint64_t seed
) {
    int is_undone = start >> 31;
    size_t offset = start & 0x7FFFFFFF;
    const uint8_t *cell = (is_undone ? cells->undone : cells->bytes) + offset;
    uint64_t words[4];
    size_t room = (is_undone ? cells->undone_length : cells->bytes_length) - offset;
    first_words(cell, length, room, words);
    if (room >= 16) {
        last_words(cell, length, words + 2);
    } else {
        words[2] = words[3] = 0;
    }
    // No look at the cell before: a guess that fails costs the processor more than finding the entry.
    uint64_t hash = hash_of(cell, length, words, seed);
    size_t slot = hash & (column->size - 1);
    uint32_t mark;
    while ((mark = column->slots[slot]) != 0) {
        const struct shoal_cell_entry *entry = &column->entries[mark - 1];
        uint64_t differ = (entry->words[0] ^ words[0]) | (entry->words[1] ^ words[1]) | (entry->words[2] ^ words[2])
                        | (entry->words[3] ^ words[3]) | (entry->length ^ length);
        if (differ == 0 && (length <= 32 || memcmp(cell + 16, entry->cell + 16, length - 32) == 0)) return mark;
        slot = (slot + 1) & (column->size - 1);
    }
    column->entries[column->count] =
        (struct shoal_cell_entry){{words[0], words[1], words[2], words[3]}, hash, cell, (uint32_t)length, (uint32_t)row};
    column->count += 1;
    mark = (uint32_t)column->count;
    column->slots[slot] = mark;
    if (length == 0) column->empty_mark = mark;
    if (column->count * 4 > column->size && column->size < column->slots_max) enlarge(column);
    return mark;
}

static void code_rows(
    const struct shoal_cells *cells, struct shoal_coded_column *column, size_t first_row, size_t end_row, uint64_t seed
) {
    // In a column of mostly empty cells the processor guesses rightly what comes next.
    const int is_mostly_empty = column->is_mostly_empty;
    size_t empty = 0;
    for (size_t row = first_row; row < end_row; row++) {
        if (cells->first_cells[row] < 0) {
            column->codes[row] = UINT32_MAX;
            continue;
        }
        size_t index = (size_t)cells->first_cells[row] + column->column;
        size_t length = cells->lengths[index];
        empty += length == 0;
        if (is_mostly_empty && length == 0 && column->empty_mark != 0) {
            column->codes[row] = column->empty_mark - 1;
            continue;
        }
        column->codes[row] = mark_of(cells, column, cells->starts[index], length, row, seed) - 1;
    }
    column->is_mostly_empty = empty * 8 >= (end_row - first_row) * 7;
}

// So many rows at a time that their cells stay in the nearest memory while one column after the other is coded.
#define ROWS_AT_A_TIME 128

void shoal_cell_codes(
    const struct shoal_cells *cells, struct shoal_coded_column *columns, size_t column_count, uint64_t seed
) {
    for (size_t index = 0; index < column_count; index++) {
        struct shoal_coded_column *column = &columns[index];
        column->count = 0;
        column->size = column->slots_max < 512 ? column->slots_max : 512;
        column->empty_mark = 0;
        column->is_mostly_empty = false;
        memset(column->slots, 0, column->size * sizeof *column->slots);
    }
    for (size_t row = 0; row < cells->rows; row += ROWS_AT_A_TIME) {
        size_t end = cells->rows - row < ROWS_AT_A_TIME ? cells->rows : row + ROWS_AT_A_TIME;
        for (size_t index = 0; index < column_count; index++) code_rows(cells, &columns[index], row, end, seed);
    }
}
