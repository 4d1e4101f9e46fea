// Methods of texts, lists and dicts, and the members of the loop variable.
#include "core/template/format.h"
#include "core/template/interpreter.h"
#include "core/template/operators.h"
#include "core/template/pytext.h"

#include <algorithm>
#include <array>

namespace trilobit::tmpl {

namespace {

constexpr std::array<std::string_view, 27> kTextMethods = {
    "strip",  "lstrip",  "rstrip",  "split",      "rsplit",       "splitlines",   "startswith", "endswith", "replace",
    "upper",  "lower",   "title",   "capitalize", "join",         "find",         "rfind",      "index",    "count",
    "format", "isdigit", "isalpha", "isspace",    "removeprefix", "removesuffix", "partition",  "zfill",    "isupper"};
constexpr std::array<std::string_view, 10> kListMethods = {"append", "extend", "insert",  "pop",  "index",
                                                           "count",  "remove", "reverse", "copy", "clear"};
constexpr std::array<std::string_view, 9> kDictMethods = {"items",  "keys", "values",     "get",  "pop",
                                                          "update", "copy", "setdefault", "clear"};
constexpr std::array<std::string_view, 2> kLoopMethods = {"cycle", "changed"};

template <std::size_t N>
bool has(const std::array<std::string_view, N>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

Error needsText(std::string_view method) {
    return fail(ErrorCode::Format, "the method '" + std::string(method) + "' needs a string as argument");
}

Result<Value> textList(Interpreter& in, const std::vector<std::string_view>& parts) {
    TRILOBIT_CHECK(Budget::checkParts(parts.size()));
    TRILOBIT_CHECK(in.budget.spend(parts.size()));
    std::vector<Value> items;
    items.reserve(parts.size());
    for (const std::string_view part : parts)
        items.push_back(Value(part));
    return in.makeList(std::move(items));
}

/// startswith and endswith take one text or a tuple of them.
Result<Value> edgeTest(std::string_view text, bool start, const Arguments& arguments) {
    if (arguments.plain.empty())
        return needsText(start ? "startswith" : "endswith");
    const Value& given = arguments.plain[0];
    const std::vector<Value> wanted = given.list() ? given.list()->items : std::vector<Value>{given};
    for (const Value& value : wanted) {
        if (!value.isText())
            return needsText(start ? "startswith" : "endswith");
        if (start ? text.starts_with(value.text()) : text.ends_with(value.text()))
            return Value(true);
    }
    return Value(false);
}

Result<Value> stripped(Interpreter& in, std::string_view text, Side side, const Arguments& arguments) {
    if (arguments.plain.empty() || arguments.plain[0].isNone())
        return in.makeText(std::string(strip(text, side)));
    if (!arguments.plain[0].isText())
        return needsText("strip");
    const std::string_view set = arguments.plain[0].text();
    TRILOBIT_CHECK(in.budget.spendSearch(text.size(), 32 * set.size()));
    return in.makeText(std::string(strip(text, side, &set)));
}

Result<Value> split(Interpreter& in, std::string_view text, bool fromRight, const Arguments& arguments) {
    const std::int64_t max = arguments.integer(1, "maxsplit", -1);
    const Value* separator = arguments.find(0, "sep");
    if (!separator || separator->isNone()) {
        if (fromRight && max >= 0)
            return fail(ErrorCode::Format, "rsplit without a separator takes no maxsplit here");
        return textList(in, splitSpace(text, max));
    }
    if (!separator->isText())
        return needsText("split");
    if (separator->text().empty())
        return fail(ErrorCode::Format, "empty separator");
    TRILOBIT_CHECK(in.budget.spendSearch(text.size(), separator->text().size()));
    return textList(in, splitAt(text, separator->text(), max, fromRight));
}

Result<Value> replaced(Interpreter& in, std::string_view text, const Arguments& arguments) {
    const Value* from = arguments.find(0, "old");
    const Value* to = arguments.find(1, "new");
    if (!from || !to || !from->isText() || !to->isText())
        return needsText("replace");
    return in.applyFilter("replace", Value(text), arguments);
}

Result<Value> joined(Interpreter& in, std::string_view separator, const Arguments& arguments) {
    if (arguments.plain.empty())
        return needsText("join");
    TRILOBIT_TRY(const std::vector<Value> items, iterate(arguments.plain[0], in.budget));
    std::string out;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (!items[i].isText())
            return fail(ErrorCode::Format, "sequence item " + std::to_string(i) + ": expected str instance, "
                                               + items[i].typeName() + " found");
        TRILOBIT_CHECK(in.budget.checkSize(out.size() + separator.size() + items[i].text().size()));
        out.append(i > 0 ? separator : std::string_view()).append(items[i].text());
    }
    return in.makeText(std::move(out));
}

/// find, rfind, index and count, in characters.
Result<Value> searched(Interpreter& in, std::string_view text, std::string_view name, const Arguments& arguments) {
    if (arguments.plain.empty() || !arguments.plain[0].isText())
        return needsText(name);
    const std::string_view wanted = arguments.plain[0].text();
    TRILOBIT_CHECK(in.budget.spendSearch(text.size(), wanted.size()));
    if (name == "count") {
        if (wanted.empty())
            return Value(static_cast<std::int64_t>(characterCount(text) + 1));
        std::int64_t count = 0;
        for (std::size_t at = text.find(wanted); at != std::string_view::npos; at = text.find(wanted, at + wanted.size()))
            ++count;
        return Value(count);
    }
    const std::size_t at = name == "rfind" ? text.rfind(wanted) : text.find(wanted);
    if (at == std::string_view::npos)
        return name == "index" ? Result<Value>(fail(ErrorCode::Format, "substring not found"))
                               : Value(std::int64_t{-1});
    return Value(static_cast<std::int64_t>(characterCount(text.substr(0, at))));
}

/// "{} and {name}".format(...), without format specifications.
Result<Value> formatted(Interpreter& in, std::string_view text, const Arguments& arguments) {
    std::string out;
    std::size_t next = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if ((c == '{' || c == '}') && i + 1 < text.size() && text[i + 1] == c) {
            out += c;
            ++i;
            continue;
        }
        if (c != '{') {
            out += c;
            continue;
        }
        const std::size_t end = text.find('}', i);
        if (end == std::string_view::npos)
            return fail(ErrorCode::Format, "a '{' in the format is not closed, expected '}'");
        const std::string_view field = text.substr(i + 1, end - i - 1);
        const bool number =
            !field.empty() && field.size() < 4 && field.find_first_not_of("0123456789") == std::string_view::npos;
        const std::size_t index = field.empty() ? next++
                                  : number      ? static_cast<std::size_t>(std::stoi(std::string(field)))
                                                : arguments.plain.size();
        const Value* value = arguments.find(index, field);
        if (!value)
            return fail(ErrorCode::Format, "the format asks for an argument that is not given or not supported");
        TRILOBIT_TRY(const std::string part, toText(*value, in.budget));
        TRILOBIT_CHECK(in.budget.checkSize(out.size() + part.size()));
        out += part;
        i = end;
    }
    return in.makeText(std::move(out));
}

bool every(std::string_view text, bool (*holds)(char)) {
    return !text.empty() && std::all_of(text.begin(), text.end(), holds);
}

Result<Value> partitioned(Interpreter& in, std::string_view text, const Arguments& arguments) {
    const std::string separator = arguments.text(0, "sep", "");
    if (separator.empty())
        return needsText("partition");
    TRILOBIT_CHECK(in.budget.spendSearch(text.size(), separator.size()));
    const std::size_t at = text.find(separator);
    std::vector<Value> parts = {
        Value(text.substr(0, at)), Value(at == std::string_view::npos ? "" : separator),
        Value(at == std::string_view::npos ? std::string_view() : text.substr(at + separator.size()))};
    return in.makeList(std::move(parts), true);
}

Result<Value> textMethod(Interpreter& in, std::string_view text, std::string_view name, const Arguments& arguments) {
    TRILOBIT_CHECK(in.budget.spendBytes(text.size()));
    if (name == "strip" || name == "lstrip" || name == "rstrip")
        return stripped(in, text,
                        name == "strip"    ? Side::Both
                        : name == "lstrip" ? Side::Left
                                           : Side::Right,
                        arguments);
    if (name == "split" || name == "rsplit")
        return split(in, text, name == "rsplit", arguments);
    if (name == "splitlines")
        return textList(in, splitLines(text, arguments.truthy(0, "keepends", false)));
    if (name == "startswith" || name == "endswith")
        return edgeTest(text, name == "startswith", arguments);
    if (name == "replace")
        return replaced(in, text, arguments);
    if (name == "upper")
        return in.makeText(upper(text));
    if (name == "lower")
        return in.makeText(lower(text));
    if (name == "title")
        return in.makeText(titleMethod(text));
    if (name == "capitalize")
        return in.makeText(capitalize(text));
    if (name == "join")
        return joined(in, text, arguments);
    if (name == "find" || name == "rfind" || name == "index" || name == "count")
        return searched(in, text, name, arguments);
    if (name == "format")
        return formatted(in, text, arguments);
    if (name == "partition")
        return partitioned(in, text, arguments);
    if (name == "isdigit")
        return Value(every(text, [](char c) { return c >= '0' && c <= '9'; }));
    if (name == "isspace")
        return Value(!text.empty() && strip(text, Side::Both).empty());
    if (name == "isalpha")
        return Value(!text.empty() && every(text, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
        }));
    if (name == "isupper")
        return Value(upper(text) == text && lower(text) != text);
    if (name == "zfill") {
        const std::int64_t width = arguments.integer(0, "width", 0);
        const std::size_t have = characterCount(text);
        const std::size_t pad =
            width > 0 && static_cast<std::uint64_t>(width) > have ? static_cast<std::size_t>(width) - have : 0;
        TRILOBIT_CHECK(in.budget.fits(pad));
        const std::size_t sign = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
        return in.makeText(std::string(text.substr(0, sign)) + std::string(pad, '0') + std::string(text.substr(sign)));
    }
    const std::string affix = arguments.text(0, "prefix", "");
    if (name == "removeprefix")
        return in.makeText(std::string(text.starts_with(affix) ? text.substr(affix.size()) : text));
    return in.makeText(std::string(text.ends_with(affix) ? text.substr(0, text.size() - affix.size()) : text));
}

Result<Value> popped(List& list, const Arguments& arguments) {
    std::int64_t index = arguments.integer(0, "index", -1);
    const auto count = static_cast<std::int64_t>(list.items.size());
    if (index < 0)
        index += count;
    if (index < 0 || index >= count)
        return fail(ErrorCode::Format, "pop index out of range");
    Value value = list.items[static_cast<std::size_t>(index)];
    list.items.erase(list.items.begin() + index);
    return value;
}

Result<Value> listMethod(Interpreter& in, List& list, std::string_view name, const Arguments& arguments) {
    TRILOBIT_CHECK(in.budget.spend(name == "append" ? 1 : 1 + list.items.size() / 8));
    const bool changes = name != "index" && name != "count" && name != "copy";
    if (list.tuple && changes)
        return fail(ErrorCode::Format, "a tuple cannot be changed");
    if (name == "pop")
        return popped(list, arguments);
    if (name == "copy") {
        TRILOBIT_CHECK(in.budget.spend(list.items.size()));
        return in.makeList(list.items);
    }
    if (name == "reverse" || name == "clear") {
        if (name == "reverse")
            std::reverse(list.items.begin(), list.items.end());
        else
            list.items.clear();
        return Value(None{});
    }
    if (arguments.plain.empty())
        return fail(ErrorCode::Format, "the method '" + std::string(name) + "' needs an argument");
    const Value& given = arguments.plain[0];
    if (name == "append") {
        list.items.push_back(given);
    } else if (name == "extend") {
        TRILOBIT_TRY(const std::vector<Value> more, iterate(given, in.budget));
        list.items.insert(list.items.end(), more.begin(), more.end());
    } else if (name == "insert") {
        const auto count = static_cast<std::int64_t>(list.items.size());
        const std::int64_t index =
            std::clamp<std::int64_t>(given.integer() < 0 ? given.integer() + count : given.integer(), 0, count);
        list.items.insert(list.items.begin() + index, arguments.plain.size() > 1 ? arguments.plain[1] : Value(None{}));
    } else {
        std::int64_t found = 0;
        for (std::size_t i = 0; i < list.items.size(); ++i) {
            TRILOBIT_TRY(const bool same, equal(list.items[i], given, in.budget));
            if (!same)
                continue;
            ++found;
            if (name == "index")
                return Value(static_cast<std::int64_t>(i));
            if (name == "remove") {
                list.items.erase(list.items.begin() + static_cast<std::ptrdiff_t>(i));
                return Value(None{});
            }
        }
        if (name == "count")
            return Value(found);
        return fail(ErrorCode::Format, "the value is not in the list");
    }
    return Value(None{});
}

Result<Value> dictRow(Interpreter& in, const Dict& dict, std::string_view name) {
    TRILOBIT_CHECK(in.budget.spend(2 * dict.entries.size()));
    std::vector<Value> items;
    items.reserve(dict.entries.size());
    for (const auto& [key, value] : dict.entries)
        items.push_back(name == "items" ? in.makeList({key, value}, true) : name == "keys" ? key : value);
    return in.makeList(std::move(items));
}

Result<Value> dictMethod(Interpreter& in, Dict& dict, std::string_view name, const Arguments& arguments) {
    TRILOBIT_CHECK(in.budget.spend(1 + dict.entries.size() / 8));
    if (name == "items" || name == "keys" || name == "values")
        return dictRow(in, dict, name);
    if (name == "copy") {
        TRILOBIT_CHECK(in.budget.spend(dict.entries.size()));
        Dict* copy = in.arena.dict();
        *copy = dict;
        return Value(copy);
    }
    if (name == "clear") {
        dict.entries.clear();
        return Value(None{});
    }
    if (name == "update") {
        const Dict more = !arguments.plain.empty() && arguments.plain[0].dict() ? *arguments.plain[0].dict() : Dict();
        TRILOBIT_CHECK(in.budget.spend(more.entries.size() * (1 + (dict.entries.size() + more.entries.size()) / 8)));
        for (const auto& [key, value] : more.entries)
            dict.set(key, value);
        for (const auto& [key, value] : arguments.named)
            dict.set(Value(key), value);
        return Value(None{});
    }
    if (arguments.plain.empty())
        return fail(ErrorCode::Format, "the method '" + std::string(name) + "' needs a key");
    const Value* found = dict.find(arguments.plain[0]);
    const Value* fallback = arguments.find(1, "default");
    const Value result = found ? *found : fallback ? *fallback : Value(None{});
    if (name == "pop") {
        if (!found && !fallback)
            return fail(ErrorCode::Format, "the key to pop is not in the dict");
        std::erase_if(dict.entries, [&](const auto& entry) { return &entry.second == found; });
    } else if (name == "setdefault" && !found) {
        dict.set(arguments.plain[0], result);
    }
    return result;
}

Result<Value> loopMethod(Interpreter& in, Loop& loop, std::string_view name, const Arguments& arguments) {
    if (name == "cycle") {
        if (arguments.plain.empty())
            return fail(ErrorCode::Format, "no items for cycling given");
        return arguments.plain[loop.index % arguments.plain.size()];
    }
    const Value now = in.makeList(arguments.plain, true);
    bool same = false;
    if (loop.hasChanged) {
        TRILOBIT_TRY(same, equal(now, loop.lastChanged, in.budget));
    }
    loop.hasChanged = true;
    loop.lastChanged = now;
    return Value(!same);
}

} // namespace

bool hasMethod(const Value& value, std::string_view name) {
    return (value.isText() && has(kTextMethods, name)) || (value.list() && has(kListMethods, name))
           || (value.dict() && has(kDictMethods, name)) || (value.loop() && has(kLoopMethods, name));
}

Result<Value> callMethod(Interpreter& in, const Value& self, std::string_view name, const Arguments& arguments) {
    if (self.isText())
        return textMethod(in, self.text(), name, arguments);
    if (self.list())
        return listMethod(in, *self.list(), name, arguments);
    if (self.dict())
        return dictMethod(in, *self.dict(), name, arguments);
    return loopMethod(in, *self.loop(), name, arguments);
}

Value loopMember(const Loop& loop, std::string_view name) {
    const auto index = static_cast<std::int64_t>(loop.index),
               count = static_cast<std::int64_t>(loop.items->items.size());
    const auto item = [&](std::int64_t at) {
        return at >= 0 && at < count
                   ? loop.items->items[static_cast<std::size_t>(at)]
                   : Value(Undefined{std::make_shared<const std::string>("there is no such item in the loop")});
    };
    if (name == "index")
        return Value(index + 1);
    if (name == "index0")
        return Value(index);
    if (name == "revindex")
        return Value(count - index);
    if (name == "revindex0")
        return Value(count - index - 1);
    if (name == "first")
        return Value(index == 0);
    if (name == "last")
        return Value(index == count - 1);
    if (name == "length")
        return Value(count);
    if (name == "depth" || name == "depth0") // counts recursive loops only, which there are none of
        return Value(std::int64_t{name == "depth"});
    if (name == "previtem")
        return item(index - 1);
    if (name == "nextitem")
        return item(index + 1);
    return Value();
}

} // namespace trilobit::tmpl
