#ifndef CRE2_SHOAL_H
#define CRE2_SHOAL_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A compiled regular expression. Matching does not change it, so threads may share one.
typedef struct shoal_re2 shoal_re2;

/// Compiles UTF-8 `pattern` in RE2 syntax.
///
/// Returns NULL when the pattern is no valid expression or too large; then `error` holds why, cut to
/// `error_capacity` bytes with a zero at the end.
shoal_re2 *shoal_re2_compile(const char *pattern, size_t length, bool ignore_case,
                             char *error, size_t error_capacity);

/// Whether some part of UTF-8 `text` matches: 1 yes, 0 no, -1 when memory ran out.
int shoal_re2_matches(const shoal_re2 *expression, const char *text, size_t length);

void shoal_re2_free(shoal_re2 *expression);

/// Whether `part` occurs in `whole`, byte by byte, in linear time; Swift's C library module hides memmem.
bool shoal_contains_bytes(const void *whole, size_t whole_length, const void *part, size_t part_length);

#ifdef __cplusplus
}
#endif

#endif
