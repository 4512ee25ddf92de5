// Every exception that can come out of Xapian, told apart as an error of ours; and what is refused
// before Xapian is asked. Runs on any thread; allocates nothing of its own.
#include "indexer/xapian/xap_internal.h"

#include <cstdlib>

#ifndef NDEBUG
void xap_owner::check() const noexcept
{
    if (made_by != std::this_thread::get_id())
        std::abort();
}
#endif

static bool set(struct err *err, enum err_code code, const Xapian::Error &error) noexcept
{
    const char *system = nullptr;
    try {
        system = error.get_error_string();
    } catch (...) { // it builds its string when asked: memory may be exhausted
    }
    const std::string &context = error.get_context();
    return err_set(err, code, "Xapian %s: %s%s%s%s%s%s", error.get_type(), error.get_msg().c_str(),
                   context.empty() ? "" : " (", context.c_str(), context.empty() ? "" : ")",
                   system ? ": " : "", system ? system : "");
}

bool xap_caught(struct err *err) noexcept
{
    try {
        throw;
    } catch (const Xapian::DatabaseModifiedError &e) {
        set(err, ERR_MODIFIED, e);
        return err_hint(err, "reopen the reader and ask again");
    } catch (const Xapian::DatabaseLockError &e) {
        set(err, ERR_LOCKED, e);
        return err_hint(err, "another process is writing this index");
    } catch (const Xapian::DatabaseCorruptError &e) {
        set(err, ERR_CORRUPT, e);
        return err_hint(err, "rebuild the index");
    } catch (const Xapian::DatabaseVersionError &e) { // a DatabaseOpeningError: it must come before
        set(err, ERR_CORRUPT, e);
        return err_hint(err, "it is of another version of Xapian: rebuild the index");
    } catch (const Xapian::DatabaseOpeningError &e) { // and DatabaseNotFoundError
        return set(err, ERR_NOT_FOUND, e);
    } catch (const Xapian::DocNotFoundError &e) {
        return set(err, ERR_NOT_FOUND, e);
    } catch (const Xapian::NetworkTimeoutError &e) {
        return set(err, ERR_TIMEOUT, e);
    } catch (const Xapian::NetworkError &e) {
        return set(err, ERR_NETWORK, e);
    } catch (const Xapian::QueryParserError &e) {
        return set(err, ERR_QUERY, e);
    } catch (const Xapian::WildcardError &e) {
        return set(err, ERR_QUERY, e);
    } catch (const Xapian::DatabaseError &e) {
        return set(err, ERR_IO, e);
    } catch (const Xapian::RangeError &e) {
        return set(err, ERR_ARGUMENT, e);
    } catch (const Xapian::LogicError &e) { // InvalidArgument, InvalidOperation, ...
        return set(err, ERR_ARGUMENT, e);
    } catch (const Xapian::Error &e) {
        return set(err, ERR_INTERNAL, e);
    } catch (const std::bad_alloc &) {
        return err_set(err, ERR_MEMORY, "memory exhausted in Xapian");
    } catch (const std::exception &e) {
        return err_set(err, ERR_INTERNAL, "unexpected C++ exception: %s", e.what());
    } catch (...) {
        return err_set(err, ERR_INTERNAL, "unexpected C++ exception of unknown type");
    }
}

bool xap_term_fits(struct str term)
{
    if (term.n == 0 || term.n > XAP_TERM_MAX)
        return false;
    size_t stored = term.n;
    if (2 * term.n > XAP_TERM_MAX)
        for (size_t i = 0; i < term.n; i++)
            stored += term.p[i] == '\0';
    return stored <= XAP_TERM_MAX;
}

bool xap_check_term(struct str term, struct err *err) noexcept
{
    if (xap_term_fits(term))
        return true;
    if (term.n == 0)
        return err_set(err, ERR_ARGUMENT, "a term is empty");
    return err_set(err, ERR_ARGUMENT, "a term of %zu bytes is too long, at most %d: %.40s", term.n,
                   (int)XAP_TERM_MAX, term.p);
}

bool xap_check_key(struct str key, struct err *err) noexcept
{
    if (key.n >= 1 && key.n <= XAP_KEY_MAX)
        return true;
    return err_set(err, ERR_ARGUMENT, "a metadata key of %zu bytes: 1 to %d are possible", key.n,
                   (int)XAP_KEY_MAX);
}

bool xap_check_slot(uint32_t slot, struct err *err) noexcept
{
    if (slot != XAP_NO_SLOT)
        return true;
    return err_set(err, ERR_ARGUMENT, "no value slot is given");
}

bool xap_no_such_document(struct str unique, struct err *err) noexcept
{
    return err_set(err, ERR_NOT_FOUND, "no document has the term %.*s", STR_ARG(unique));
}
