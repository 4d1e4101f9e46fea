// The global functions of the template language.
#include "core/template/format.h"
#include "core/template/interpreter.h"
#include "core/template/strftime.h"

#include <algorithm>
#include <array>

namespace trilobit::tmpl {

namespace {

constexpr std::array<std::string_view, 5> kFunctions = {"range", "dict", "namespace", "raise_exception",
                                                        "strftime_now"};
constexpr std::int64_t kMaxRange = 100'000;

Result<Value> range(Interpreter& in, const Arguments& arguments) {
    if (arguments.plain.empty() || arguments.plain.size() > 3)
        return fail(ErrorCode::Format, "range takes one to three integers");
    for (const Value& value : arguments.plain)
        if (!value.isInteger())
            return fail(ErrorCode::Format,
                        std::string("'") + value.typeName() + "' object cannot be interpreted as an integer");
    const bool one = arguments.plain.size() == 1;
    const std::int64_t start = one ? 0 : arguments.plain[0].integer(), stop = arguments.plain[one ? 0 : 1].integer();
    const std::int64_t step = arguments.plain.size() == 3 ? arguments.plain[2].integer() : 1;
    if (step == 0)
        return fail(ErrorCode::Format, "range() arg 3 must not be zero");
    std::vector<Value> items;
    for (std::int64_t at = start; step > 0 ? at < stop : at > stop;) {
        if (static_cast<std::int64_t>(items.size()) >= kMaxRange)
            return fail(ErrorCode::Unsupported, "a range of more than " + std::to_string(kMaxRange) + " numbers, expected at most so many");
        TRILOBIT_CHECK(in.budget.spend(1));
        items.push_back(Value(at));
        if (__builtin_add_overflow(at, step, &at))
            break;
    }
    return in.makeList(std::move(items));
}

Result<void> fillDict(Interpreter& in, Dict& dict, const Arguments& arguments) {
    if (!arguments.plain.empty() && arguments.plain[0].dict()) {
        TRILOBIT_CHECK(in.budget.spend(arguments.plain[0].dict()->entries.size()));
        dict.entries = arguments.plain[0].dict()->entries;
    }
    for (const auto& [name, value] : arguments.named)
        dict.set(Value(name), value);
    return {};
}

} // namespace

bool isGlobalFunction(std::string_view name) {
    return std::find(kFunctions.begin(), kFunctions.end(), name) != kFunctions.end();
}

Result<Value> callGlobal(Interpreter& in, std::string_view name, const Arguments& arguments) {
    if (name == "range")
        return range(in, arguments);
    if (name == "dict") {
        Dict* dict = in.arena.dict();
        TRILOBIT_CHECK(fillDict(in, *dict, arguments));
        return Value(dict);
    }
    if (name == "namespace") {
        Namespace* object = &in.arena.namespaces.emplace_back();
        TRILOBIT_CHECK(fillDict(in, object->values, arguments));
        return Value(object);
    }
    const Value* text = arguments.find(0, name == "raise_exception" ? "message" : "format");
    TRILOBIT_TRY(std::string given, toText(text ? *text : Value(), in.budget));
    if (name == "raise_exception")
        return fail(ErrorCode::Format, std::move(given));
    TRILOBIT_TRY(std::string date, strftimeAt(in.now(), given));
    return in.makeText(std::move(date));
}

} // namespace trilobit::tmpl
