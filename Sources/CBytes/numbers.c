// Columns of whole numbers, which need no table to be searched: what is known of a number stands at its place. Without a
// branch that depends on a cell, because whether a number is new cannot be guessed.

#include "cbytes.h"

#include <string.h>

// The value of eight digits, the first of them the lowest byte (D. Lemire, "Quickly parsing eight digits", 2018).
static inline uint64_t value_of(uint64_t digits) {
    digits = digits * 10 + (digits >> 8);
    return (((digits & 0x000000FF000000FFull) * 0x000F424000000064ull)
            + (((digits >> 16) & 0x000000FF000000FFull) * 0x0000271000000001ull)) >> 32;
}

// So many rows are read before the first of them is looked up, whose place is on its way meanwhile.
#define ROWS_AT_A_TIME 64

// The places of numbers in `known`, UINT32_MAX for rows without cells; false when some cell is no number.
static bool read_places(
    const struct shoal_cells *cells, const struct shoal_number_column *column, size_t first_row, size_t end_row,
    uint32_t *places
) {
    uint64_t odd = 0;
    for (size_t row = first_row; row < end_row; row++) {
        if (cells->first_cells[row] < 0) {
            places[row - first_row] = UINT32_MAX;
            continue;
        }
        size_t index = (size_t)cells->first_cells[row] + column->column;
        size_t length = cells->lengths[index], start = cells->starts[index];
        uint64_t word = 0;
        // A start in `undone` is beyond all bytes.
        if (start + 8 <= cells->bytes_length) {
            memcpy(&word, cells->bytes + start, 8);
        } else if (length > 0) {
            if (start >> 31 || length > 8) return false;
            memcpy(&word, cells->bytes + start, length);
        }
        // Zeros before the digits, nothing behind them.
        size_t missing = length < 8 ? 8 - length : 0;
        uint64_t digits = length == 0 ? 0 : (word ^ 0x3030303030303030ull) << (8 * (missing & 7));
        uint64_t number = value_of(digits);
        uint64_t is_odd = ((digits | (digits + 0x0606060606060606ull)) & 0xF0F0F0F0F0F0F0F0ull)
                        | (uint64_t)(length > 8) | (uint64_t)(length > 1 && (word & 0xFF) == '0')
                        | (uint64_t)(number >= column->numbers_max);
        odd |= is_odd;
        uint32_t place = is_odd != 0 || length == 0 ? 0 : (uint32_t)number + 1;
        __builtin_prefetch(&column->known[place], 1);
        places[row - first_row] = place;
    }
    return odd == 0;
}

size_t shoal_number_codes(const struct shoal_cells *cells, const struct shoal_number_column *column) {
    if (cells->rows > SHOAL_NUMBER_ROWS_MAX) return SIZE_MAX;
    size_t count = 0;
    for (size_t first = 0; first < cells->rows; first += ROWS_AT_A_TIME) {
        size_t end = cells->rows - first < ROWS_AT_A_TIME ? cells->rows : first + ROWS_AT_A_TIME;
        uint32_t places[ROWS_AT_A_TIME];
        // What is no number shows early.
        if (!read_places(cells, column, first, end, places)) return SIZE_MAX;
        for (size_t row = first; row < end; row++) {
            uint32_t place = places[row - first];
            if (place == UINT32_MAX) {
                column->codes[row] = UINT32_MAX;
                continue;
            }
            uint32_t known = column->known[place];
            int is_new = known >> 16 != column->call;
            uint32_t code = is_new ? (uint32_t)count : known & 0xFFFF;
            column->known[place] = (uint32_t)column->call << 16 | code;
            column->rows[count] = (uint32_t)row;
            column->numbers[count] = place;
            column->codes[row] = code;
            count += (size_t)is_new;
        }
    }
    return count;
}
