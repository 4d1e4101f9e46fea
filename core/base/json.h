// Json: an ordered JSON value with bounded parsing. Objects keep their order; duplicate keys are an error.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace trilobit {

class Json {
public:
    using Array = std::vector<Json>;
    using Member = std::pair<std::string, Json>;
    using Object = std::vector<Member>;

    // Out of line: the variant's machinery is compiled once, not in every file that builds a result.
    Json();
    Json(const Json& other);
    Json(Json&& other) noexcept;
    Json& operator=(const Json& other);
    Json& operator=(Json&& other) noexcept;
    ~Json();

    Json(std::nullptr_t) : Json() {}
    Json(bool value);
    Json(double value);
    Json(float value) : Json(static_cast<double>(value)) {}
    template <class I>
        requires(std::is_integral_v<I> && !std::is_same_v<I, bool>)
    Json(I value) : Json(Integer{static_cast<std::uint64_t>(value), std::is_signed_v<I>}) {}
    Json(const char* value) : Json(std::string(value)) {}
    Json(std::string value);
    Json(std::string_view value) : Json(std::string(value)) {}
    Json(Array value);
    Json(Object value);

    static Json array();
    static Json object();
    /// Json::object({{"a", 1}, {"b", "x"}})
    static Json object(std::initializer_list<Member> members);

    bool isNull() const { return std::holds_alternative<std::monostate>(m_value); }
    bool isBool() const { return std::holds_alternative<bool>(m_value); }
    bool isInteger() const {
        return std::holds_alternative<std::int64_t>(m_value) || std::holds_alternative<std::uint64_t>(m_value);
    }
    bool isDouble() const { return std::holds_alternative<double>(m_value); }
    bool isNumber() const { return isInteger() || isDouble(); }
    bool isString() const { return std::holds_alternative<std::string>(m_value); }
    bool isArray() const { return std::holds_alternative<Array>(m_value); }
    bool isObject() const { return std::holds_alternative<Object>(m_value); }

    // Readers with a fallback: never fail, never convert between kinds except integer <-> double (exact only).
    bool toBool(bool fallback = false) const;
    std::int64_t toInt(std::int64_t fallback = 0) const;       ///< saturates above INT64_MAX
    std::uint64_t toUInt(std::uint64_t fallback = 0) const;    ///< the fallback for negative numbers
    double toDouble(double fallback = 0) const;
    const std::string& toString() const;                       ///< empty when not a string
    std::string toString(std::string_view fallback) const;
    const Array& items() const;                                ///< empty when not an array
    const Object& members() const;                             ///< empty when not an object

    /// The member `key`, or null when absent or when this is not an object. Linear in the number of members.
    const Json* find(std::string_view key) const;
    /// Like find, but a shared null value instead of nullptr: j["a"]["b"].toInt().
    const Json& operator[](std::string_view key) const;
    bool contains(std::string_view key) const { return find(key) != nullptr; }

    /// Sets or replaces a member (turns a null into an object). Returns *this for chaining.
    Json& set(std::string_view key, Json value);
    void remove(std::string_view key);
    /// Appends to an array (turns a null into an array).
    Json& push(Json value);

    /// Compact when indent < 0. Doubles print with the fewest digits that read back the same; NaN and infinities
    /// print as null. Strings that are not UTF-8 get U+FFFD for each bad byte.
    std::string dump(int indent = -1) const;

    struct Limits {
        std::size_t maxDepth = 64;
        std::size_t maxValues = 8'000'000; ///< scalars, containers and keys together
        std::size_t maxBytes = 256u << 20;
        std::size_t maxMemory = static_cast<std::size_t>(-1); ///< roughly what the values may take on the heap
        bool joinPairs = false; ///< a list of two texts inside another list becomes one text with a space between them

        /// For a file of `bytes` bytes from anywhere: what is built of it stays well below 64 MiB above its size.
        static Limits forFile(std::size_t bytes, std::size_t freeBytes = std::size_t{32} << 20);
    };
    /// Errors: Format, with the place in the tree, the byte offset and what was expected; duplicate keys and limits
    /// included.
    static Result<Json> parse(std::string_view text);
    static Result<Json> parse(std::string_view text, const Limits& limits);

    friend bool operator==(const Json&, const Json&);

private:
    struct Integer {
        std::uint64_t bits;
        bool isSigned;
    };
    explicit Json(Integer value);

    std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, Array, Object> m_value;
};

} // namespace trilobit
