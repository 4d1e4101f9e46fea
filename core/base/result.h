// Result<T>: a value or an Error. Errors are values here; nothing in core throws across a function boundary.
#pragma once

#include <cassert>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace trilobit {

enum class ErrorCode { Io, Format, Unsupported, OutOfMemory, Cancelled, Plugin, Store, Usage, Numeric, Internal };

/// Stable lower-case word for a code, as printed in JSON ("format", "cancelled", ...).
inline const char* errorCodeName(ErrorCode code) noexcept {
    switch (code) {
    case ErrorCode::Io: return "io";
    case ErrorCode::Format: return "format";
    case ErrorCode::Unsupported: return "unsupported";
    case ErrorCode::OutOfMemory: return "out-of-memory";
    case ErrorCode::Cancelled: return "cancelled";
    case ErrorCode::Plugin: return "plugin";
    case ErrorCode::Store: return "store";
    case ErrorCode::Usage: return "usage";
    case ErrorCode::Numeric: return "numeric";
    case ErrorCode::Internal: return "internal";
    }
    return "internal";
}

/// What went wrong, for a person: `message` is one plain sentence; the rest says where.
struct Error {
    ErrorCode code = ErrorCode::Internal;
    std::string message;
    std::string file = {};                       ///< path, when a file is at fault
    std::string field = {};                      ///< header field, tensor or key name
    std::optional<std::uint64_t> offset = {};    ///< byte offset in `file`

    /// "FILE: FIELD at byte N: MESSAGE", leaving out what is unknown. Always one line.
    std::string text() const;
};

/// `error` with the file and the field, where it has none yet.
Error located(Error error, std::string_view path, std::string_view field = {});

template <class T>
class [[nodiscard]] Result {
public:
    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) {}
    /// A Result<unique_ptr<X>> from a unique_ptr<DerivedFromX>, and the like.
    template <class U>
        requires(std::is_convertible_v<U&&, T> && !std::is_same_v<std::decay_t<U>, T>
                 && !std::is_same_v<std::decay_t<U>, Error> && !std::is_same_v<std::decay_t<U>, Result>)
    Result(U&& value) : m_state(std::in_place_index<0>, T(std::forward<U>(value))) {}

    bool has_value() const noexcept { return m_state.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }

    T& value() & { assert(has_value()); return std::get<0>(m_state); }
    const T& value() const& { assert(has_value()); return std::get<0>(m_state); }
    T&& value() && { assert(has_value()); return std::get<0>(std::move(m_state)); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    const Error& error() const& { assert(!has_value()); return std::get<1>(m_state); }
    Error&& error() && { assert(!has_value()); return std::get<1>(std::move(m_state)); }

private:
    std::variant<T, Error> m_state;
};

template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : m_error(std::move(error)) {}
    bool has_value() const noexcept { return !m_error; }
    explicit operator bool() const noexcept { return has_value(); }
    const Error& error() const& { assert(m_error); return *m_error; }
    Error&& error() && { assert(m_error); return *std::move(m_error); }

private:
    std::optional<Error> m_error;
};

/// A plain sentence with a code: `return fail(ErrorCode::Format, "...")`.
inline Error fail(ErrorCode code, std::string message) { return Error{code, std::move(message)}; }
inline Error cancelledError() { return Error{ErrorCode::Cancelled, "cancelled"}; }

} // namespace trilobit

#define TRILOBIT_CONCAT_(a, b) a##b
#define TRILOBIT_CONCAT(a, b) TRILOBIT_CONCAT_(a, b)

/// TRILOBIT_TRY(auto x, f()); declares x with the value of f() or returns its error from the current function.
#define TRILOBIT_TRY(declaration, expression)                                                      \
    auto TRILOBIT_CONCAT(trilobitTry_, __LINE__) = (expression);                                   \
    if (!TRILOBIT_CONCAT(trilobitTry_, __LINE__))                                                  \
        return std::move(TRILOBIT_CONCAT(trilobitTry_, __LINE__)).error();                         \
    declaration = *std::move(TRILOBIT_CONCAT(trilobitTry_, __LINE__))

/// TRILOBIT_CHECK(f()); for Result<void>: returns the error from the current function, if any.
#define TRILOBIT_CHECK(expression)                                                                 \
    do {                                                                                           \
        if (auto trilobitCheck_ = (expression); !trilobitCheck_)                                   \
            return std::move(trilobitCheck_).error();                                              \
    } while (false)
