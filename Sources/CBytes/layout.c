// What stands between the cells of rows, and numbers byte by byte. In C because both walk over every cell of a file, and a
// bounds check for each byte would cost more than the work.

#include "cbytes.h"

bool shoal_cell_quotes(
    const struct shoal_cells *cells, size_t first_row, size_t row_count, size_t columns, const uint8_t *bytes,
    size_t length, uint8_t delimiter, uint8_t quote, struct shoal_quotes *found
) {
    // By whether it is quoted, then whether it is empty: which columns have such a cell.
    uint64_t seen[2][2] = {{0, 0}, {0, 0}};
    // Offsets from the first byte of the cells.
    const uint8_t *own = cells->bytes;
    size_t next = (uintptr_t)bytes - (uintptr_t)own, limit = next + length;
    if (length > cells->bytes_length || next > cells->bytes_length - length) return false;
    for (size_t row = first_row; row < first_row + row_count; row++) {
        if (cells->first_cells[row] < 0) return false;
        const uint32_t *starts = cells->starts + cells->first_cells[row];
        const uint32_t *lengths = cells->lengths + cells->first_cells[row];
        for (size_t column = 0; column < columns; column++) {
            // A cell begins where the one before it says, or a byte later, behind its quote.
            size_t start = starts[column], cell_length = lengths[column];
            size_t is_quoted = start - next, end = start + cell_length;
            if (is_quoted > 1 || end + is_quoted > limit) return false;
            seen[is_quoted][cell_length == 0] |= 1ull << column;
            if (is_quoted && own[start - 1] != quote) return false;
            if (end + is_quoted == limit) {
                *found = (struct shoal_quotes){seen[0][0], seen[0][1], seen[1][0], seen[1][1]};
                int is_last = column + 1 == columns && row + 1 == first_row + row_count;
                return is_last && (!is_quoted || own[end] == quote);
            }
            if (is_quoted && own[end] != quote) return false;
            if (own[end + is_quoted] != (column + 1 < columns ? delimiter : '\n')) return false;
            next = end + is_quoted + 1;
        }
    }
    return false;
}

bool shoal_planes(
    const uint32_t *codes, size_t count, const uint64_t *numbers, size_t numbers_count, size_t planes, uint8_t *output
) {
    if (planes == 1) {
        for (size_t index = 0; index < count; index++) {
            if (codes[index] >= numbers_count) return false;
            output[index] = (uint8_t)numbers[codes[index]];
        }
        return true;
    }
    for (size_t index = 0; index < count; index++) {
        if (codes[index] >= numbers_count) return false;
        uint64_t rest = numbers[codes[index]];
        uint8_t *target = output + index;
        for (size_t plane = 0; plane < planes; plane++, rest >>= 8, target += count) *target = (uint8_t)rest;
    }
    return true;
}
