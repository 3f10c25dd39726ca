// A few C functions over libcurl, because Swift imports no variadic functions such as curl_easy_setopt.

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "include/ccurl_shoal.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

struct shoal_poster {
    CURL *curl;
};

/// A request that is under way.
struct exchange {
    const struct shoal_post_request *request;
    struct shoal_post_answer *answer;
    size_t header_bytes;
    bool is_refused;
    bool is_stopped;
    bool is_cut;
};

static pthread_once_t started = PTHREAD_ONCE_INIT;

static void start(void) { curl_global_init(CURL_GLOBAL_DEFAULT); }

shoal_poster *shoal_poster_make(void) {
    pthread_once(&started, start);
    shoal_poster *poster = malloc(sizeof *poster);
    if (poster == NULL) return NULL;
    poster->curl = curl_easy_init();
    if (poster->curl != NULL) return poster;
    free(poster);
    return NULL;
}

void shoal_poster_free(shoal_poster *poster) {
    if (poster == NULL) return;
    curl_easy_cleanup(poster->curl);
    free(poster);
}

/// Called for each address that a name leads to, before anything is sent to it.
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
    struct exchange *exchange = context;
    const struct shoal_post_request *request = exchange->request;
    bool is_allowed = false;
    if (purpose == CURLSOCKTYPE_IPCXN) {
        if (address->family == AF_INET && address->addrlen >= sizeof(struct sockaddr_in)) {
            const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)&address->addr;
            is_allowed = request->may_connect(request->context, (const uint8_t *)&v4->sin_addr, 4);
        } else if (address->family == AF_INET6 && address->addrlen >= sizeof(struct sockaddr_in6)) {
            const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)&address->addr;
            is_allowed = request->may_connect(request->context, (const uint8_t *)&v6->sin6_addr, 16);
        }
    }
    if (!is_allowed) {
        exchange->is_refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static bool is_past_limit(struct exchange *exchange) {
    return exchange->answer->answer_bytes + exchange->header_bytes >= exchange->request->answer_bytes;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context) {
    (void)bytes;
    struct exchange *exchange = context;
    exchange->answer->answer_bytes += size * count;
    if (!is_past_limit(exchange)) return size * count;
    exchange->is_cut = true;
    return 0;
}

static void keep_retry_after(struct shoal_post_answer *answer, const char *value, size_t length) {
    while (length > 0 && (*value == ' ' || *value == '\t')) {
        value++;
        length--;
    }
    while (length > 0 && (unsigned char)value[length - 1] <= ' ') length--;
    if (length >= sizeof answer->retry_after) length = 0;
    memcpy(answer->retry_after, value, length);
    answer->retry_after[length] = '\0';
}

static size_t take_header(char *bytes, size_t size, size_t count, void *context) {
    static const char name[] = "retry-after:";
    const size_t name_length = sizeof name - 1;
    struct exchange *exchange = context;
    const size_t length = size * count;
    exchange->header_bytes += length;
    if (is_past_limit(exchange)) {
        exchange->is_cut = true;
        return 0;
    }
    // Interim answers come before the final one, with fields of their own.
    if (length >= 5 && memcmp(bytes, "HTTP/", 5) == 0) exchange->answer->retry_after[0] = '\0';
    if (length > name_length && strncasecmp(bytes, name, name_length) == 0) {
        keep_retry_after(exchange->answer, bytes + name_length, length - name_length);
    }
    return length;
}

static int look_up(void *context, curl_off_t total, curl_off_t now, curl_off_t sent_total, curl_off_t sent) {
    (void)total, (void)now, (void)sent_total, (void)sent;
    struct exchange *exchange = context;
    if (!exchange->request->must_stop(exchange->request->context)) return 0;
    exchange->is_stopped = true;
    return 1;
}

static enum shoal_post_outcome outcome_of(CURLcode code, const struct exchange *exchange) {
    if (exchange->is_stopped) return SHOAL_POST_STOPPED;
    if (exchange->is_refused && code == CURLE_COULDNT_CONNECT) return SHOAL_POST_ADDRESS_REFUSED;
    switch (code) {
        case CURLE_OK: return exchange->answer->status >= 200 ? SHOAL_POST_ANSWERED : SHOAL_POST_BROKEN;
        case CURLE_WRITE_ERROR:
            return exchange->is_cut && exchange->answer->status >= 200 ? SHOAL_POST_ANSWERED : SHOAL_POST_BROKEN;
        case CURLE_URL_MALFORMAT: return SHOAL_POST_BAD_URL;
        case CURLE_COULDNT_RESOLVE_HOST: return SHOAL_POST_NOT_RESOLVED;
        case CURLE_COULDNT_CONNECT: return SHOAL_POST_NOT_CONNECTED;
        case CURLE_OPERATION_TIMEDOUT: return SHOAL_POST_TIMED_OUT;
        case CURLE_OUT_OF_MEMORY: return SHOAL_POST_OUT_OF_MEMORY;
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_CIPHER:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_ISSUER_ERROR:
        case CURLE_SSL_INVALIDCERTSTATUS: return SHOAL_POST_TLS_FAILED;
        default: return SHOAL_POST_BROKEN;
    }
}

/// A write to a connection that is gone must not end the process.
static void block_pipe_signal(void) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
}

static CURLcode set_options(CURL *curl, struct exchange *exchange, struct curl_slist *headers) {
    const struct shoal_post_request *request = exchange->request;
    CURLcode code = CURLE_OK;
// The first option that is not taken ends the request: a guard that is not set must not be missed.
#define SET(option, value) \
    if (code == CURLE_OK) code = curl_easy_setopt(curl, option, value)
    SET(CURLOPT_URL, request->url);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    // The empty text: no proxy, whatever the environment says.
    SET(CURLOPT_PROXY, "");
    SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_NOSIGNAL, 1L);
    // A resolver that hangs is left behind instead of waited for.
    SET(CURLOPT_QUICK_EXIT, 1L);
    SET(CURLOPT_DNS_CACHE_TIMEOUT, 0L);
    SET(CURLOPT_MAXCONNECTS, 4L);
    SET(CURLOPT_CONNECTTIMEOUT_MS, request->connect_milliseconds);
    SET(CURLOPT_TIMEOUT_MS, request->total_milliseconds);
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    SET(CURLOPT_POST, 1L);
    SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length);
    // Without a body of its own libcurl would read one from the standard input.
    SET(CURLOPT_POSTFIELDS, request->body_length > 0 ? (const char *)request->body : "");
    SET(CURLOPT_HTTPHEADER, headers);
    SET(CURLOPT_USERAGENT, "shoal");
    SET(CURLOPT_OPENSOCKETFUNCTION, open_socket);
    SET(CURLOPT_OPENSOCKETDATA, (void *)exchange);
    SET(CURLOPT_WRITEFUNCTION, take_body);
    SET(CURLOPT_WRITEDATA, (void *)exchange);
    SET(CURLOPT_HEADERFUNCTION, take_header);
    SET(CURLOPT_HEADERDATA, (void *)exchange);
    SET(CURLOPT_NOPROGRESS, 0L);
    SET(CURLOPT_XFERINFOFUNCTION, look_up);
    SET(CURLOPT_XFERINFODATA, (void *)exchange);
#undef SET
    return code;
}

struct shoal_post_answer shoal_poster_send(shoal_poster *poster, const struct shoal_post_request *request) {
    struct shoal_post_answer answer = {0};
    struct exchange exchange = {.request = request, .answer = &answer};
    block_pipe_signal();

    // Large bodies would else be announced, and wait a second for the leave to send them.
    struct curl_slist *headers = curl_slist_append(NULL, "Expect:");
    for (size_t index = 0; headers != NULL && index < request->header_count; index++) {
        struct curl_slist *longer = curl_slist_append(headers, request->headers[index]);
        if (longer == NULL) curl_slist_free_all(headers);
        headers = longer;
    }
    if (headers == NULL) {
        answer.outcome = SHOAL_POST_OUT_OF_MEMORY;
        return answer;
    }

    // Keeps the connections, and nothing else, of the request before.
    curl_easy_reset(poster->curl);
    CURLcode code = set_options(poster->curl, &exchange, headers);
    if (code == CURLE_OK) {
        code = curl_easy_perform(poster->curl);
        curl_easy_getinfo(poster->curl, CURLINFO_RESPONSE_CODE, &answer.status);
    }
    answer.outcome = outcome_of(code, &exchange);
    if (answer.outcome != SHOAL_POST_ANSWERED) answer.status = 0;
    // Nothing of this call may be pointed to after it.
    curl_easy_reset(poster->curl);
    curl_slist_free_all(headers);
    return answer;
}

bool shoal_url_is_usable(const char *url) {
    pthread_once(&started, start);
    CURLU *parsed = curl_url();
    if (parsed == NULL) return false;
    char *scheme = NULL;
    char *part = NULL;
    bool is_usable = curl_url_set(parsed, CURLUPART_URL, url, CURLU_DISALLOW_USER) == CURLUE_OK;
    is_usable = is_usable && curl_url_get(parsed, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK
                && (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0);
    is_usable = is_usable && curl_url_get(parsed, CURLUPART_HOST, &part, 0) == CURLUE_OK && part[0] != '\0';
    curl_free(part);
    part = NULL;
    is_usable = is_usable && curl_url_get(parsed, CURLUPART_FRAGMENT, &part, 0) == CURLUE_NO_FRAGMENT;
    curl_free(part);
    curl_free(scheme);
    curl_url_cleanup(parsed);
    return is_usable;
}
