#include "core/template/value.h"

namespace trilobit::tmpl {

std::int64_t Value::integer() const {
    if (const auto* value = as<std::int64_t>())
        return *value;
    const auto* flag = as<bool>();
    return flag && *flag ? 1 : 0;
}

double Value::number() const {
    const auto* value = as<double>();
    return value ? *value : static_cast<double>(integer());
}

bool Value::truthy() const {
    if (const auto* flag = as<bool>())
        return *flag;
    if (isNumber())
        return number() != 0;
    if (isText())
        return !text().empty();
    if (list())
        return list()->lazy || !list()->items.empty();
    if (dict())
        return !dict()->entries.empty();
    return !isUndefined() && !isNone();
}

const char* Value::typeName() const {
    static constexpr const char* kNames[] = {"Undefined", "NoneType", "bool",      "int",      "float",      "str",
                                             "list",      "dict",     "Namespace", "function", "LoopContext"};
    if (list() && list()->lazy)
        return "generator";
    return list() && list()->tuple ? "tuple" : kNames[m_value.index()];
}

Value* Dict::find(std::string_view key) {
    for (auto& [name, value] : entries)
        if (name.isText() && name.text() == key)
            return &value;
    return nullptr;
}

Value* Dict::find(const Value& key) {
    if (key.isText())
        return find(key.text());
    for (auto& [name, value] : entries) {
        const bool numbers = name.isNumber() && key.isNumber() && name.number() == key.number();
        if (numbers || (name.isNone() && key.isNone()))
            return &value;
    }
    return nullptr;
}

void Dict::set(const Value& key, Value value) {
    if (Value* old = find(key))
        *old = std::move(value);
    else
        entries.emplace_back(key, std::move(value));
}

Value* Scope::find(std::string_view name) {
    for (Scope* scope = this; scope; scope = scope->parent)
        for (auto& [key, value] : scope->variables)
            if (key == name)
                return &value;
    return nullptr;
}

void Scope::set(std::string_view name, Value value) {
    for (auto& [key, old] : variables)
        if (key == name) {
            old = std::move(value);
            return;
        }
    variables.emplace_back(name, std::move(value));
}

List* Arena::list(std::vector<Value> items, bool tuple) {
    lists.push_back({std::move(items), tuple, false});
    return &lists.back();
}

Dict* Arena::dict() { return &dicts.emplace_back(); }

Function* Arena::function(Function function) {
    functions.push_back(std::move(function));
    return &functions.back();
}

} // namespace trilobit::tmpl
