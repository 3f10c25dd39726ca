// Splitting rows without any quote, in which nothing but delimiters and line feeds means anything. In C for the same reason as
// `table.c`.

#include "cbytes.h"

#include <string.h>

#if defined(__x86_64__)

#include <immintrin.h>

struct bare_marks {
    // Delimiters and line feeds.
    uint64_t ends;
    uint64_t feeds;
    // Quotes, carriage returns and NULs, which are left to others.
    uint64_t odd;
    uint64_t high;
};

__attribute__((target("avx2,bmi,popcnt"))) static inline struct bare_marks bare_marks_of(
    const uint8_t *bytes, uint8_t delimiter, uint8_t quote
) {
    const __m256i delimiters = _mm256_set1_epi8((char)delimiter), quotes = _mm256_set1_epi8((char)quote);
    const __m256i feeds = _mm256_set1_epi8('\n'), returns = _mm256_set1_epi8('\r'), zeros = _mm256_setzero_si256();
    struct bare_marks marks = {0, 0, 0, 0};
    for (int part = 0; part < 2; part++) {
        __m256i piece = _mm256_loadu_si256((const __m256i *)(bytes + 32 * part));
        __m256i is_feed = _mm256_cmpeq_epi8(piece, feeds);
        __m256i is_end = _mm256_or_si256(is_feed, _mm256_cmpeq_epi8(piece, delimiters));
        __m256i is_odd = _mm256_or_si256(_mm256_cmpeq_epi8(piece, returns), _mm256_cmpeq_epi8(piece, zeros));
        is_odd = _mm256_or_si256(is_odd, _mm256_cmpeq_epi8(piece, quotes));
        marks.ends |= (uint64_t)(uint32_t)_mm256_movemask_epi8(is_end) << (32 * part);
        marks.feeds |= (uint64_t)(uint32_t)_mm256_movemask_epi8(is_feed) << (32 * part);
        marks.odd |= (uint64_t)(uint32_t)_mm256_movemask_epi8(is_odd) << (32 * part);
        marks.high |= (uint64_t)(uint32_t)_mm256_movemask_epi8(piece) << (32 * part);
    }
    return marks;
}

// Writes the places of the bits, and anything behind them, up to 64; answers how many they are. Eight at a time without asking
// for each whether there is one more (G. Langdale and D. Lemire, "Parsing Gigabytes of JSON per Second", 2019, section 3.2).
__attribute__((target("avx2,bmi,popcnt"))) static inline size_t put_places(
    uint64_t bits, uint32_t base, uint32_t *target
) {
    size_t count = (size_t)_mm_popcnt_u64(bits);
    for (size_t done = 0; done < count; done += 8) {
        for (int index = 0; index < 8; index++) {
            target[done + index] = base + (uint32_t)_tzcnt_u64(bits);
            bits = _blsr_u64(bits);
        }
    }
    return count;
}

static bool is_high(const uint8_t *bytes, size_t length) {
    uint8_t all = 0;
    for (size_t index = 0; index < length; index++) all |= bytes[index];
    return all >> 7;
}

__attribute__((target("avx2,bmi,popcnt"))) static size_t split_bare_rows(
    const uint8_t *bytes, size_t length, const struct shoal_table_form *form, struct shoal_table_cells *cells
) {
    cells->rows = 0;
    cells->lines = 0;
    if (form->delimiter == '\n') return 0;
    const uint8_t quote = form->has_quote ? form->quote : '\r';
    const size_t room = cells->room * form->cells;
    uint32_t *ends = cells->ends;
    size_t count = 0, rows = 0, expected = form->cells - 1;
    uint64_t high = 0;
    for (size_t block = 0; block < length && count <= room; block += 64) {
        uint8_t last[64];
        const uint8_t *piece = bytes + block;
        if (length - block < 64) {
            // Behind the end stand bytes that mean nothing.
            memset(last, 'x', sizeof last);
            memcpy(last, piece, length - block);
            piece = last;
        }
        struct bare_marks marks = bare_marks_of(piece, form->delimiter, quote);
        uint64_t good = marks.odd == 0 ? ~0ull : (marks.odd & (0 - marks.odd)) - 1;
        size_t before = count;
        count += put_places(marks.ends & good, (uint32_t)block, ends + count);
        high |= marks.high;
        for (uint64_t feeds = marks.feeds & good; feeds != 0; feeds &= feeds - 1) {
            // The line feed has to end the last cell of a row.
            size_t place = before + (size_t)_mm_popcnt_u64(marks.ends & ((feeds & (0 - feeds)) - 1));
            if (place != expected || rows == cells->room) goto done;
            expected += form->cells;
            rows += 1;
        }
        if (marks.odd != 0) break;
    }
done:
    for (size_t row = 0; row < rows; row++) {
        size_t first = row * form->cells, last = first + form->cells - 1;
        uint32_t start = row == 0 ? 0 : ends[first - 1] + 1;
        // An empty line is no record.
        if (ends[last] == start || ends[last] - start > form->row_bytes_max) {
            rows = row;
            break;
        }
        bool may_be_high = high != 0 && is_high(bytes + start, ends[last] - start);
        cells->row[row] = (struct shoal_table_row){start, ends[last], (uint32_t)row, may_be_high};
    }
    if (rows == 0) return 0;
    cells->starts[0] = 0;
    cells->lengths[0] = ends[0];
    for (size_t cell = 1; cell < rows * form->cells; cell++) {
        cells->starts[cell] = ends[cell - 1] + 1;
        cells->lengths[cell] = ends[cell] - ends[cell - 1] - 1;
    }
    cells->rows = rows;
    cells->lines = rows;
    return (size_t)ends[rows * form->cells - 1] + 1;
}

size_t shoal_table_split_bare(
    const uint8_t *bytes, size_t length, const struct shoal_table_form *form, struct shoal_table_cells *cells
) {
    bool can = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt");
    return can ? split_bare_rows(bytes, length, form, cells) : 0;
}

#else

size_t shoal_table_split_bare(
    const uint8_t *bytes, size_t length, const struct shoal_table_form *form, struct shoal_table_cells *cells
) {
    return 0;
}

#endif
