// A few C functions over RE2, because Swift imports C without switching on C++ everywhere.
// No C++ exception leaves this file.

#include "include/cre2_shoal.h"

#include <cstring>
#include <new>
#include <re2/re2.h>
#include <string>

struct shoal_re2 {
    RE2 expression;

    shoal_re2(const re2::StringPiece &pattern, const RE2::Options &options) : expression(pattern, options) {}
};

namespace {

void copy_error(const std::string &message, char *error, size_t capacity) {
    if (error == nullptr || capacity == 0) return;
    size_t length = message.size() < capacity - 1 ? message.size() : capacity - 1;
    std::memcpy(error, message.data(), length);
    error[length] = '\0';
}

}  // namespace

extern "C" shoal_re2 *shoal_re2_compile(const char *pattern, size_t length, bool ignore_case,
                                        char *error, size_t error_capacity) {
    try {
        RE2::Options options;
        options.set_log_errors(false);
        options.set_case_sensitive(!ignore_case);
        shoal_re2 *compiled = new shoal_re2(re2::StringPiece(pattern, length), options);
        if (compiled->expression.ok()) return compiled;
        copy_error(compiled->expression.error(), error, error_capacity);
        delete compiled;
    } catch (...) {
        copy_error("out of memory", error, error_capacity);
    }
    return nullptr;
}

extern "C" int shoal_re2_matches(const shoal_re2 *expression, const char *text, size_t length) {
    try {
        const re2::StringPiece whole(text, length);
        return expression->expression.Match(whole, 0, length, RE2::UNANCHORED, nullptr, 0) ? 1 : 0;
    } catch (...) {
        return -1;
    }
}

extern "C" void shoal_re2_free(shoal_re2 *expression) {
    try {
        delete expression;
    } catch (...) {
    }
}

extern "C" bool shoal_contains_bytes(const void *whole, size_t whole_length, const void *part, size_t part_length) {
    return memmem(whole, whole_length, part, part_length) != nullptr;
}
