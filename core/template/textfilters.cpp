#include "core/template/filters.h"

#include "core/template/format.h"
#include "core/template/operators.h"
#include "core/template/pytext.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace trilobit::tmpl {

namespace {

using Filter = Result<Value> (*)(Interpreter&, const Value&, const Arguments&);

Result<Value> trimFilter(Interpreter& in, const Value& value, const Arguments& arguments) {
    TRILOBIT_TRY(const std::string text, toText(value, in.budget));
    const std::string set = arguments.text(0, "chars", "");
    const std::string_view view = set;
    TRILOBIT_CHECK(in.budget.spendSearch(text.size(), 32 * set.size()));
    return in.makeText(std::string(strip(text, Side::Both, set.empty() ? nullptr : &view)));
}

Result<Value> jsonFilter(Interpreter& in, const Value& value, const Arguments& arguments) {
    JsonStyle style;
    style.asciiOnly = arguments.truthy(0, "ensure_ascii", false);
    style.sortKeys = arguments.truthy(3, "sort_keys", false);
    if (const Value* indent = arguments.find(1, "indent"); indent && !indent->isNone()) {
        if (indent->isInteger())
            style.indent =
                std::string(static_cast<std::size_t>(std::clamp<std::int64_t>(indent->integer(), 0, 64)), ' ');
        else
            style.indent = std::string(indent->text().substr(0, 64));
        style.itemSeparator = ",";
    }
    if (const Value* separators = arguments.find(2, "separators"); separators && separators->list()) {
        const std::vector<Value>& pair = separators->list()->items;
        if (pair.size() != 2 || !pair[0].isText() || !pair[1].isText()
            || pair[0].text().size() + pair[1].text().size() > 64)
            return fail(ErrorCode::Format, "separators must be two short strings");
        style.itemSeparator = pair[0].text();
        style.keySeparator = pair[1].text();
    }
    TRILOBIT_TRY(std::string json, toJson(value, style, in.budget));
    return in.makeText(std::move(json));
}

Result<Value> replaceFilter(Interpreter& in, const Value& value, const Arguments& arguments) {
    TRILOBIT_TRY(const std::string text, toText(value, in.budget));
    const Value *old = arguments.find(0, "old"), *fresh = arguments.find(1, "new");
    if (!old || !fresh)
        return fail(ErrorCode::Format, "replace needs what to look for and what to put there");
    TRILOBIT_TRY(const std::string from, toText(*old, in.budget));
    TRILOBIT_TRY(const std::string to, toText(*fresh, in.budget));
    if (from.empty())
        return fail(ErrorCode::Format, "replace needs a text to look for that is not empty");
    TRILOBIT_CHECK(in.budget.spendSearch(text.size(), from.size()));
    const std::int64_t most = arguments.integer(2, "count", -1);
    std::string out;
    std::size_t begin = 0;
    std::int64_t count = 0;
    for (std::size_t at; (most < 0 || count < most) && (at = text.find(from, begin)) != std::string::npos; ++count) {
        TRILOBIT_CHECK(in.budget.checkSize(out.size() + (at - begin) + to.size()));
        out.append(text, begin, at - begin).append(to);
        begin = at + from.size();
    }
    out.append(text, begin);
    return in.makeText(std::move(out));
}

Result<Value> indentFilter(Interpreter& in, const Value& value, const Arguments& arguments) {
    TRILOBIT_TRY(const std::string text, toText(value, in.budget));
    const Value* width = arguments.find(0, "width");
    const std::int64_t spaces = std::clamp<std::int64_t>(width && width->isInteger() ? width->integer() : 4, 0, 1024);
    const std::string pad = width && width->isText() ? std::string(width->text().substr(0, 1024))
                                                     : std::string(static_cast<std::size_t>(spaces), ' ');
    const bool first = arguments.truthy(1, "first", false), blank = arguments.truthy(2, "blank", false);
    std::string out = first ? pad : "";
    const std::string ended = text + '\n'; // a line end at the end of the text opens one more line
    const std::vector<std::string_view> lines = splitLines(ended, false);
    TRILOBIT_CHECK(Budget::checkParts(lines.size()));
    for (std::size_t i = 0; i < lines.size(); ++i) {
        TRILOBIT_CHECK(in.budget.checkSize(out.size() + pad.size() + lines[i].size() + 1));
        if (i > 0)
            out += '\n';
        if (i > 0 && (blank || !lines[i].empty()))
            out += pad;
        out += lines[i];
    }
    return in.makeText(std::move(out));
}

Result<Value> escapeFilter(Interpreter& in, const Value& value, const Arguments&) {
    TRILOBIT_TRY(const std::string text, toText(value, in.budget));
    TRILOBIT_CHECK(in.budget.fits(text.size() * 5));
    return Value::markup(value.isMarkup() ? text : escaped(text));
}

template <std::string (*change)(std::string_view)>
Result<Value> changed(Interpreter& in, const Value& value, const Arguments&) {
    TRILOBIT_TRY(const std::string text, toText(value, in.budget));
    return in.makeText(change(text));
}

Result<Value> stringFilter(Interpreter& in, const Value& value, const Arguments&) {
    if (value.isText())
        return value;
    TRILOBIT_TRY(std::string text, toText(value, in.budget));
    return in.makeText(std::move(text));
}

/// A number written as Python's int() or float() reads it; false when it is none.
bool parseNumber(std::string_view text, Value& value) {
    text = strip(text, Side::Both);
    if (text.starts_with('+'))
        text.remove_prefix(1);
    const char* end = text.data() + text.size();
    std::int64_t integer = 0;
    if (const auto [at, status] = std::from_chars(text.data(), end, integer); status == std::errc() && at == end) {
        value = Value(integer);
        return true;
    }
    double number = 0;
    if (const auto [at, status] = std::from_chars(text.data(), end, number); status == std::errc() && at == end) {
        value = Value(number);
        return true;
    }
    return false;
}

Result<Value> intFilter(Interpreter&, const Value& value, const Arguments& arguments) {
    Value number = value;
    const Value* fallback = arguments.find(0, "default");
    const bool isNumber = value.isNumber() || (value.isText() && parseNumber(value.text(), number));
    if (!isNumber || !(std::abs(number.number()) < 9.2e18))
        return fallback ? *fallback : Value(std::int64_t{0});
    return number.isInteger() ? Value(number.integer()) : Value(static_cast<std::int64_t>(number.number()));
}

Result<Value> floatFilter(Interpreter&, const Value& value, const Arguments& arguments) {
    Value number = value;
    const Value* fallback = arguments.find(0, "default");
    if (!value.isNumber() && !(value.isText() && parseNumber(value.text(), number)))
        return fallback ? *fallback : Value(0.0);
    return Value(number.number());
}

Result<Value> absFilter(Interpreter& in, const Value& value, const Arguments&) {
    if (!value.isNumber())
        return fail(ErrorCode::Format, std::string("bad operand type for abs(): '") + value.typeName() + "'");
    if (value.number() >= 0)
        return value;
    return arithmetic(Operator::Subtract, Value(std::int64_t{0}), value, in.arena, in.budget);
}

Result<Value> roundFilter(Interpreter&, const Value& value, const Arguments& arguments) {
    const std::int64_t precision = arguments.integer(0, "precision", 0);
    const std::string method = arguments.text(1, "method", "common");
    if (!value.isNumber() || precision < 0 || precision > 17)
        return fail(ErrorCode::Format, "round needs a number and a precision from 0 to 17");
    if (method != "common") {
        const double scale = std::pow(10.0, static_cast<double>(precision));
        const double scaled = value.number() * scale;
        return Value((method == "ceil" ? std::ceil(scaled) : std::floor(scaled)) / scale);
    }
    if (value.isInteger())
        return value;
    char buffer[400]; // the longest double has 309 digits before the point
    const int length = std::snprintf(buffer, sizeof buffer, "%.*f", static_cast<int>(precision), value.number());
    double rounded = value.number();
    std::from_chars(buffer, buffer + std::clamp(length, 0, 399), rounded);
    return Value(rounded);
}

Result<Value> wordCountFilter(Interpreter& in, const Value& value, const Arguments&) {
    TRILOBIT_TRY(const std::string text, toText(value, in.budget));
    TRILOBIT_CHECK(in.budget.spend(text.size() / 4));
    const std::size_t words = splitSpace(text, -1).size();
    TRILOBIT_CHECK(Budget::checkParts(words));
    return Value(static_cast<std::int64_t>(words));
}

Result<Value> formatFilter(Interpreter& in, const Value& value, const Arguments& arguments) {
    return arithmetic(Operator::Modulo, value, in.makeList(arguments.plain, true), in.arena, in.budget);
}

struct Named {
    std::string_view name;
    Filter filter;
};

constexpr Named kFilters[] = {{"trim", trimFilter},
                              {"tojson", jsonFilter},
                              {"replace", replaceFilter},
                              {"indent", indentFilter},
                              {"escape", escapeFilter},
                              {"e", escapeFilter},
                              {"upper", changed<upper>},
                              {"lower", changed<lower>},
                              {"title", changed<title>},
                              {"string", stringFilter},
                              {"capitalize", changed<capitalize>},
                              {"int", intFilter},
                              {"float", floatFilter},
                              {"abs", absFilter},
                              {"round", roundFilter},
                              {"wordcount", wordCountFilter},
                              {"format", formatFilter}};

} // namespace

std::optional<Result<Value>> textFilter(Interpreter& in, std::string_view name, const Value& value,
                                        const Arguments& arguments) {
    for (const Named& known : kFilters)
        if (known.name == name)
            return known.filter(in, value, arguments);
    return std::nullopt;
}

} // namespace trilobit::tmpl
