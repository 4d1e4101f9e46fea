#include "core/base/json.h"

#include "core/base/utf8.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <iterator>
#include <limits>

namespace trilobit {

namespace {

const Json kNull;
const std::string kEmptyString;
const Json::Array kNoItems;
const Json::Object kNoMembers;

/// Steps through the text and counts, so that the builder knows how far the parser has come.
class CountingIterator {
public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    CountingIterator() = default;
    CountingIterator(const char* at, std::size_t* count) : m_at(at), m_count(count) {}
    reference operator*() const { return *m_at; }
    CountingIterator& operator++() {
        ++m_at;
        ++*m_count;
        return *this;
    }
    CountingIterator operator++(int) {
        CountingIterator before = *this;
        ++*this;
        return before;
    }
    bool operator==(const CountingIterator& other) const { return m_at == other.m_at; }

private:
    const char* m_at = nullptr;
    std::size_t* m_count = nullptr;
};

/// Finds names that appear twice in one object, with a few bytes for each.
class NameTable {
public:
    /// False when `name` is among the names of `members`, all of which were added here in order.
    bool add(const std::string& name, const Json::Object& members) {
        if (members.size() < kFew)
            return std::none_of(members.begin(), members.end(), [&](const auto& member) { return member.first == name; });
        if ((members.size() + 1) * 2 > m_slots.size())
            grow(members);
        std::size_t at = slotOf(name);
        for (; m_slots[at] != 0; at = (at + 1) & (m_slots.size() - 1))
            if (members[m_slots[at] - 1].first == name)
                return false;
        m_slots[at] = static_cast<std::uint32_t>(members.size() + 1);
        return true;
    }

private:
    static constexpr std::size_t kFew = 16;

    std::size_t slotOf(const std::string& name) const { return std::hash<std::string>{}(name) & (m_slots.size() - 1); }
    void grow(const Json::Object& members) {
        m_slots.assign(std::max<std::size_t>(4 * kFew, 2 * m_slots.size()), 0);
        for (std::size_t i = 0; i < members.size(); ++i) {
            std::size_t at = slotOf(members[i].first);
            while (m_slots[at] != 0)
                at = (at + 1) & (m_slots.size() - 1);
            m_slots[at] = static_cast<std::uint32_t>(i + 1);
        }
    }

    std::vector<std::uint32_t> m_slots; ///< one more than an index, or 0; a power of two of them
};

/// What a text holds before any of it is built: how many values every container has, in the order in which they open. Of a
/// text that is not JSON it says something, which the parser then refuses.
class Outline {
public:
    /// Errors: Format when a text inside is too long, or containers and values alone are more than the memory allows.
    static Result<Outline> of(std::string_view text, const Json::Limits& limits) {
        Outline out;
        std::vector<std::size_t> open;
        const std::size_t longest = limits.maxMemory / kTextCopies;
        const auto counted = [&] {
            if (!open.empty() && out.m_counts[open.back()] == 0)
                out.m_counts[open.back()] = 1;
        };
        for (std::size_t i = 0; i < text.size(); ++i) {
            const char c = text[i];
            if (c == '"') {
                counted();
                const std::size_t begin = i;
                for (++i; i < text.size() && text[i] != '"'; ++i)
                    i += text[i] == '\\';
                if (i - begin - 1 > longest)
                    return Error{ErrorCode::Format, "a text of more than " + std::to_string(longest)
                                 + " bytes, expected at most so many", {}, "JSON text", begin};
            } else if (c == '[' || c == '{') {
                counted();
                if (open.size() >= limits.maxDepth || out.m_counts.size() >= limits.maxMemory / sizeof(Json))
                    break; // the parser says so when it comes here
                open.push_back(out.m_counts.size());
                out.m_counts.push_back(0);
            } else if (c == ',') {
                if (!open.empty())
                    ++out.m_counts[open.back()];
            } else if (c == ']' || c == '}') {
                if (!open.empty())
                    open.pop_back();
            } else if (c > ' ') {
                counted();
            }
        }
        return out;
    }
    /// Of the container that opens next.
    std::size_t next() { return m_next < m_counts.size() ? m_counts[m_next++] : 0; }

private:
    /// The library collects a text twice, in rows that double when they are full, before anybody can say that it is too much.
    static constexpr std::size_t kTextCopies = 6;
    std::vector<std::uint32_t> m_counts;
    std::size_t m_next = 0;
};

/// Builds a Json from parser events and stops at the first limit or duplicate key.
class Builder : public nlohmann::json_sax<nlohmann::json> {
public:
    Builder(const Json::Limits& limits, Outline outline) : m_limits(limits), m_outline(std::move(outline)) {}

    std::size_t* counter() { return &m_position; }

    bool null() override { return put(Json()); }
    bool boolean(bool value) override { return put(Json(value)); }
    bool number_integer(number_integer_t value) override { return put(Json(static_cast<std::int64_t>(value))); }
    bool number_unsigned(number_unsigned_t value) override {
        if (value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
            return put(Json(static_cast<std::int64_t>(value)));
        return put(Json(static_cast<std::uint64_t>(value)));
    }
    bool number_float(number_float_t value, const string_t&) override { return put(Json(value)); }
    bool string(string_t& value) override {
        // A copy of the right size: the parser keeps its buffer, which may be many times larger.
        return spend(heapOf(value)) && put(Json(std::string(value)));
    }
    bool binary(binary_t&) override { return stop("binary values are not JSON"); }
    bool start_object(std::size_t) override { return open(Json::object(), kMemberBytes); }
    bool start_array(std::size_t) override { return open(Json::array(), kValueBytes); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t& value) override {
        if (!count() || !spend(heapOf(value)))
            return false;
        m_open.back().key = value;
        if (!m_open.back().names.add(value, m_open.back().value.members()))
            return stop("the key \"" + value.substr(0, 80) + "\" appears twice in one object, expected once");
        return true;
    }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& what) override {
        if (m_error.empty())
            m_error = "not valid JSON here" + expectation(what.what());
        m_offset = position > 0 ? position - 1 : 0;
        return false;
    }

    Json take() { return std::move(m_root); }

    Error error() const {
        return Error{ErrorCode::Format, m_error.empty() ? std::string("not valid JSON here, expected a value") : m_error, {}, place(),
                     m_offset};
    }

private:
    struct Open {
        Json value;
        std::string key;
        NameTable names;
    };

    static constexpr std::size_t kValueBytes = sizeof(Json), kMemberBytes = sizeof(Json::Member) + 8;

    static std::size_t heapOf(const std::string& text) { return text.size() > 15 ? text.size() + 24 : 0; }

    /// The end of the parser's own sentence, in our words: what may stand here.
    static std::string expectation(const std::string& what) {
        const std::size_t at = what.rfind("; expected ");
        if (at == std::string::npos)
            return ", expected a value, a text in quotes, a comma, or the end of what is open";
        std::string wanted = what.substr(at + 11, 80);
        return wanted == "end of input" ? ", expected the end of the text" : ", expected " + wanted;
    }

    /// "model.vocab[3]": where in the tree the parser is. The root is "JSON text".
    std::string place() const {
        std::string out;
        for (const Open& open : m_open) {
            if (out.size() > 200)
                return out + "...";
            if (open.value.isArray())
                out += '[' + std::to_string(open.value.items().size()) + ']';
            else if (!open.key.empty())
                out += (out.empty() ? "" : ".") + open.key.substr(0, 60);
        }
        return out.empty() ? "JSON text" : out;
    }

    bool stop(std::string why) {
        m_error = std::move(why);
        m_offset = m_position > 0 ? m_position - 1 : 0;
        return false;
    }
    bool count() {
        if (++m_count > m_limits.maxValues)
            return stop("more than " + std::to_string(m_limits.maxValues) + " values, expected at most so many");
        return true;
    }
    bool spend(std::size_t bytes) {
        m_spent += bytes;
        if (m_spent > m_limits.maxMemory)
            return stop("so many values need more than " + std::to_string(m_limits.maxMemory >> 20) + " MiB of memory");
        return true;
    }
    bool put(Json value) {
        if (!count())
            return false;
        attach(std::move(value));
        return true;
    }
    void attach(Json value) {
        if (m_open.empty()) {
            m_root = std::move(value);
            return;
        }
        Open& top = m_open.back();
        if (top.value.isArray())
            top.value.push(std::move(value));
        else
            const_cast<Json::Object&>(top.value.members()).emplace_back(std::move(top.key), std::move(value));
        top.key.clear();
    }
    /// Room for all values at once: a row that grows is there twice while it is copied.
    bool open(Json value, std::size_t bytesEach) {
        const std::size_t values = m_outline.next();
        if (!count() || !spend(values > 0 ? values * bytesEach + kHeapBlockBytes : 0))
            return false;
        if (m_open.size() >= m_limits.maxDepth)
            return stop("nested deeper than " + std::to_string(m_limits.maxDepth) + " levels, expected at most so many");
        if (value.isArray())
            const_cast<Json::Array&>(value.items()).reserve(values);
        else
            const_cast<Json::Object&>(value.members()).reserve(values);
        m_open.push_back({std::move(value), {}, {}});
        return true;
    }
    bool close() {
        Json value = std::move(m_open.back().value);
        m_open.pop_back();
        if (m_limits.joinPairs && value.isArray() && !m_open.empty() && m_open.back().value.isArray()) {
            const Json::Array& items = value.items();
            if (items.size() == 2 && items[0].isString() && items[1].isString())
                value = join(items[0].toString(), items[1].toString());
        }
        attach(std::move(value));
        return true;
    }
    Json join(const std::string& first, const std::string& second) {
        m_spent -= std::min<std::size_t>(m_spent, 2 * kValueBytes + kHeapBlockBytes + heapOf(first) + heapOf(second));
        std::string joint;
        joint.reserve(first.size() + 1 + second.size());
        joint.append(first).append(1, ' ').append(second);
        m_spent += heapOf(joint);
        return Json(std::move(joint));
    }

    static constexpr std::size_t kHeapBlockBytes = 16;

    const Json::Limits& m_limits;
    Outline m_outline;
    std::vector<Open> m_open;
    Json m_root;
    std::string m_error;
    std::size_t m_offset = 0, m_position = 0;
    std::size_t m_count = 0, m_spent = 0;
};

void dumpString(std::string_view text, std::string& out) {
    static constexpr char kHex[] = "0123456789abcdef";
    out += '"';
    for (std::size_t i = 0; i < text.size();) {
        const unsigned char c = static_cast<unsigned char>(text[i]);
        if (c >= 0x80) {
            const std::size_t length = utf8SequenceLength(text.substr(i));
            if (length == 0) {
                out += "\xEF\xBF\xBD";
                ++i;
            } else {
                out.append(text, i, length);
                i += length;
            }
            continue;
        }
        ++i;
        switch (c) {
        case '"': out += "\\\""; break;
        case '\\': out += "\\\\"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        default:
            if (c < 0x20 || c == 0x7F) {
                out += "\\u00";
                out += kHex[c >> 4];
                out += kHex[c & 15];
            } else {
                out += static_cast<char>(c);
            }
        }
    }
    out += '"';
}

void newline(std::string& out, int indent, int depth) {
    if (indent >= 0) {
        out += '\n';
        out.append(static_cast<std::size_t>(indent) * static_cast<std::size_t>(depth), ' ');
    }
}

void dumpValue(const Json& value, std::string& out, int indent, int depth) {
    if (value.isNull()) {
        out += "null";
    } else if (value.isBool()) {
        out += value.toBool() ? "true" : "false";
    } else if (value.isInteger()) {
        char buffer[24];
        const std::to_chars_result result = value.toUInt() > std::numeric_limits<std::int64_t>::max()
                                                ? std::to_chars(buffer, buffer + sizeof buffer, value.toUInt())
                                                : std::to_chars(buffer, buffer + sizeof buffer, value.toInt());
        out.append(buffer, result.ptr);
    } else if (value.isDouble()) {
        const double number = value.toDouble();
        if (!std::isfinite(number)) {
            out += "null";
            return;
        }
        char buffer[32];
        const auto [end, ec] = std::to_chars(buffer, buffer + sizeof buffer, number);
        (void)ec;
        const std::string_view digits(buffer, static_cast<std::size_t>(end - buffer));
        out += digits;
        if (digits.find_first_of(".e") == std::string_view::npos)
            out += ".0"; // keeps it a number with a fraction for the next reader
    } else if (value.isString()) {
        dumpString(value.toString(), out);
    } else if (value.isArray()) {
        out += '[';
        bool first = true;
        for (const Json& item : value.items()) {
            if (!first)
                out += ',';
            first = false;
            newline(out, indent, depth + 1);
            dumpValue(item, out, indent, depth + 1);
        }
        if (!first)
            newline(out, indent, depth);
        out += ']';
    } else {
        out += '{';
        bool first = true;
        for (const auto& [key, item] : value.members()) {
            if (!first)
                out += ',';
            first = false;
            newline(out, indent, depth + 1);
            dumpString(key, out);
            out += indent < 0 ? ":" : ": ";
            dumpValue(item, out, indent, depth + 1);
        }
        if (!first)
            newline(out, indent, depth);
        out += '}';
    }
}

} // namespace

Json::Json() = default;
Json::Json(const Json& other) = default;
Json::Json(Json&& other) noexcept = default;
Json& Json::operator=(const Json& other) = default;
Json& Json::operator=(Json&& other) noexcept = default;
Json::~Json() = default;

Json::Json(bool value) : m_value(value) {}
Json::Json(double value) : m_value(value) {}
Json::Json(std::string value) : m_value(std::move(value)) {}
Json::Json(Array value) : m_value(std::move(value)) {}
Json::Json(Object value) : m_value(std::move(value)) {}
Json::Json(Integer value) {
    if (value.isSigned)
        m_value = static_cast<std::int64_t>(value.bits);
    else
        m_value = value.bits;
}

Json Json::array() { return Json(Array{}); }
Json Json::object() { return Json(Object{}); }
Json Json::object(std::initializer_list<Member> members) { return Json(Object(members)); }

bool Json::toBool(bool fallback) const {
    const bool* value = std::get_if<bool>(&m_value);
    return value ? *value : fallback;
}

std::int64_t Json::toInt(std::int64_t fallback) const {
    if (const auto* value = std::get_if<std::int64_t>(&m_value))
        return *value;
    if (std::holds_alternative<std::uint64_t>(m_value)) {
        const std::uint64_t value = std::get<std::uint64_t>(m_value);
        constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
        return value > static_cast<std::uint64_t>(kMax) ? kMax : static_cast<std::int64_t>(value);
    }
    if (const auto* value = std::get_if<double>(&m_value))
        if (std::abs(*value) < 9e15 && std::floor(*value) == *value)
            return static_cast<std::int64_t>(*value);
    return fallback;
}

std::uint64_t Json::toUInt(std::uint64_t fallback) const {
    if (const auto* value = std::get_if<std::uint64_t>(&m_value))
        return *value;
    const std::int64_t value = toInt(-1);
    return value >= 0 ? static_cast<std::uint64_t>(value) : fallback;
}

double Json::toDouble(double fallback) const {
    if (const auto* value = std::get_if<double>(&m_value))
        return *value;
    if (const auto* value = std::get_if<std::int64_t>(&m_value))
        return static_cast<double>(*value);
    if (const auto* value = std::get_if<std::uint64_t>(&m_value))
        return static_cast<double>(*value);
    return fallback;
}

const std::string& Json::toString() const {
    const auto* value = std::get_if<std::string>(&m_value);
    return value ? *value : kEmptyString;
}

std::string Json::toString(std::string_view fallback) const {
    const auto* value = std::get_if<std::string>(&m_value);
    return value ? *value : std::string(fallback);
}

const Json::Array& Json::items() const {
    const auto* value = std::get_if<Array>(&m_value);
    return value ? *value : kNoItems;
}

const Json::Object& Json::members() const {
    const auto* value = std::get_if<Object>(&m_value);
    return value ? *value : kNoMembers;
}

const Json* Json::find(std::string_view key) const {
    for (const auto& [name, value] : members())
        if (name == key)
            return &value;
    return nullptr;
}

const Json& Json::operator[](std::string_view key) const {
    const Json* value = find(key);
    return value ? *value : kNull;
}

Json& Json::set(std::string_view key, Json value) {
    if (!isObject())
        m_value = Object{};
    auto& object = std::get<Object>(m_value);
    for (auto& [name, old] : object)
        if (name == key) {
            old = std::move(value);
            return *this;
        }
    object.emplace_back(std::string(key), std::move(value));
    return *this;
}

void Json::remove(std::string_view key) {
    if (auto* object = std::get_if<Object>(&m_value))
        std::erase_if(*object, [&](const Member& member) { return member.first == key; });
}

Json& Json::push(Json value) {
    if (!isArray())
        m_value = Array{};
    std::get<Array>(m_value).push_back(std::move(value));
    return *this;
}

std::string Json::dump(int indent) const {
    std::string out;
    dumpValue(*this, out, indent, 0);
    return out;
}

Result<Json> Json::parse(std::string_view text) { return parse(text, Limits{}); }

Result<Json> Json::parse(std::string_view text, const Limits& limits) {
    if (text.size() > limits.maxBytes)
        return fail(ErrorCode::Format, "JSON text is larger than " + std::to_string(limits.maxBytes)
                                           + " bytes, expected at most so many");
    TRILOBIT_TRY(Outline outline, Outline::of(text, limits));
    Builder builder(limits, std::move(outline));
    // The library's lexer throws nothing in this mode: every error arrives in Builder::parse_error.
    const CountingIterator begin(text.data(), builder.counter()), end(text.data() + text.size(), builder.counter());
    if (!nlohmann::json::sax_parse(begin, end, &builder))
        return builder.error();
    return builder.take();
}

Json::Limits Json::Limits::forFile(std::size_t bytes, std::size_t freeBytes) {
    // What is refused late may have been built whole; what is then made of it takes about as much again.
    Limits limits;
    limits.maxMemory = freeBytes + bytes / 2;
    return limits;
}

bool operator==(const Json& a, const Json& b) { return a.m_value == b.m_value; }

} // namespace trilobit
