#include "core/template/operators.h"

#include "core/template/format.h"
#include "core/template/pytext.h"

#include <cmath>
#include <limits>

namespace trilobit::tmpl {

namespace {

const char* symbolOf(Operator op) {
    static constexpr const char* kSymbols[] = {
        "+", "-", "*", "/", "//", "%", "**", "==", "!=", "<", "<=", ">", ">=", "in", "not in"};
    return kSymbols[static_cast<int>(op)];
}

Error wrongTypes(Operator op, const Value& left, const Value& right) {
    if (left.isUndefined())
        return undefinedError(left);
    if (right.isUndefined())
        return undefinedError(right);
    if (op == Operator::Add && (left.isText() || left.list()))
        return fail(ErrorCode::Format, std::string("can only concatenate ") + left.typeName() + " (not \""
                                           + right.typeName() + "\") to " + left.typeName());
    return fail(ErrorCode::Format, std::string("unsupported operand type(s) for ") + symbolOf(op) + ": '"
                                       + left.typeName() + "' and '" + right.typeName() + "'");
}

Error tooLarge() { return fail(ErrorCode::Unsupported, "an integer leaves the range of 64 bits"); }

Result<Value> integerPower(std::int64_t base, std::int64_t exponent) {
    if (exponent < 0)
        return Value(std::pow(static_cast<double>(base), static_cast<double>(exponent)));
    std::int64_t result = 1;
    while (exponent > 0) {
        if (exponent % 2 == 1 && __builtin_mul_overflow(result, base, &result))
            return tooLarge();
        exponent /= 2;
        if (exponent > 0 && __builtin_mul_overflow(base, base, &base))
            return tooLarge();
    }
    return Value(result);
}

Result<Value> integers(Operator op, std::int64_t a, std::int64_t b) {
    std::int64_t result = 0;
    switch (op) {
    case Operator::Add: return __builtin_add_overflow(a, b, &result) ? Result<Value>(tooLarge()) : Value(result);
    case Operator::Subtract: return __builtin_sub_overflow(a, b, &result) ? Result<Value>(tooLarge()) : Value(result);
    case Operator::Multiply: return __builtin_mul_overflow(a, b, &result) ? Result<Value>(tooLarge()) : Value(result);
    case Operator::Power: return integerPower(a, b);
    default: break;
    }
    if (b == 0)
        return fail(ErrorCode::Format, "division by zero");
    if (op == Operator::Divide)
        return Value(static_cast<double>(a) / static_cast<double>(b));
    if (b == -1) // the one quotient that overflows
        return op == Operator::Modulo ? Result<Value>(Value(std::int64_t{0})) : integers(Operator::Subtract, 0, a);
    const std::int64_t remainder = a % b;
    const bool adjust = remainder != 0 && (remainder < 0) != (b < 0); // Python rounds down
    return op == Operator::FloorDivide ? Value(a / b - (adjust ? 1 : 0)) : Value(remainder + (adjust ? b : 0));
}

Result<Value> floats(Operator op, double a, double b) {
    switch (op) {
    case Operator::Add: return Value(a + b);
    case Operator::Subtract: return Value(a - b);
    case Operator::Multiply: return Value(a * b);
    case Operator::Power: return Value(std::pow(a, b));
    default: break;
    }
    if (b == 0)
        return fail(ErrorCode::Format, "float division by zero");
    if (op == Operator::Divide)
        return Value(a / b);
    double remainder = std::fmod(a, b);
    if (remainder != 0 && (remainder < 0) != (b < 0))
        remainder += b;
    return op == Operator::Modulo ? Value(remainder) : Value(std::floor((a - remainder) / b + 0.5));
}

/// "ab" * 3 and [1] * 3
Result<Value> repeated(const Value& row, std::int64_t count, Arena& arena, Budget& budget) {
    const std::uint64_t times = count > 0 ? static_cast<std::uint64_t>(count) : 0;
    const std::uint64_t size = row.isText() ? row.text().size() : row.list()->items.size();
    if (size > 0 && times > std::numeric_limits<std::uint64_t>::max() / size)
        return tooLarge();
    if (row.isText()) {
        TRILOBIT_CHECK(budget.fits(size * times));
        std::string text;
        text.reserve(size * times);
        for (std::uint64_t i = 0; i < times && size > 0; ++i)
            text += row.text();
        return Value(std::move(text));
    }
    TRILOBIT_CHECK(budget.spend(size * times));
    std::vector<Value> items;
    for (std::uint64_t i = 0; i < times && size > 0; ++i)
        items.insert(items.end(), row.list()->items.begin(), row.list()->items.end());
    return Value(arena.list(std::move(items), row.list()->tuple));
}

/// "%s and %d" % values
Result<Value> formatted(std::string_view format, const Value& right, Budget& budget) {
    std::vector<Value> values = right.list() && right.list()->tuple ? right.list()->items : std::vector<Value>{right};
    std::size_t used = 0;
    std::string out;
    for (std::size_t i = 0; i < format.size(); ++i) {
        if (format[i] != '%') {
            out += format[i];
            continue;
        }
        const char kind = ++i < format.size() ? format[i] : '\0';
        if (kind == '%') {
            out += '%';
            continue;
        }
        if (used == values.size())
            return fail(ErrorCode::Format, "not enough arguments for format string");
        const Value& value = values[used++];
        if (kind == 'd' && value.isNumber()) {
            out +=
                std::to_string(value.as<double>() ? static_cast<std::int64_t>(*value.as<double>()) : value.integer());
        } else if (kind == 's' || kind == 'r') {
            TRILOBIT_TRY(std::string text, kind == 's' ? toText(value, budget) : toRepr(value, budget));
            out += text;
        } else {
            return fail(ErrorCode::Format, "this format of the % operator is not supported");
        }
        TRILOBIT_CHECK(budget.fits(out.size()));
    }
    if (used != values.size())
        return fail(ErrorCode::Format, "not all arguments converted during string formatting");
    return Value(std::move(out));
}

Result<Value> added(const Value& left, const Value& right, Arena& arena, Budget& budget) {
    if (left.isText() && right.isText()) {
        if (left.isMarkup() != right.isMarkup()) {
            TRILOBIT_CHECK(budget.fits(6 * (left.text().size() + right.text().size())));
            return left.isMarkup() ? Value::markup(std::string(left.text()) + escaped(right.text()))
                                   : Value::markup(escaped(left.text()) + std::string(right.text()));
        }
        const std::string_view a = left.text(), b = right.text();
        TRILOBIT_CHECK(budget.fits(a.size() + b.size()));
        std::string text;
        text.reserve(a.size() + b.size());
        text.append(a).append(b);
        return left.isMarkup() ? Value::markup(std::move(text)) : Value(std::move(text));
    }
    if (left.list() && right.list() && left.list()->tuple == right.list()->tuple) {
        TRILOBIT_CHECK(budget.spend(left.list()->items.size() + right.list()->items.size()));
        std::vector<Value> items = left.list()->items;
        items.insert(items.end(), right.list()->items.begin(), right.list()->items.end());
        return Value(arena.list(std::move(items), left.list()->tuple));
    }
    return wrongTypes(Operator::Add, left, right);
}

bool isRow(const Value& value) { return value.isText() || value.list(); }

} // namespace

Error undefinedError(const Value& value) {
    const auto* undefined = value.as<Undefined>();
    return fail(ErrorCode::Format, undefined && undefined->why ? *undefined->why : "a value is undefined");
}

Result<Value> arithmetic(Operator op, const Value& left, const Value& right, Arena& arena, Budget& budget) {
    if (left.isInteger() && right.isInteger())
        return integers(op, left.integer(), right.integer());
    if (left.isNumber() && right.isNumber()) {
        // A double holds any integer result only when it is small enough; floor and remainder stay floats as in Python.
        return floats(op, left.number(), right.number());
    }
    if (op == Operator::Add)
        return added(left, right, arena, budget);
    if (op == Operator::Multiply && isRow(left) && right.isInteger())
        return repeated(left, right.integer(), arena, budget);
    if (op == Operator::Multiply && isRow(right) && left.isInteger())
        return repeated(right, left.integer(), arena, budget);
    if (op == Operator::Modulo && left.isText() && !right.isUndefined())
        return formatted(left.text(), right, budget);
    return wrongTypes(op, left, right);
}

Result<bool> equal(const Value& left, const Value& right, Budget& budget) {
    TRILOBIT_CHECK(budget.spend(1));
    if (left.isInteger() && right.isInteger())
        return left.integer() == right.integer();
    if (left.isNumber() && right.isNumber())
        return left.number() == right.number();
    if (left.isText() && right.isText()) {
        TRILOBIT_CHECK(budget.spendBytes(std::min(left.text().size(), right.text().size())));
        return left.text() == right.text();
    }
    if (left.isUndefined() || left.isNone())
        return left.isUndefined() ? right.isUndefined() : right.isNone();
    const Budget::Level level(budget);
    TRILOBIT_CHECK(level.check());
    if (left.list() && right.list()) {
        const List &a = *left.list(), &b = *right.list();
        if (a.items.size() != b.items.size() || a.tuple != b.tuple)
            return false;
        for (std::size_t i = 0; i < a.items.size(); ++i) {
            TRILOBIT_TRY(const bool same, equal(a.items[i], b.items[i], budget));
            if (!same)
                return false;
        }
        return true;
    }
    if (left.dict() && right.dict()) {
        if (left.dict()->entries.size() != right.dict()->entries.size())
            return false;
        for (const auto& [key, value] : left.dict()->entries) {
            TRILOBIT_CHECK(budget.spend(right.dict()->entries.size() / 8));
            const Value* other = right.dict()->find(key);
            if (!other)
                return false;
            TRILOBIT_TRY(const bool same, equal(value, *other, budget));
            if (!same)
                return false;
        }
        return true;
    }
    if (left.object() || left.function() || left.loop())
        return left.object() == right.object() && left.function() == right.function() && left.loop() == right.loop();
    return false;
}

Result<bool> lessThan(const Value& left, const Value& right, Budget& budget) {
    TRILOBIT_CHECK(budget.spend(1));
    if (left.isInteger() && right.isInteger())
        return left.integer() < right.integer();
    if (left.isNumber() && right.isNumber())
        return left.number() < right.number();
    if (left.isText() && right.isText()) {
        TRILOBIT_CHECK(budget.spendBytes(std::min(left.text().size(), right.text().size())));
        return left.text() < right.text();
    }
    if (!left.list() || !right.list() || left.list()->tuple != right.list()->tuple) {
        if (left.isUndefined() || right.isUndefined())
            return undefinedError(left.isUndefined() ? left : right);
        return fail(ErrorCode::Format, std::string("'<' not supported between instances of '") + left.typeName()
                                           + "' and '" + right.typeName() + "'");
    }
    const Budget::Level level(budget);
    TRILOBIT_CHECK(level.check());
    const std::vector<Value>&a = left.list()->items, &b = right.list()->items;
    for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
        TRILOBIT_TRY(const bool same, equal(a[i], b[i], budget));
        if (!same)
            return lessThan(a[i], b[i], budget);
    }
    return a.size() < b.size();
}

Result<bool> contains(const Value& container, const Value& item, Budget& budget) {
    if (container.isText()) {
        if (!item.isText())
            return item.isUndefined()
                       ? undefinedError(item)
                       : fail(ErrorCode::Format,
                              std::string("'in <string>' requires string as left operand, not ") + item.typeName());
        TRILOBIT_CHECK(budget.spendSearch(container.text().size(), item.text().size()));
        return container.text().find(item.text()) != std::string_view::npos;
    }
    if (const List* list = container.list()) {
        for (const Value& value : list->items) {
            TRILOBIT_TRY(const bool same, equal(value, item, budget));
            if (same)
                return true;
        }
        return false;
    }
    Dict* dict = container.dict() ? container.dict() : container.object() ? &container.object()->values : nullptr;
    if (dict) {
        TRILOBIT_CHECK(budget.spend(dict->entries.size() / 8));
        return dict->find(item) != nullptr;
    }
    if (container.isUndefined())
        return false;
    return fail(ErrorCode::Format, std::string("argument of type '") + container.typeName() + "' is not iterable");
}

Result<bool> compare(Operator op, const Value& left, const Value& right, Budget& budget) {
    const bool negated =
        op == Operator::NotEqual || op == Operator::NotIn || op == Operator::LessEqual || op == Operator::GreaterEqual;
    Result<bool> result = false;
    switch (op) {
    case Operator::Equal:
    case Operator::NotEqual: result = equal(left, right, budget); break;
    case Operator::In:
    case Operator::NotIn: result = contains(right, left, budget); break;
    case Operator::Less:
    case Operator::GreaterEqual: result = lessThan(left, right, budget); break;
    default: result = lessThan(right, left, budget); break;
    }
    if (!result)
        return result;
    const bool unordered =
        left.isNumber() && right.isNumber() && (std::isnan(left.number()) || std::isnan(right.number()));
    if (unordered && (op == Operator::LessEqual || op == Operator::GreaterEqual))
        return false;
    return *result != negated;
}

Result<std::vector<Value>> iterate(const Value& value, Budget& budget) {
    std::vector<Value> items;
    if (const List* list = value.list()) {
        TRILOBIT_CHECK(budget.spend(list->items.size()));
        items = list->items;
    } else if (const Dict* dict = value.dict()) {
        TRILOBIT_CHECK(budget.spend(dict->entries.size()));
        for (const auto& entry : dict->entries)
            items.push_back(entry.first);
    } else if (value.isText()) {
        TRILOBIT_CHECK(budget.spend(value.text().size()));
        for (const std::string_view character : characters(value.text()))
            items.push_back(Value(character));
    } else if (!value.isUndefined()) {
        return fail(ErrorCode::Format, std::string("'") + value.typeName() + "' object is not iterable");
    }
    return items;
}

} // namespace trilobit::tmpl
