#include "core/template/filters.h"

#include "core/template/format.h"
#include "core/template/operators.h"
#include "core/template/pytext.h"

#include <algorithm>
#include <charconv>

namespace trilobit::tmpl {

namespace {

using Filter = Result<Value> (*)(Interpreter&, const Value&, const Arguments&);
using Row = std::vector<Value>;

/// A row that Python would make only when asked: true in every condition.
Value lazyRow(Interpreter& in, Row items) {
    List* list = in.arena.list(std::move(items));
    list->lazy = true;
    return Value(list);
}

/// map, select and the like take anything false (none, say) as an empty row.
Result<Row> iterateIfTrue(Interpreter& in, const Value& value) {
    if (!value.truthy())
        return Row();
    return iterate(value, in.budget);
}

/// value.a.b.0 for the path "a.b.0" (or the index 0).
Result<Value> member(Interpreter& in, Value value, const Value& path) {
    if (!path.isText())
        return in.subscript(value, path);
    const std::vector<std::string_view> parts = splitAt(path.text(), ".", -1, false);
    TRILOBIT_CHECK(Budget::checkParts(parts.size()));
    for (const std::string_view part : parts) {
        std::int64_t index = 0;
        const auto [end, status] = std::from_chars(part.data(), part.data() + part.size(), index);
        const bool number = status == std::errc() && end == part.data() + part.size();
        TRILOBIT_TRY(value, in.subscript(value, number ? Value(index) : Value(part)));
    }
    return value;
}

/// What rows are compared by: the member `attribute` when given, in lower case unless `caseSensitive`.
Result<Value> sortKey(Interpreter& in, const Value& item, const Value* attribute, bool caseSensitive) {
    Value key = item;
    if (attribute && !attribute->isNone()) {
        TRILOBIT_TRY(key, member(in, item, *attribute));
    }
    if (!key.isText() || caseSensitive)
        return key;
    return in.makeText(lower(key.text()));
}

using Keyed = std::pair<Value, Value>; ///< key, item

/// Merge sort that can fail; stable, and safe when the order of the keys contradicts itself (NaN).
Result<void> sortKeyed(Interpreter& in, std::vector<Keyed>& rows, bool reverse) {
    std::vector<Keyed> merged(rows.size());
    for (std::size_t width = 1; width < rows.size(); width *= 2) {
        for (std::size_t begin = 0; begin < rows.size(); begin += 2 * width) {
            const std::size_t middle = std::min(begin + width, rows.size()),
                              end = std::min(begin + 2 * width, rows.size());
            std::size_t left = begin, right = middle;
            for (std::size_t out = begin; out < end; ++out) {
                bool takeRight = left == middle;
                if (left < middle && right < end) {
                    TRILOBIT_TRY(takeRight, reverse ? lessThan(rows[left].first, rows[right].first, in.budget)
                                                    : lessThan(rows[right].first, rows[left].first, in.budget));
                }
                merged[out] = std::move(rows[takeRight ? right++ : left++]);
            }
        }
        std::swap(rows, merged);
    }
    return {};
}

Result<std::vector<Keyed>> keyed(Interpreter& in, const Row& items, const Value* attribute, bool caseSensitive) {
    std::vector<Keyed> rows;
    for (const Value& item : items) {
        TRILOBIT_TRY(Value key, sortKey(in, item, attribute, caseSensitive));
        rows.emplace_back(std::move(key), item);
    }
    return rows;
}

Result<Value> sortFilter(Interpreter& in, const Value& value, const Arguments& arguments) {
    TRILOBIT_TRY(const Row items, iterate(value, in.budget));
    TRILOBIT_TRY(std::vector<Keyed> rows,
                 keyed(in, items, arguments.find(2, "attribute"), arguments.truthy(1, "case_sensitive", false)));
    TRILOBIT_CHECK(sortKeyed(in, rows, arguments.truthy(0, "reverse", false)));
    Row sorted;
    for (Keyed& row : rows)
        sorted.push_back(std::move(row.second));
    return in.makeList(std::move(sorted));
}

Result<Value> dictsortFilter(Interpreter& in, const Value& value, const Arguments& arguments) {
    if (!value.dict())
        return fail(ErrorCode::Format, std::string("dictsort needs a dict, not ") + value.typeName());
    TRILOBIT_CHECK(in.budget.spend(value.dict()->entries.size()));
    const bool byValue = arguments.text(1, "by", "key") == "value",
               caseSensitive = arguments.truthy(0, "case_sensitive", false);
    std::vector<Keyed> rows;
    for (const auto& [key, item] : value.dict()->entries) {
        TRILOBIT_TRY(Value by, sortKey(in, byValue ? item : key, nullptr, caseSensitive));
        rows.emplace_back(std::move(by), in.makeList({key, item}, true));
    }
    TRILOBIT_CHECK(sortKeyed(in, rows, arguments.truthy(2, "reverse", false)));
    Row sorted;
    for (Keyed& row : rows)
        sorted.push_back(std::move(row.second));
    return in.makeList(std::move(sorted));
}

Result<Value> groupbyFilter(Interpreter& in, const Value& value, const Arguments& arguments) {
    TRILOBIT_TRY(const Row items, iterate(value, in.budget));
    const Value* attribute = arguments.find(0, "attribute");
    TRILOBIT_TRY(std::vector<Keyed> rows, keyed(in, items, attribute, arguments.truthy(2, "case_sensitive", false)));
    TRILOBIT_CHECK(sortKeyed(in, rows, false));
    Row groups;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        bool same = false;
        if (i > 0) {
            TRILOBIT_TRY(same, equal(rows[i].first, rows[i - 1].first, in.budget));
        }
        if (!same) {
            TRILOBIT_TRY(const Value name, sortKey(in, rows[i].second, attribute, true));
            groups.push_back(in.makeList({name, in.makeList({})}, true));
        }
        groups.back().list()->items[1].list()->items.push_back(rows[i].second);
    }
    return in.makeList(std::move(groups));
}

Result<Value> uniqueFilter(Interpreter& in, const Value& value, const Arguments& arguments) {
    TRILOBIT_TRY(const Row items, iterate(value, in.budget));
    TRILOBIT_TRY(const std::vector<Keyed> rows,
                 keyed(in, items, arguments.find(1, "attribute"), arguments.truthy(0, "case_sensitive", false)));
    const Value seen = in.makeList({});
    Row kept;
    for (const auto& [key, item] : rows) {
        TRILOBIT_TRY(const bool known, contains(seen, key, in.budget));
        if (known)
            continue;
        seen.list()->items.push_back(key);
        kept.push_back(item);
    }
    return lazyRow(in, std::move(kept));
}

/// select, reject, selectattr, rejectattr
Result<Value> chosen(Interpreter& in, const Value& value, const Arguments& arguments, bool byMember, bool keep) {
    TRILOBIT_TRY(const Row items, iterateIfTrue(in, value));
    if (byMember && arguments.plain.empty())
        return fail(ErrorCode::Format, "the name of an attribute is missing");
    const std::size_t testAt = byMember ? 1 : 0;
    Arguments rest;
    for (std::size_t i = testAt + 1; i < arguments.plain.size(); ++i)
        rest.plain.push_back(arguments.plain[i]);
    Row kept;
    for (const Value& item : items) {
        Value tested = item;
        if (byMember) {
            TRILOBIT_TRY(tested, member(in, item, arguments.plain[0]));
        }
        bool passes = tested.truthy();
        if (arguments.plain.size() > testAt) {
            TRILOBIT_TRY(passes, in.applyTest(arguments.plain[testAt].text(), tested, rest));
        }
        if (passes == keep)
            kept.push_back(item);
    }
    return lazyRow(in, std::move(kept));
}

template <bool byMember, bool keep>
Result<Value> chooseFilter(Interpreter& in, const Value& value, const Arguments& arguments) {
    return chosen(in, value, arguments, byMember, keep);
}

Result<Value> mapFilter(Interpreter& in, const Value& value, const Arguments& arguments) {
    TRILOBIT_TRY(const Row items, iterateIfTrue(in, value));
    Arguments rest;
    if (!arguments.plain.empty())
        rest.plain.assign(arguments.plain.begin() + 1, arguments.plain.end());
    rest.named = arguments.named;
    const Value* attribute = arguments.find(std::string::npos, "attribute");
    const Value* fallback = arguments.find(std::string::npos, "default");
    if (!attribute && arguments.plain.empty())
        return fail(ErrorCode::Format, "map needs a filter or an attribute");
    Row mapped;
    for (const Value& item : items) {
        Value result;
        if (attribute) {
            TRILOBIT_TRY(result, member(in, item, *attribute));
            if (result.isUndefined() && fallback)
                result = *fallback;
        } else {
            TRILOBIT_TRY(result, in.applyFilter(arguments.plain[0].text(), item, rest));
        }
        mapped.push_back(std::move(result));
    }
    return lazyRow(in, std::move(mapped));
}

Result<Value> joinFilter(Interpreter& in, const Value& value, const Arguments& arguments) {
    TRILOBIT_TRY(const Row items, iterate(value, in.budget));
    const Value* attribute = arguments.find(1, "attribute");
    const Value* given = arguments.find(0, "d");
    TRILOBIT_TRY(const std::string separator, toText(given ? *given : Value(), in.budget));
    std::string out;
    for (std::size_t i = 0; i < items.size(); ++i) {
        Value item = items[i];
        if (attribute) {
            TRILOBIT_TRY(item, member(in, item, *attribute));
        }
        TRILOBIT_TRY(const std::string text, toText(item, in.budget));
        TRILOBIT_CHECK(in.budget.checkSize(out.size() + separator.size() + text.size()));
        out += i > 0 ? separator : std::string();
        out += text;
    }
    return in.makeText(std::move(out));
}

Result<Value> lengthFilter(Interpreter& in, const Value& value, const Arguments&) {
    TRILOBIT_CHECK(in.budget.spendBytes(value.text().size()));
    if (value.isText())
        return Value(static_cast<std::int64_t>(characterCount(value.text())));
    if (value.list() && !value.list()->lazy)
        return Value(static_cast<std::int64_t>(value.list()->items.size()));
    if (value.dict())
        return Value(static_cast<std::int64_t>(value.dict()->entries.size()));
    if (value.isUndefined())
        return Value(std::int64_t{0});
    return fail(ErrorCode::Format, std::string("object of type '") + value.typeName() + "' has no len()");
}

template <bool last>
Result<Value> edgeFilter(Interpreter& in, const Value& value, const Arguments&) {
    if (const List* list = value.list(); list && !list->items.empty())
        return last ? list->items.back() : list->items.front();
    TRILOBIT_TRY(const Row items, iterate(value, in.budget));
    if (items.empty())
        return Value(Undefined{std::make_shared<const std::string>("the sequence was empty")});
    return last ? items.back() : items.front();
}

Result<Value> listFilter(Interpreter& in, const Value& value, const Arguments&) {
    TRILOBIT_TRY(Row items, iterate(value, in.budget));
    return in.makeList(std::move(items));
}

Result<Value> reverseFilter(Interpreter& in, const Value& value, const Arguments&) {
    TRILOBIT_TRY(Row items, iterate(value, in.budget));
    std::reverse(items.begin(), items.end());
    if (!value.isText())
        return lazyRow(in, std::move(items));
    std::string text;
    for (const Value& item : items)
        text += item.text();
    return in.makeText(std::move(text));
}

Result<Value> itemsFilter(Interpreter& in, const Value& value, const Arguments&) {
    if (value.dict())
        return callMethod(in, value, "items", {});
    if (value.isUndefined())
        return in.makeList({});
    return fail(ErrorCode::Format, "Can only get item pairs from a mapping.");
}

Result<Value> batchFilter(Interpreter& in, const Value& value, const Arguments& arguments) {
    TRILOBIT_TRY(const Row items, iterate(value, in.budget));
    const std::int64_t size = arguments.integer(0, "linecount", 0);
    const Value* fill = arguments.find(1, "fill_with");
    if (size < 1)
        return fail(ErrorCode::Format, "batch needs the number of items");
    Row batches;
    for (const Value& item : items) {
        if (batches.empty() || static_cast<std::int64_t>(batches.back().list()->items.size()) == size)
            batches.push_back(in.makeList({}));
        batches.back().list()->items.push_back(item);
    }
    while (fill && !fill->isNone() && !batches.empty()
           && static_cast<std::int64_t>(batches.back().list()->items.size()) < size) {
        TRILOBIT_CHECK(in.budget.spend(1));
        batches.back().list()->items.push_back(*fill);
    }
    return lazyRow(in, std::move(batches));
}

Result<Value> sumFilter(Interpreter& in, const Value& value, const Arguments& arguments) {
    TRILOBIT_TRY(const Row items, iterate(value, in.budget));
    const Value *attribute = arguments.find(0, "attribute"), *start = arguments.find(1, "start");
    Value total = start ? *start : Value(std::int64_t{0});
    for (const Value& item : items) {
        Value next = item;
        if (attribute && !attribute->isNone()) {
            TRILOBIT_TRY(next, member(in, item, *attribute));
        }
        TRILOBIT_TRY(total, arithmetic(Operator::Add, total, next, in.arena, in.budget));
    }
    return total;
}

template <bool greatest>
Result<Value> extremeFilter(Interpreter& in, const Value& value, const Arguments& arguments) {
    TRILOBIT_TRY(const Row items, iterate(value, in.budget));
    TRILOBIT_TRY(const std::vector<Keyed> rows,
                 keyed(in, items, arguments.find(1, "attribute"), arguments.truthy(0, "case_sensitive", false)));
    if (rows.empty())
        return Value(Undefined{std::make_shared<const std::string>("the sequence was empty")});
    std::size_t best = 0;
    for (std::size_t i = 1; i < rows.size(); ++i) {
        TRILOBIT_TRY(const bool better, greatest ? lessThan(rows[best].first, rows[i].first, in.budget)
                                                 : lessThan(rows[i].first, rows[best].first, in.budget));
        if (better)
            best = i;
    }
    return rows[best].second;
}

Result<Value> attrFilter(Interpreter& in, const Value& value, const Arguments& arguments) {
    return in.attribute(value, arguments.text(0, "name", ""));
}

Result<Value> defaultFilter(Interpreter&, const Value& value, const Arguments& arguments) {
    const bool replace = value.isUndefined() || (arguments.truthy(1, "boolean", false) && !value.truthy());
    if (!replace)
        return value;
    const Value* fallback = arguments.find(0, "default_value");
    return fallback ? *fallback : Value("");
}

Result<Value> safeFilter(Interpreter& in, const Value& value, const Arguments&) {
    TRILOBIT_TRY(std::string text, toText(value, in.budget));
    return Value::markup(std::move(text));
}

struct Named {
    std::string_view name;
    Filter filter;
};

constexpr Named kFilters[] = {{"default", defaultFilter},
                              {"d", defaultFilter},
                              {"safe", safeFilter},
                              {"length", lengthFilter},
                              {"count", lengthFilter},
                              {"join", joinFilter},
                              {"list", listFilter},
                              {"items", itemsFilter},
                              {"first", edgeFilter<false>},
                              {"last", edgeFilter<true>},
                              {"map", mapFilter},
                              {"select", chooseFilter<false, true>},
                              {"reject", chooseFilter<false, false>},
                              {"selectattr", chooseFilter<true, true>},
                              {"rejectattr", chooseFilter<true, false>},
                              {"sort", sortFilter},
                              {"dictsort", dictsortFilter},
                              {"groupby", groupbyFilter},
                              {"unique", uniqueFilter},
                              {"reverse", reverseFilter},
                              {"batch", batchFilter},
                              {"sum", sumFilter},
                              {"min", extremeFilter<false>},
                              {"max", extremeFilter<true>},
                              {"attr", attrFilter}};

} // namespace

std::optional<Result<Value>> rowFilter(Interpreter& in, std::string_view name, const Value& value,
                                       const Arguments& arguments) {
    for (const Named& known : kFilters)
        if (known.name == name)
            return known.filter(in, value, arguments);
    return std::nullopt;
}

Result<Value> Interpreter::applyFilter(std::string_view name, const Value& value, const Arguments& arguments) {
    const Budget::Level level(budget); // map calls filters by name, and those may be map again
    TRILOBIT_CHECK(level.check());
    TRILOBIT_CHECK(budget.spend(1));
    if (std::optional<Result<Value>> result = rowFilter(*this, name, value, arguments))
        return std::move(*result);
    if (std::optional<Result<Value>> result = textFilter(*this, name, value, arguments))
        return std::move(*result);
    return fail(ErrorCode::Format, "No filter named '" + std::string(name.substr(0, 80)) + "' found.");
}

} // namespace trilobit::tmpl
