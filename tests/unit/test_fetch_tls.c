// harvester/fetch over TLS: certificates are verified, a private authority works, https never leads to http.
#include "tests/unit/fetch_fixture.h"
#include "tests/unit/scripted_server.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

static struct server plain, secure;
static gnutls_certificate_credentials_t credentials;
static char ca_file[] = "/tmp/glaneur-test-ca-XXXXXX";

static const char *url_of(const char *scheme, const char *host, const struct server *s,
                          const char *path)
{
    static char urls[4][200];
    static unsigned turn;
    char *url = urls[turn++ % 4];
    snprintf(url, sizeof urls[0], "%s://%s:%d%s", scheme, host, s->port, path);
    return url;
}

// An authority that is its own server's certificate, for 127.0.0.1 only.
static void make_certificate(void)
{
    static const unsigned char ip[] = {127, 0, 0, 1};
    gnutls_x509_privkey_t key;
    gnutls_x509_crt_t certificate;
    gnutls_datum_t pem;
    gnutls_x509_privkey_init(&key);
    gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA,
                                 GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
    gnutls_x509_crt_init(&certificate);
    gnutls_x509_crt_set_version(certificate, 3);
    gnutls_x509_crt_set_serial(certificate, "\1", 1);
    gnutls_x509_crt_set_activation_time(certificate, time(NULL) - 3600);
    gnutls_x509_crt_set_expiration_time(certificate, time(NULL) + 3600);
    gnutls_x509_crt_set_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0, "test", 4);
    gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_IPADDRESS, ip, sizeof ip,
                                         GNUTLS_FSAN_SET);
    gnutls_x509_crt_set_basic_constraints(certificate, 1, 0);
    gnutls_x509_crt_set_key_usage(certificate,
                                  GNUTLS_KEY_DIGITAL_SIGNATURE | GNUTLS_KEY_KEY_CERT_SIGN);
    gnutls_x509_crt_set_key(certificate, key);
    gnutls_x509_crt_sign2(certificate, certificate, key, GNUTLS_DIG_SHA256, 0);
    gnutls_certificate_allocate_credentials(&credentials);
    gnutls_certificate_set_x509_key(credentials, &certificate, 1, key);
    gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, &pem);
    int fd = mkstemp(ca_file);
    if (fd < 0 || write(fd, pem.data, pem.size) != (ssize_t)pem.size)
        abort();
    close(fd);
    gnutls_free(pem.data);
    gnutls_x509_crt_deinit(certificate);
    gnutls_x509_privkey_deinit(key);
}

// Speaks TLS on a connection, and answers one request: /to/<port> redirects to plain HTTP on that port.
static void *serve_tls(void *arg)
{
    struct exchange *x = arg;
    gnutls_session_t session;
    gnutls_init(&session, GNUTLS_SERVER);
    gnutls_set_default_priority(session);
    gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, credentials);
    gnutls_transport_set_int(session, x->fd);
    int code;
    do
        code = gnutls_handshake(session);
    while (code == GNUTLS_E_INTERRUPTED || code == GNUTLS_E_AGAIN);
    char text[400];
    ssize_t got = code == 0 ? gnutls_record_recv(session, x->request, sizeof x->request - 1) : 0;
    if (got > 0) {
        int port = 0;
        x->request[got] = '\0';
        if (sscanf(x->request, "GET /to/%d ", &port) == 1)
            snprintf(text, sizeof text,
                     "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:%d/ok\r\n"
                     "Content-Length: 0\r\nConnection: close\r\n\r\n",
                     port);
        else
            snprintf(text, sizeof text,
                     "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsecret");
        gnutls_record_send(session, text, strlen(text));
        gnutls_bye(session, GNUTLS_SHUT_WR);
    }
    gnutls_deinit(session);
    return NULL;
}

static void answer_plain(struct exchange *x)
{
    char to[300];
    snprintf(to, sizeof to, "Location: %s\r\n", url_of("https", "127.0.0.1", &secure, "/ok"));
    if (strcmp(x->path, "/up") == 0)
        respond(x, 301, to, STR(""));
    else
        respond(x, 200, "", STR("hello"));
}

int main(void)
{
    struct fetch_policy policy = local_policy();
    struct seen s = {0};
    make_certificate();
    server_start(&plain, answer_plain);
    server_start_raw(&secure, serve_tls);
    uv_loop_init(&loop);

    open_fetcher(NULL, ca_file);
    get(&s, url_of("https", "127.0.0.1", &secure, "/ok"), &policy);
    is_int(s.result.error.code, ERR_NONE);
    is_text(buf_str(&s.result.body), "secret");
    get(&s, url_of("https", "localhost", &secure, "/ok"), &policy); // another name
    is_int(s.result.error.code, ERR_NETWORK);
    is_int(s.result.attempts, 1);
    get(&s, url_of("http", "127.0.0.1", &plain, "/up"), &policy); // http may lead to https
    is_int(s.result.error.code, ERR_NONE);
    is_text(buf_str(&s.result.body), "secret");
    is_text(s.result.effective_url, url_of("https", "127.0.0.1", &secure, "/ok"));
    char path[40];
    snprintf(path, sizeof path, "/to/%d", plain.port);
    get(&s, url_of("https", "127.0.0.1", &secure, path), &policy); // and not the other way
    is_int(s.result.error.code, ERR_REFUSED);
    is_str(s.result.error.what, "redirected from https to http");
    is_int(server_hits(&plain, "/ok"), 0);
    close_fetcher();

    open_fetcher(NULL, NULL); // nobody vouches for it
    get(&s, url_of("https", "127.0.0.1", &secure, "/ok"), &policy);
    is_int(s.result.error.code, ERR_NETWORK);
    is_int(s.result.attempts, 1);
    is_str(s.result.error.hint,
           "install ca-certificates; a private certification authority is set by ca_file");
    close_fetcher();

    forget(&s);
    is_int(uv_loop_close(&loop), 0);
    server_stop(&plain);
    server_stop(&secure);
    gnutls_certificate_free_credentials(credentials);
    unlink(ca_file);
    return tap_done();
}
