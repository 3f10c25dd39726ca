// Splitting rows of a table, sixty-four bytes at a time. In C because Swift has no way to turn a comparison of many bytes
// into the bits of a word.

#include "cbytes.h"

#include <string.h>

// The bytes that mean something, as bits: delimiter, quote, line feed, carriage return, NUL.
struct marks {
    uint64_t special;
    uint64_t high;
};

#if defined(__x86_64__)

#include <emmintrin.h>

static inline struct marks marks_of(const uint8_t *bytes, uint8_t delimiter, uint8_t quote) {
    struct marks marks = {0, 0};
    const __m128i delimiters = _mm_set1_epi8((char)delimiter), quotes = _mm_set1_epi8((char)quote);
    const __m128i feeds = _mm_set1_epi8('\n'), returns = _mm_set1_epi8('\r'), zeros = _mm_setzero_si128();
    for (int part = 0; part < 4; part++) {
        __m128i piece = _mm_loadu_si128((const __m128i *)(bytes + 16 * part));
        __m128i found = _mm_or_si128(_mm_cmpeq_epi8(piece, delimiters), _mm_cmpeq_epi8(piece, quotes));
        found = _mm_or_si128(found, _mm_or_si128(_mm_cmpeq_epi8(piece, feeds), _mm_cmpeq_epi8(piece, returns)));
        found = _mm_or_si128(found, _mm_cmpeq_epi8(piece, zeros));
        marks.special |= (uint64_t)(uint16_t)_mm_movemask_epi8(found) << (16 * part);
        marks.high |= (uint64_t)(uint16_t)_mm_movemask_epi8(piece) << (16 * part);
    }
    return marks;
}

#else

static inline struct marks marks_of(const uint8_t *bytes, uint8_t delimiter, uint8_t quote) {
    struct marks marks = {0, 0};
    for (int index = 0; index < 64; index++) {
        uint8_t byte = bytes[index];
        uint64_t is_special = byte == delimiter || byte == quote || byte == '\n' || byte == '\r' || byte == 0;
        marks.special |= is_special << index;
        marks.high |= (uint64_t)(byte >> 7) << index;
    }
    return marks;
}

#endif

struct scan {
    const uint8_t *bytes;
    size_t length;
    // Where the block begins that `marks` speaks of.
    size_t block;
    struct marks marks;
    // Bytes of 0x80 or more in blocks left behind, since the record began.
    uint64_t high;
    uint8_t delimiter;
    uint8_t quote;
};

static inline void load(struct scan *scan) {
    size_t rest = scan->length - scan->block;
    if (rest >= 64) {
        scan->marks = marks_of(scan->bytes + scan->block, scan->delimiter, scan->quote);
        return;
    }
    // Behind the end stand bytes that mean nothing.
    uint8_t last[64];
    memset(last, 'x', sizeof last);
    memcpy(last, scan->bytes + scan->block, rest);
    scan->marks = marks_of(last, scan->delimiter, scan->quote);
}

// The next byte that means something, or the length when there is none.
static inline size_t next_mark(struct scan *scan) {
    while (scan->marks.special == 0) {
        if (scan->length - scan->block <= 64) return scan->length;
        scan->high |= scan->marks.high;
        scan->block += 64;
        load(scan);
    }
    size_t found = scan->block + (size_t)__builtin_ctzll(scan->marks.special);
    scan->marks.special &= scan->marks.special - 1;
    return found;
}

// Rows in which quotes stand at both ends of a cell or nowhere, and no carriage return: nearly all of nearly all files.
// Bits of a block are taken together, so that only the ends of cells are looked at one by one.

// Bit i: the count of ones up to i is odd.
static inline uint64_t odd_counts(uint64_t bits) {
    for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
    return bits;
}

struct plain_marks {
    uint64_t quotes;
    uint64_t delimiters;
    uint64_t feeds;
    // Carriage returns and NULs, which are left to others.
    uint64_t odd;
    uint64_t high;
};

#if defined(__x86_64__)

static inline struct plain_marks plain_marks_of(const uint8_t *bytes, uint8_t delimiter, uint8_t quote) {
    struct plain_marks marks = {0, 0, 0, 0, 0};
    const __m128i delimiters = _mm_set1_epi8((char)delimiter), quotes = _mm_set1_epi8((char)quote);
    const __m128i feeds = _mm_set1_epi8('\n'), returns = _mm_set1_epi8('\r'), zeros = _mm_setzero_si128();
    for (int part = 0; part < 4; part++) {
        __m128i piece = _mm_loadu_si128((const __m128i *)(bytes + 16 * part));
        __m128i odd = _mm_or_si128(_mm_cmpeq_epi8(piece, returns), _mm_cmpeq_epi8(piece, zeros));
        marks.quotes |= (uint64_t)(uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(piece, quotes)) << (16 * part);
        marks.delimiters |= (uint64_t)(uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(piece, delimiters)) << (16 * part);
        marks.feeds |= (uint64_t)(uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(piece, feeds)) << (16 * part);
        marks.odd |= (uint64_t)(uint16_t)_mm_movemask_epi8(odd) << (16 * part);
        marks.high |= (uint64_t)(uint16_t)_mm_movemask_epi8(piece) << (16 * part);
    }
    return marks;
}

#else

static inline struct plain_marks plain_marks_of(const uint8_t *bytes, uint8_t delimiter, uint8_t quote) {
    struct plain_marks marks = {0, 0, 0, 0, 0};
    for (int index = 0; index < 64; index++) {
        uint8_t byte = bytes[index];
        marks.quotes |= (uint64_t)(byte == quote) << index;
        marks.delimiters |= (uint64_t)(byte == delimiter) << index;
        marks.feeds |= (uint64_t)(byte == '\n') << index;
        marks.odd |= (uint64_t)(byte == '\r' || byte == 0) << index;
        marks.high |= (uint64_t)(byte >> 7) << index;
    }
    return marks;
}

#endif

static size_t split_plain_rows(
    const uint8_t *bytes, size_t length, const struct shoal_table_form *form, struct shoal_table_cells *cells
) {
    cells->rows = 0;
    cells->lines = 0;
    if (form->delimiter == '\n' || form->delimiter == form->quote || !form->has_quote) return 0;
    size_t row_start = 0, cell_start = 0, count = 0;
    uint32_t *starts = cells->starts, *lengths = cells->lengths;
    // Whether the block begins inside quotes, right behind the end of a cell, or right behind a closing quote.
    uint64_t is_inside = 0, is_behind_end = 1, is_behind_closing = 0;
    uint64_t row_high = 0;
    // Whole blocks only: the rest waits for more bytes, or for the other way.
    for (size_t block = 0; block + 64 <= length; block += 64) {
        struct plain_marks marks = plain_marks_of(bytes + block, form->delimiter, form->quote);
        uint64_t inside = odd_counts(marks.quotes) ^ (0 - is_inside);
        uint64_t ends = (marks.delimiters | marks.feeds) & ~inside;
        uint64_t opening = marks.quotes & inside, closing = marks.quotes & ~inside;
        // An opening quote comes first in its cell, a closing one last; quoted line breaks take more thought.
        uint64_t wrong = (opening & ~(ends << 1 | is_behind_end)) | ((closing << 1 | is_behind_closing) & ~ends)
                       | (marks.feeds & inside) | marks.odd;
        uint64_t good = wrong == 0 ? ~0ull : (wrong & (0 - wrong)) - 1;
        is_inside = inside >> 63;
        is_behind_end = ends >> 63;
        is_behind_closing = closing >> 63;
        ends &= good;
        while (ends != 0) {
            size_t end = block + (size_t)__builtin_ctzll(ends);
            ends &= ends - 1;
            size_t is_quoted = bytes[cell_start] == form->quote;
            if (count == form->cells) return row_start;
            starts[count] = (uint32_t)(cell_start + is_quoted);
            lengths[count] = (uint32_t)(end - cell_start - 2 * is_quoted);
            count += 1;
            cell_start = end + 1;
            if (bytes[end] != '\n') continue;
            if (end == row_start) {
                // An empty line is no record.
                cells->lines += 1;
            } else {
                if (count != form->cells || end - row_start > form->row_bytes_max) return row_start;
                starts += form->cells;
                lengths += form->cells;
                struct shoal_table_row *row = &cells->row[cells->rows];
                row->start = (uint32_t)row_start;
                row->end = (uint32_t)end;
                row->line = (uint32_t)cells->lines;
                row->may_be_high = (row_high | marks.high) != 0;
                cells->rows += 1;
                cells->lines += 1;
            }
            row_high = 0;
            row_start = end + 1;
            count = 0;
            if (cells->rows == cells->room) return row_start;
        }
        if (wrong != 0) return row_start;
        row_high |= marks.high;
    }
    return row_start;
}

static size_t split_simple_rows(
    const uint8_t *bytes, size_t length, const struct shoal_table_form *form, struct shoal_table_cells *cells
) {
    cells->rows = 0;
    cells->lines = 0;
    size_t row_start = 0, cell_start = 0, count = 0;
    if (length == 0) return 0;
    struct scan scan = {bytes, length, 0, {0, 0}, 0, form->delimiter, form->quote};
    load(&scan);
    uint32_t *starts = cells->starts, *lengths = cells->lengths;
    while (cells->rows < cells->room) {
        size_t mark = next_mark(&scan);
        if (mark == length) return row_start;
        uint8_t byte = bytes[mark];
        size_t cell_end = mark;
        if (byte == form->quote && form->has_quote) {
            // Inside a plain cell a quote is a byte like any other.
            if (mark != cell_start) continue;
            size_t closing = next_mark(&scan);
            while (closing < length && bytes[closing] == form->delimiter) closing = next_mark(&scan);
            // Only a quoted cell of one line that ends with its second quote is simple.
            if (closing >= length || bytes[closing] != form->quote) return row_start;
            mark = closing + 1;
            if (mark >= length) return row_start;
            byte = bytes[mark];
            if (byte != form->delimiter && byte != '\n' && byte != '\r') return row_start;
            (void)next_mark(&scan);
            cell_start += 1;
            cell_end = closing;
        }
        if (byte == form->delimiter && byte != '\n') {
            if (count + 1 >= form->cells) return row_start;
            starts[count] = (uint32_t)cell_start;
            lengths[count] = (uint32_t)(cell_end - cell_start);
            count += 1;
            cell_start = mark + 1;
            continue;
        }
        size_t next = mark + 1;
        if (byte == '\r') {
            if (next >= length) return row_start;
            if (bytes[next] == '\n') {
                (void)next_mark(&scan);
                next += 1;
            }
        } else if (byte != '\n') {
            if (byte == 0) return row_start;
            // A quote where quotes have no meaning.
            continue;
        }
        if (mark == row_start) {
            // An empty line is no record.
            cells->lines += 1;
        } else {
            if (count + 1 != form->cells || mark - row_start > form->row_bytes_max) return row_start;
            starts[count] = (uint32_t)cell_start;
            lengths[count] = (uint32_t)(cell_end - cell_start);
            starts += form->cells;
            lengths += form->cells;
            struct shoal_table_row *row = &cells->row[cells->rows];
            row->start = (uint32_t)row_start;
            row->end = (uint32_t)mark;
            row->line = (uint32_t)cells->lines;
            row->may_be_high = (scan.high | scan.marks.high) != 0;
            cells->rows += 1;
            cells->lines += 1;
        }
        scan.high = 0;
        row_start = next;
        cell_start = next;
        count = 0;
    }
    return row_start;
}

size_t shoal_table_split(
    const uint8_t *bytes, size_t length, const struct shoal_table_form *form, struct shoal_table_cells *cells
) {
    size_t taken = shoal_table_split_bare(bytes, length, form, cells);
    cells->is_bare = taken > 0;
    if (taken == 0) taken = split_plain_rows(bytes, length, form, cells);
    return taken > 0 ? taken : split_simple_rows(bytes, length, form, cells);
}
