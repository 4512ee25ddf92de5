// See transfer.h.
#include "harvester/transfer.h"

#include "harvester/url.h"

#include <arpa/inet.h>
#include <sys/socket.h>

enum { SLOW_BYTES_A_SECOND = 1024, SLOW_SECONDS = 30 };

static bool printable(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (((unsigned char)s.p[i] < 0x20 && s.p[i] != '\t') || s.p[i] == 0x7F)
            return false;
    return true;
}

// A name of RFC 9110 section 5.6.2 (token).
static bool is_token(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!(c >= '0' && c <= '9') && !((c | 0x20) >= 'a' && (c | 0x20) <= 'z') &&
            !(c && strchr("!#$%&'*+-.^_`|~", c)))
            return false;
    }
    return s.n > 0;
}

bool transfer_headers_check(struct strs headers, struct err *e)
{
    static const char *const ours[] = {"accept-encoding", "connection", "content-length", "host",
                                       "transfer-encoding"};
    for (size_t i = 0; i < headers.n; i++) {
        struct str value = headers.v[i], name = STR_NONE;
        str_next(&value, ':', &name);
        // The header may be a secret: only its name is told, and only when it is one.
        if (!is_token(name) || str_trim(value).n == 0 || !printable(value))
            return err_set(e, ERR_ARGUMENT,
                           "header %zu is not \"Name: value\", or holds a control character", i);
        for (size_t j = 0; j < sizeof ours / sizeof *ours; j++)
            if (str_eq_nocase(name, str_of(ours[j])))
                return err_set(e, ERR_ARGUMENT, "the header %s cannot be set", ours[j]);
    }
    return true;
}

// --- Callbacks of libcurl

// Every new connection, after the name was resolved. With a proxy, it is the proxy's address.
static curl_socket_t on_open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)purpose;
    struct transfer *t = arg;
    if (!t->proxied &&
        !guard_address_allowed(&address->addr, &t->policy->allow_private, &t->refused_address))
        return CURL_SOCKET_BAD;
    t->addresses_let_in++;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// Before every request: its connection may have been made for a source that is allowed more.
static int on_ready(void *arg, char *remote_ip, char *local_ip, int remote_port, int local_port)
{
    (void)local_ip, (void)remote_port, (void)local_port;
    struct transfer *t = arg;
    return t->proxied || guard_ip_allowed(str_of(remote_ip), &t->policy->allow_private, &t->stopped)
               ? CURL_PREREQFUNC_OK
               : CURL_PREREQFUNC_ABORT;
}

static bool start_body(struct transfer *t)
{
    struct curl_header *header;
    struct str coding = STR_NONE;
    t->body_started = true;
    if (curl_easy_header(t->easy, "Content-Encoding", 0, CURLH_HEADER, -1, &header) == CURLHE_OK) {
        if (header->amount > 1)
            return err_set(&t->stopped, ERR_PARSE, "the body is encoded %zu times over",
                           header->amount);
        coding = str_of(header->value);
    }
    return t->spool ? spool_coding(t->spool, coding, &t->stopped)
                    : decoder_open(&t->decoder, coding, &t->stopped);
}

// To its file; libcurl waits, and keeps what it gave, as long as there is no room.
static size_t on_document(struct transfer *t, struct str bytes)
{
    switch (spool_add(t->spool, bytes)) {
    case SPOOL_TAKEN:
        return bytes.n;
    case SPOOL_FULL:
        return CURL_WRITEFUNC_PAUSE;
    case SPOOL_BROKEN:
        break; // spool_error says why
    }
    return 0;
}

static void on_room(void *arg)
{
    struct transfer *t = arg;
    if (curl_easy_pause(t->easy, CURLPAUSE_CONT) != CURLE_OK)
        t->stuck(t->stuck_arg);
}

static size_t on_body(char *bytes, size_t size, size_t count, void *arg)
{
    struct transfer *t = arg;
    struct str body = str_slice(bytes, size * count);
    if (!t->body_started && !start_body(t))
        return 0; // fewer than it gave: libcurl ends the transfer
    if (t->spool)
        return on_document(t, body);
    return decoder_add(&t->decoder, body, &t->body, t->policy->max_bytes, &t->stopped) ? body.n : 0;
}

// --- Setting up

static bool add_header(struct transfer *t, struct str header)
{
    struct buf z = {0};
    buf_add(&z, header);
    buf_addc(&z, '\0');
    struct curl_slist *longer = curl_slist_append(t->headers, z.p);
    buf_free(&z);
    if (longer)
        t->headers = longer;
    return longer != NULL;
}

static bool add_headers(struct transfer *t, struct strs headers)
{
    bool good = add_header(t, STR("Accept-Encoding: gzip, deflate"));
    for (size_t i = 0; i < headers.n && good; i++)
        good = add_header(t, headers.v[i]);
    return good;
}

// Options are strings, numbers or pointers that libcurl knows: what can fail is memory, and an option that the
// library was built without.
static bool set_up(struct transfer *t, const struct transfer_request *request)
{
    CURL *easy = t->easy;
    const struct fetch_policy *policy = request->policy;
    bool good = true;
#define SET(option, value) good = curl_easy_setopt(easy, (option), (value)) == CURLE_OK && good
    SET(CURLOPT_URL, request->url);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_HTTPHEADER, t->headers);
    if (request->body.n) {
        SET(CURLOPT_POST, 1L);
        SET(CURLOPT_POSTFIELDS, request->body.p);
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.n);
    }
    SET(CURLOPT_USERAGENT, request->user_agent);
    SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(CURLOPT_PROXY, request->proxy ? request->proxy : ""); // "": not the environment's either
    SET(CURLOPT_NOPROXY, "");
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    if (request->ca_file) {
        SET(CURLOPT_CAINFO, request->ca_file);
        SET(CURLOPT_CAPATH, NULL);
        SET(CURLOPT_PROXY_CAINFO, request->ca_file);
        SET(CURLOPT_PROXY_CAPATH, NULL);
    }
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_QUICK_EXIT, 1L); // a name still being resolved is not waited for
    SET(CURLOPT_SHARE, request->share);
    SET(CURLOPT_CONNECTTIMEOUT, (long)policy->connect_timeout);
    SET(CURLOPT_TIMEOUT, (long)policy->timeout);
    SET(CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES_A_SECOND);
    SET(CURLOPT_LOW_SPEED_TIME, (long)SLOW_SECONDS);
    SET(CURLOPT_MAXFILESIZE_LARGE,
        (curl_off_t)policy->max_bytes); // an early no; on_body is the one that counts
    SET(CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
    SET(CURLOPT_OPENSOCKETDATA, t);
    SET(CURLOPT_PREREQFUNCTION, on_ready);
    SET(CURLOPT_PREREQDATA, t);
    SET(CURLOPT_WRITEFUNCTION, on_body);
    SET(CURLOPT_WRITEDATA, t);
    SET(CURLOPT_ERRORBUFFER, t->message);
#undef SET
    return good;
}

bool transfer_open(struct transfer *t, const struct transfer_request *request, struct err *e)
{
    *t = (struct transfer){.policy = request->policy,
                           .proxied = request->proxy != NULL,
                           .stuck = request->stuck,
                           .stuck_arg = request->stuck_arg};
    if (t->proxied) {
        struct arena a = {0};
        bool allowed = guard_host_allowed(url_host(&a, str_of(request->url)),
                                          &request->policy->allow_private, e);
        arena_free(&a);
        if (!allowed)
            return false;
    }
    if (request->spool) {
        t->spool =
            spool_open(request->loop, request->spool, request->policy->max_bytes, on_room, t, e);
        if (!t->spool)
            return false;
    }
    t->easy = curl_easy_init();
    if (t->easy && add_headers(t, request->headers) && set_up(t, request))
        return true;
    transfer_close(t);
    return err_set(e, ERR_INTERNAL, "libcurl cannot set a transfer up");
}

void transfer_close(struct transfer *t)
{
    if (t->easy)
        curl_easy_cleanup(t->easy);
    curl_slist_free_all(t->headers);
    if (t->spool)
        spool_close(t->spool);
    decoder_close(&t->decoder);
    buf_free(&t->body);
    *t = (struct transfer){0};
}

bool transfer_end(struct transfer *t, void (*ended)(void *arg), void *arg)
{
    if (t->spool)
        spool_end(t->spool, ended, arg);
    return t->spool != NULL;
}

// --- What came of it

uint64_t transfer_decoded(const struct transfer *t)
{
    return t->spool ? spool_bytes(t->spool) : t->body.n;
}

// Faults of the network, or of a server that is being restarted, which another try may not meet.
static bool may_pass(CURLcode code)
{
    switch (code) {
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_PARTIAL_FILE:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_PROXY:
        return true;
    default:
        return false;
    }
}

// libcurl's message may quote the server.
static void clean(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7F)
            *text = ' ';
}

static void judge_fault(struct transfer *t, CURLcode code, struct transfer_outcome *out)
{
    if (t->stopped.code) {
        out->error = t->stopped;
        out->try_again = t->stopped.code == ERR_NETWORK; // a body that cannot be decoded
        return;
    }
    if (t->refused_address.code && t->addresses_let_in == 0) {
        out->error = t->refused_address;
        return;
    }
    clean(t->message);
    const char *words = t->message[0] ? t->message : curl_easy_strerror(code);
    if (code == CURLE_FILESIZE_EXCEEDED) {
        err_set(&out->error, ERR_REFUSED, "the %s is larger than %llu bytes",
                t->spool ? "document" : "page", (unsigned long long)t->policy->max_bytes);
        if (!t->spool)
            err_hint(&out->error, "ask for smaller pages (page_size)");
    } else if (code == CURLE_OUT_OF_MEMORY) {
        err_set(&out->error, ERR_MEMORY, "libcurl has no memory");
    } else {
        err_set(&out->error, code == CURLE_OPERATION_TIMEDOUT ? ERR_TIMEOUT : ERR_NETWORK, "%s",
                words);
        if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE)
            err_hint(
                &out->error,
                "install ca-certificates; a private certification authority is set by ca_file");
    }
    out->try_again = may_pass(code);
}

static bool is_redirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

static void judge_status(struct transfer *t, struct transfer_outcome *out)
{
    int status = out->status;
    if (is_redirect(status)) {
        char *location = NULL;
        curl_easy_getinfo(t->easy, CURLINFO_REDIRECT_URL, &location);
        out->redirect = location;
        if (!location)
            err_set(&out->error, ERR_HTTP, "the server answered %d without a usable Location",
                    status);
    } else if (status >= 400 && status != 404 && status != 410) {
        err_set(&out->error, ERR_HTTP, "the server answered %d", status);
        out->try_again = status == 429 || status == 500 || (status >= 502 && status <= 504);
        if (status == 401 || status == 403)
            err_hint(&out->error, "put what the server asks for in the source's headers_file");
    }
    if (out->error.code)
        out->error.http_status = status;
}

void transfer_judge(struct transfer *t, CURLcode code, struct transfer_outcome *out)
{
    long status = 0, header_bytes = 0;
    curl_off_t body_bytes = 0, retry_after = 0;
    *out = (struct transfer_outcome){0};
    curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(t->easy, CURLINFO_HEADER_SIZE, &header_bytes);
    curl_easy_getinfo(t->easy, CURLINFO_SIZE_DOWNLOAD_T, &body_bytes);
    curl_easy_getinfo(t->easy, CURLINFO_RETRY_AFTER, &retry_after);
    out->status = (int)status;
    out->retry_after = retry_after > 0 ? retry_after : 0;
    out->bytes_wire = (uint64_t)header_bytes + (uint64_t)body_bytes;
    if (t->spool && spool_error(t->spool)->code) {
        t->stopped = *spool_error(t->spool);
        code = CURLE_WRITE_ERROR;
    }
    if (code == CURLE_OK &&
        !(t->spool ? spool_whole(t->spool, &t->stopped) : decoder_finish(&t->decoder, &t->stopped)))
        code = CURLE_BAD_CONTENT_ENCODING;
    if (code == CURLE_OK)
        judge_status(t, out);
    else
        judge_fault(t, code, out);
}
