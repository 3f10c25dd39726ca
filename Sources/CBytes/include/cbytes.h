#ifndef SHOAL_CBYTES_H
#define SHOAL_CBYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78) of `length` bytes, continuing from `crc` (0 to begin).
/// Uses the processor's own instruction where there is one; both ways give the same number.
uint32_t shoal_crc32c(uint32_t crc, const void *bytes, size_t length);

/// The same by tables alone, for comparison in tests.
uint32_t shoal_crc32c_by_tables(uint32_t crc, const void *bytes, size_t length);

/// Whether `part` occurs in `bytes`.
bool shoal_contains(const void *bytes, size_t length, const void *part, size_t part_length);

/// SHA-256 of `length` bytes. Uses the processor's own instructions where there are some; both ways give the same bytes.
void shoal_sha256(const void *bytes, size_t length, uint8_t digest[32]);

/// The same without those instructions, for comparison in tests.
void shoal_sha256_plain(const void *bytes, size_t length, uint8_t digest[32]);

/// How the rows of a table are written.
struct shoal_table_form {
    uint8_t delimiter;
    uint8_t quote;
    /// Whether quotes mean something.
    bool has_quote;
    /// How many cells a row has; at least 1.
    size_t cells;
    /// The longest row, without its line break.
    size_t row_bytes_max;
};

/// A row: where it starts and ends, its line counted from the first byte, and whether bytes of 0x80 or more may stand in
/// it (if not, none does).
struct shoal_table_row {
    uint32_t start;
    uint32_t end;
    uint32_t line;
    bool may_be_high;
};

/// Room for `room` rows and `cells` times as many cells, and what was found.
struct shoal_table_cells {
    struct shoal_table_row *row;
    uint32_t *starts;
    uint32_t *lengths;
    size_t room;
    /// Room for 64 more than the cells, for use meanwhile.
    uint32_t *ends;
    size_t rows;
    /// Lines passed, empty ones too.
    size_t lines;
    /// Whether nothing was passed but rows without any quote or carriage return, each with its line feed.
    bool is_bare;
};

/// Splits rows from the front of `bytes`, below 4 GiB, and answers where it stopped: at a row that is not simple, that is
/// not whole, or for which there is no room. Simple is a row with the right count of cells, no NUL, each cell without line
/// breaks and either unquoted or quoted without quotes inside.
size_t shoal_table_split(
    const uint8_t *bytes, size_t length, const struct shoal_table_form *form, struct shoal_table_cells *cells);

/// The same of rows without any quote or carriage return, which it takes up to the first other one; 0 where the processor has
/// no way of its own for that.
size_t shoal_table_split_bare(
    const uint8_t *bytes, size_t length, const struct shoal_table_form *form, struct shoal_table_cells *cells);

/// Cells of rows of a table, as `shoal_table_split` finds them.
struct shoal_cells {
    const uint8_t *bytes;
    size_t bytes_length;
    /// Where cells lie whose start has its highest bit set.
    const uint8_t *undone;
    size_t undone_length;
    const uint32_t *starts;
    const uint32_t *lengths;
    /// The first cell of each row; negative for a row without cells.
    const intptr_t *first_cells;
    size_t rows;
};

/// A cell that differs from all before it, and the row it was found in.
struct shoal_cell_entry {
    /// Its first sixteen bytes, and of a longer cell its last sixteen; zeros where there are none.
    uint64_t words[4];
    uint64_t hash;
    const uint8_t *cell;
    uint32_t length;
    uint32_t row;
};

/// A column whose cells get codes. There must be room for a code and an entry per row; `slots_max`, a power of two, is more
/// than the count of rows.
struct shoal_coded_column {
    size_t column;
    uint32_t *codes;
    struct shoal_cell_entry *entries;
    uint32_t *slots;
    size_t slots_max;
    /// How many codes there are in the end.
    size_t count;
    size_t size;
    uint32_t empty_mark;
    bool is_mostly_empty;
};

/// Gives each cell of some columns a code, the same for the same bytes, in the order of first use in its column. UINT32_MAX is
/// the code of rows without cells.
void shoal_cell_codes(
    const struct shoal_cells *cells, struct shoal_coded_column *columns, size_t column_count, uint64_t seed);

/// Cells of a column of whole numbers: digits, no zero before them, below `numbers_max`; or nothing.
struct shoal_number_column {
    size_t column;
    /// Per row.
    uint32_t *codes;
    /// Per code the row that has it first, and the number plus one, 0 for the empty cell. Room for one more than there are rows.
    uint32_t *rows;
    uint32_t *numbers;
    /// What is known of each number: in the upper half by which call, in the lower half its code. One more than `numbers_max`.
    uint32_t *known;
    uint32_t numbers_max;
    /// Of this call; no entry of `known` has it yet.
    uint16_t call;
};

/// More rows have more codes than fit beside a call.
#define SHOAL_NUMBER_ROWS_MAX 65535

/// Does what `shoal_cell_codes` does for one such column, and answers how many codes there are; SIZE_MAX when a cell is something
/// else.
size_t shoal_number_codes(const struct shoal_cells *cells, const struct shoal_number_column *column);

/// A column that enters the digests of rows, and the two bytes that stand for it.
struct shoal_digest_column {
    uint32_t column;
    uint16_t mark;
};

/// SHA-256 of what some rows say, the first 128 bits of each as two words, the higher one first. Hashed are, of each cell that
/// is not empty, in the order of `columns`: the mark, lower byte first, the length in one byte (or 255 and four bytes, lowest
/// first), and the bytes of the cell. Answers how many rows it took before the first that is too long for it.
size_t shoal_row_digests(
    const struct shoal_cells *cells, size_t first_row, size_t row_count, const struct shoal_digest_column *columns,
    size_t column_count, uint64_t (*digests)[2]);

/// Columns, a bit each, in which some cell is bare or quoted, and filled or empty.
struct shoal_quotes {
    uint64_t bare_filled;
    uint64_t bare_empty;
    uint64_t quoted_filled;
    uint64_t quoted_empty;
};

/// Whether `length` bytes are nothing but the cells of some rows, up to 64 each, in their order, with a delimiter between
/// cells, a line feed between rows and quotes around some cells; and which columns these are.
bool shoal_cell_quotes(
    const struct shoal_cells *cells, size_t first_row, size_t row_count, size_t columns, const uint8_t *bytes,
    size_t length, uint8_t delimiter, uint8_t quote, struct shoal_quotes *found);

/// Writes the numbers of codes: the lowest byte of each, then the next one of each, `planes` times `count` bytes in all.
/// False when a code has no number.
bool shoal_planes(
    const uint32_t *codes, size_t count, const uint64_t *numbers, size_t numbers_count, size_t planes, uint8_t *output);

/// Makes pages of memory larger or smaller, new bytes zero, and answers where they lie now; NULL, and nothing changed, when
/// there is no room. Sizes are multiples of the page size; `old` is NULL for new pages.
void *shoal_pages_resize(void *old, size_t old_size, size_t new_size);

/// Gives pages back.
void shoal_pages_free(void *pages, size_t size);

/// Unpacks `base + factor * value` of up to `count` values of `width` bits, the first of which begins with the first bit, as far
/// as the processor can do eight at once and without reading beyond `length` bytes. Answers how many there are now, from
/// the front: 0 where it cannot.
size_t shoal_unpack_words(
    const uint8_t *bits, size_t length, size_t count, unsigned width, int64_t base, int64_t factor, int64_t *values);

/// The same of `value + added` in 32 bits.
size_t shoal_unpack_codes(
    const uint8_t *bits, size_t length, size_t count, unsigned width, uint32_t added, uint32_t *codes);

/// Puts the upper parts of some values where they belong: value `places[i]` gets the i-th of the numbers of `width` bits, up to
/// 57, from bit `shift` on. Eight bytes beyond the last of the numbers may be read.
void shoal_patch_words(
    const uint8_t *places, size_t count, const uint8_t *bits, unsigned width, unsigned shift, int64_t *values);

/// Asks the processor to bring some memory nearer; nothing else happens, whatever the address.
static inline void shoal_prefetch(const void *address) { __builtin_prefetch(address); }

#endif
