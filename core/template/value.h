// Values of the template language: what Python would hold, with lists and dicts shared by reference.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace trilobit::tmpl {

class Value;
struct Statement;
struct Scope;

struct Undefined {
    std::shared_ptr<const std::string> why; ///< what an error about it says; may be null
};
struct None {};
using TextPtr = std::shared_ptr<const std::string>; ///< UTF-8

struct List;
struct Dict;
struct Namespace;
struct Function;
struct Loop;

/// Roughly the bytes that the values of this thread hold; a rendering stays on one thread and compares with its start.
inline std::uint64_t& heldBytes() {
    static thread_local std::uint64_t bytes = 0;
    return bytes;
}

/// A text that is counted as long as it is held.
struct HeldText : std::string {
    explicit HeldText(std::string&& text) : std::string(std::move(text)) { heldBytes() += kOverhead + capacity(); }
    ~HeldText() { heldBytes() -= kOverhead + capacity(); }
    HeldText(const HeldText&) = delete;
    HeldText& operator=(const HeldText&) = delete;
    static constexpr std::uint64_t kOverhead = 64;
};

/// A value that is counted as long as it lives.
struct HeldValue {
    static constexpr std::uint64_t kBytes = 40;
    HeldValue() noexcept { heldBytes() += kBytes; }
    HeldValue(const HeldValue&) noexcept : HeldValue() {}
    HeldValue& operator=(const HeldValue&) = default;
    ~HeldValue() noexcept { heldBytes() -= kBytes; }
};

/// Small and cheap to copy. Containers belong to the Arena of the rendering.
class Value : HeldValue {
public:
    using Variant =
        std::variant<Undefined, None, bool, std::int64_t, double, TextPtr, List*, Dict*, Namespace*, Function*, Loop*>;

    Value() = default;
    Value(None) : m_value(None{}) {}
    Value(Undefined undefined) : m_value(std::move(undefined)) {}
    Value(bool value) : m_value(value) {}
    Value(std::int64_t value) : m_value(value) {}
    Value(double value) : m_value(value) {}
    Value(std::string value) : m_value(TextPtr(std::make_shared<const HeldText>(std::move(value)))) {}
    Value(std::string_view value) : Value(std::string(value)) {}
    Value(const char* value) : Value(std::string(value)) {}
    Value(List* list) : m_value(list) {}
    Value(Dict* dict) : m_value(dict) {}
    Value(Namespace* object) : m_value(object) {}
    Value(Function* function) : m_value(function) {}
    Value(Loop* loop) : m_value(loop) {}

    /// A text that the filter "safe" marked: joined to others with +, those are escaped.
    static Value markup(std::string value) {
        Value result(std::move(value));
        result.m_markup = true;
        return result;
    }
    bool isMarkup() const { return m_markup; }

    template <class T>
    const T* as() const {
        return std::get_if<T>(&m_value);
    }
    bool isUndefined() const { return as<Undefined>(); }
    bool isNone() const { return as<None>(); }
    bool isBool() const { return as<bool>(); }
    bool isInteger() const { return as<std::int64_t>() || isBool(); }
    bool isNumber() const { return isInteger() || as<double>(); }
    bool isText() const { return as<TextPtr>(); }
    List* list() const { return m_value.index() == 6 ? std::get<List*>(m_value) : nullptr; }
    Dict* dict() const { return m_value.index() == 7 ? std::get<Dict*>(m_value) : nullptr; }
    Namespace* object() const { return m_value.index() == 8 ? std::get<Namespace*>(m_value) : nullptr; }
    Function* function() const { return m_value.index() == 9 ? std::get<Function*>(m_value) : nullptr; }
    Loop* loop() const { return m_value.index() == 10 ? std::get<Loop*>(m_value) : nullptr; }

    std::string_view text() const { return isText() ? std::string_view(**as<TextPtr>()) : std::string_view(); }
    std::int64_t integer() const; ///< of an integer or a bool; 0 otherwise
    double number() const;        ///< of any number; 0 otherwise
    bool truthy() const;
    /// Python's name of the type, for messages: "str", "int", "dict", ...
    const char* typeName() const;

private:
    Variant m_value;
    bool m_markup = false;
};

struct List {
    std::vector<Value> items;
    bool tuple = false;
    bool lazy = false; ///< what map, select and the like give: always true in a condition, as in Python
};

/// In insertion order; keys are texts almost always, so a look-up walks the entries.
struct Dict {
    std::vector<std::pair<Value, Value>> entries;

    Value* find(std::string_view key);
    Value* find(const Value& key); ///< scalar keys
    void set(const Value& key, Value value);
};

struct Namespace {
    Dict values;
};

/// The `loop` variable.
struct Loop {
    const List* items = nullptr;
    std::size_t index = 0; ///< from 0
    Value lastChanged;
    bool hasChanged = false;
};

/// Anything that can be called.
struct Function {
    enum class Kind { Global, Method, Macro, Caller } kind = Kind::Global;
    std::string name;                ///< of the global, method or macro
    Value self;                      ///< methods: the object
    const Statement* body = nullptr; ///< macros and callers: where the arguments and the block are
    Scope* scope = nullptr;          ///< macros and callers: the variables around the definition
};

/// Variables of one block; names that are not found here are looked up in `parent`.
struct Scope {
    Scope* parent = nullptr;
    bool captured = false; ///< a macro refers to it, so it must not be used again for another round of a loop
    std::vector<std::pair<std::string_view, Value>> variables; ///< names live in the program or the context

    Value* find(std::string_view name);
    void set(std::string_view name, Value value);
};

/// Owns every container of one rendering and frees them one by one, however they refer to each other.
struct Arena {
    std::deque<List> lists;
    std::deque<Dict> dicts;
    std::deque<Namespace> namespaces;
    std::deque<Function> functions;
    std::deque<Loop> loops;
    std::deque<Scope> scopes;

    List* list(std::vector<Value> items = {}, bool tuple = false);
    Dict* dict();
    Function* function(Function function);
};

} // namespace trilobit::tmpl
