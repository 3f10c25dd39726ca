#ifndef CCURL_SHOAL_H
#define CCURL_SHOAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Makes requests with libcurl, one after another, and keeps connections for the next one. For one thread at a time.
typedef struct shoal_poster shoal_poster;

/// What became of a request. The numbers are those of this file only.
enum shoal_post_outcome {
    /// There is a status: the answer is whole, or as much of it was read as may be.
    SHOAL_POST_ANSWERED = 0,
    SHOAL_POST_BAD_URL,
    SHOAL_POST_ADDRESS_REFUSED,
    SHOAL_POST_NOT_RESOLVED,
    SHOAL_POST_NOT_CONNECTED,
    SHOAL_POST_TLS_FAILED,
    SHOAL_POST_TIMED_OUT,
    /// The connection ended in the middle, or what came is no HTTP.
    SHOAL_POST_BROKEN,
    SHOAL_POST_STOPPED,
    SHOAL_POST_OUT_OF_MEMORY,
};

/// Whether a connection to an address may be made: 4 bytes, or 16, in network order.
typedef bool (*shoal_address_check)(const void *context, const uint8_t *address, size_t length);

/// Whether the request shall be given up; asked about once a second.
typedef bool (*shoal_stop_check)(const void *context);

struct shoal_post_request {
    const char *url;
    /// Lines of `Name: value`.
    const char *const *headers;
    size_t header_count;
    const uint8_t *body;
    size_t body_length;
    long connect_milliseconds;
    long total_milliseconds;
    /// So many bytes of the answer are read, about; the rest is left.
    size_t answer_bytes;
    shoal_address_check may_connect;
    shoal_stop_check must_stop;
    const void *context;
};

struct shoal_post_answer {
    enum shoal_post_outcome outcome;
    /// 0 when none came.
    long status;
    size_t answer_bytes;
    /// The field Retry-After, empty when there is none or it is longer.
    char retry_after[64];
};

/// NULL when memory ran out.
shoal_poster *shoal_poster_make(void);
void shoal_poster_free(shoal_poster *poster);

/// Sends a body by POST and waits for the answer: no redirects, no proxy, no cookies, nothing but http and https.
/// Every address is checked when its socket is opened, whatever name or form of a number led to it.
struct shoal_post_answer shoal_poster_send(shoal_poster *poster, const struct shoal_post_request *request);

/// Whether libcurl understands a URL: http or https with a host, and no user, password or fragment.
bool shoal_url_is_usable(const char *url);

#ifdef __cplusplus
}
#endif

#endif
