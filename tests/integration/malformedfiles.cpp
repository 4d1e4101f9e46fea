#include "tests/integration/malformedfiles.h"

#include "core/base/json.h"
#include "tests/unit/core/formats/ggufbuilder.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace trilobit::test {

namespace {

QByteArray toBytes(std::string_view text) { return QByteArray(text.data(), static_cast<qsizetype>(text.size())); }
std::string_view viewOf(const QByteArray& bytes) { return {bytes.constData(), static_cast<std::size_t>(bytes.size())}; }

/// A whole number of 4 or 8 bytes in a binary file.
struct Place {
    qsizetype at = 0;
    int width = 8;
    QString what;
};

/// Every number that a GGUF header is made of, in order; the file must be in order.
class GgufWalk {
public:
    explicit GgufWalk(const QByteArray& bytes) : m_bytes(bytes) {}

    std::vector<Place> places() {
        take(4, "version");
        const auto tensors = take(8, "tensor count"), keys = take(8, "key count");
        for (std::uint64_t i = 0; i < keys; ++i) {
            const QString key = text("length of a key");
            const auto type = take(4, "type of " + key);
            if (type == 9) {
                const auto element = take(4, "element type of " + key), count = take(8, "count of " + key);
                for (std::uint64_t n = 0; n < count; ++n)
                    if (element != 8)
                        m_at += sizeOf(element);
                    else if (n < 2) // the others are read the same way
                        text("length in " + key);
                    else
                        m_at += 8 + static_cast<qsizetype>(number(m_at, 8));
            } else if (type == 8) {
                text("length of " + key);
            } else {
                take(sizeOf(type), "value of " + key);
            }
        }
        for (std::uint64_t i = 0; i < tensors; ++i) {
            const QString name = text("length of a tensor name");
            const auto dimensions = take(4, "dimensions of " + name);
            for (std::uint64_t d = 0; d < dimensions; ++d)
                take(8, "dimension of " + name);
            take(4, "type of " + name);
            take(8, "offset of " + name);
        }
        return std::move(m_places);
    }

private:
    static int sizeOf(std::uint64_t type) {
        static constexpr std::array<int, 13> kSizes{1, 1, 2, 2, 4, 4, 4, 1, 8, 0, 8, 8, 8};
        return kSizes[type];
    }
    std::uint64_t number(qsizetype at, int width) const {
        std::uint64_t value = 0;
        std::memcpy(&value, m_bytes.constData() + at, static_cast<std::size_t>(width));
        return value;
    }
    std::uint64_t take(int width, const QString& what) {
        m_places.push_back({m_at, width, what});
        const std::uint64_t value = number(m_at, width);
        m_at += width;
        return value;
    }
    QString text(const QString& what) {
        const auto length = static_cast<qsizetype>(take(8, what));
        m_at += length;
        return QString::fromUtf8(m_bytes.mid(m_at - length, length));
    }

    const QByteArray& m_bytes;
    qsizetype m_at = 4;
    std::vector<Place> m_places;
};

void changeNumbers(const QByteArray& seed, const std::vector<Place>& places, const MalformedSink& sink) {
    for (const Place& place : places) {
        sink({"cut before " + place.what, seed.left(place.at)});
        sink({"cut inside " + place.what, seed.left(place.at + place.width - 1)});
        std::uint64_t old = 0;
        std::memcpy(&old, seed.constData() + place.at, static_cast<std::size_t>(place.width));
        const std::uint64_t top = place.width == 8 ? ~0ull : (1ull << (8 * place.width)) - 1;
        for (const std::uint64_t value : {std::uint64_t{0}, old + 1, old - 1, top, top >> 1, std::uint64_t{1} << (place.width * 4)}) {
            if ((value & top) == old)
                continue;
            QByteArray bytes = seed;
            std::memcpy(bytes.data() + place.at, &value, static_cast<std::size_t>(place.width));
            sink({place.what + " is " + QString::number(value & top), bytes});
        }
    }
}

void hugeGguf(const MalformedSink& sink) {
    const auto put = [&](const char* name, const GgufBuilder& file) { sink({name, toBytes(file.bytes())}); };
    put("a billion tensors", GgufBuilder().header(3, 1'000'000'000, 0).zeros(64));
    put("a billion keys", GgufBuilder().header(3, 0, 1'000'000'000).zeros(64));
    put("a text of 2^60 bytes", GgufBuilder().header(3, 0, 1).number<std::uint64_t>(1ull << 60).zeros(64));
    put("an array of 2^60 numbers", GgufBuilder().header(3, 0, 1).arrayKey("a", 0, 1ull << 60).zeros(64));
    put("an array of empty texts", GgufBuilder().header(3, 0, 1).arrayKey("a", 8, 2'000'000).zeros(16'000'000));
    put("an array of bytes, widened", GgufBuilder().header(3, 0, 1).arrayKey("a", 0, 40'000'000).zeros(40'000'000));
    put("arrays in arrays", GgufBuilder().header(3, 0, 1).arrayKey("a", 9, 4).arrayKey("b", 9, 4).zeros(64));
    GgufBuilder keys;
    keys.header(3, 0, 65'536);
    for (int i = 0; i < 65'536; ++i)
        keys.u32Key("key" + std::to_string(i), 1);
    put("many keys", keys);
    GgufBuilder tensors;
    tensors.header(3, 100'000, 0);
    for (int i = 0; i < 100'000; ++i)
        tensors.tensor("t" + std::to_string(i), {1, 1, 1, 1}, 0, 0);
    put("many tensors", tensors.pad().zeros(64));
    // A vocabulary and merges that nearly fill what keys may take, and then types that do not fit.
    GgufBuilder words;
    constexpr int kWords = 600'000;
    words.header(3, 0, 5).stringKey("general.architecture", "llama").stringKey("tokenizer.ggml.model", "gpt2");
    words.arrayKey("tokenizer.ggml.tokens", 8, kWords);
    for (int i = 0; i < kWords; ++i)
        words.text("w" + std::to_string(i));
    words.arrayKey("tokenizer.ggml.merges", 8, kWords);
    for (int i = 0; i < kWords; ++i)
        words.text("w " + std::to_string(i));
    words.arrayKey("tokenizer.ggml.token_type", 5, 1).number<std::int32_t>(1);
    put("many tokens, one type", words);
}

/// Calls `give` with the whole text for every value in it that is replaced by another.
void replaceEach(const Json& node, const QString& path, const std::function<void(const QString&, const Json&)>& give) {
    const auto replacements = [](const Json& child, const std::function<void(Json)>& put) {
        if (!child.isNull())
            put(Json());
        put(Json(-1));
        put(Json(1e300));
        put(Json(std::uint64_t{1} << 63));
        put(Json(std::string("\xE2\x96\x81x")));
        put(Json::array());
        put(Json::object());
    };
    if (node.isObject()) {
        for (const auto& [key, child] : node.members()) {
            const QString where = path + '/' + QString::fromStdString(key);
            const auto put = [&, name = key](Json value) {
                Json copy = node;
                const QString text = where + " is " + QString::fromStdString(value.dump());
                copy.set(name, std::move(value));
                give(text, copy);
            };
            replacements(child, put);
            Json without = node;
            without.remove(key);
            give("without " + where, without);
            replaceEach(child, where, [&, name = key](const QString& text, const Json& changed) {
                Json copy = node;
                copy.set(name, changed);
                give(text, copy);
            });
        }
    } else if (node.isArray()) {
        const Json::Array& items = node.items();
        for (std::size_t i = 0; i < std::min<std::size_t>(items.size(), 3); ++i) {
            const QString where = path + '/' + QString::number(i);
            const auto with = [&items, i](const Json& value) {
                Json::Array copy = items;
                copy[i] = value;
                return Json(std::move(copy));
            };
            replacements(items[i], [&](Json value) {
                give(where + " is " + QString::fromStdString(value.dump()), with(value));
            });
            replaceEach(items[i], where, [&](const QString& text, const Json& changed) { give(text, with(changed)); });
        }
    }
}

void hugeJson(const MalformedSink& sink) {
    const auto repeat = [](const char* text, int count) { return QByteArray(text).repeated(count); };
    sink({"nested lists", "{\"a\":" + repeat("[", 2'000'000)});
    sink({"nested objects", repeat("{\"a\":", 1'000'000)});
    sink({"many members", "{" + [] {
              QByteArray out;
              for (int i = 0; i < 500'000; ++i)
                  out += (i ? ",\"" : "\"") + QByteArray::number(i) + "\":{}";
              return out;
          }() + "}"});
    sink({"many numbers", "{\"a\":[" + repeat("0,", 6'000'000) + "0]}"});
    sink({"many empty lists", "{\"a\":[" + repeat("[],", 4'000'000) + "0]}"});
    sink({"many short texts", "{\"a\":[" + repeat("\"\",", 4'000'000) + "0]}"});
    sink({"a long text", "{\"a\":\"" + repeat("x", 30'000'000) + "\"}"});
    sink({"a long number", "{\"a\":" + repeat("9", 3'000'000) + "}"});
    sink({"a long name", "{\"" + repeat("x", 10'000'000) + "\":[" + repeat("{},", 1'000'000) + "]}"});
    sink({"the same name twice", "{\"a\":1,\"a\":2}"});
    sink({"nothing", ""});
    sink({"zero bytes", QByteArray(64, '\0')});
    sink({"no UTF-8", "{\"a\":\"\xFF\xFE\"}"});
}

} // namespace

void malformedGguf(const QByteArray& seed, const MalformedSink& sink) {
    changeNumbers(seed, GgufWalk(seed).places(), sink);
    sink({"only the magic", seed.left(4)});
    sink({"one byte short", seed.chopped(1)});
    sink({"without its last tensor", seed.chopped(64)});
    hugeGguf(sink);
}

void malformedSafetensors(const QByteArray& seed, const MalformedSink& sink) {
    for (qsizetype size = 0; size < seed.size(); size += 7)
        sink({"cut at " + QString::number(size), seed.left(size)});
    changeNumbers(seed, {{0, 8, "header length"}}, sink);
    const auto wrap = [&](const QString& name, const QByteArray& header, const QByteArray& data) {
        const auto length = static_cast<std::uint64_t>(header.size());
        sink({name, QByteArray(reinterpret_cast<const char*>(&length), 8) + header + data});
    };
    std::uint64_t length = 0;
    std::memcpy(&length, seed.constData(), 8);
    const QByteArray data = seed.mid(8 + static_cast<qsizetype>(length));
    if (const auto header = Json::parse(viewOf(seed.mid(8, static_cast<qsizetype>(length)))))
        replaceEach(*header, {}, [&](const QString& name, const Json& json) { wrap(name, toBytes(json.dump()), data); });
    hugeJson([&](const MalformedFile& file) { wrap(file.name, file.bytes, data); });
    wrap("two tensors at one place",
         R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}})", "abcd");
    wrap("a hole", R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}})", "abcd");
    wrap("bytes that belong to nothing", R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})", "abcd");
    wrap("a shape that overflows",
         R"({"a":{"dtype":"F64","shape":[4294967296,4294967296,4294967296],"data_offsets":[0,4]}})", "abcd");
}

void malformedJson(const QByteArray& seed, const MalformedSink& sink) {
    for (qsizetype size = 0; size < seed.size(); size += 1 + seed.size() / 40)
        sink({"cut at " + QString::number(size), seed.left(size)});
    if (const auto json = Json::parse(viewOf(seed)))
        replaceEach(*json, {}, [&](const QString& name, const Json& changed) { sink({name, toBytes(changed.dump())}); });
    hugeJson(sink);
}

void malformedSentencePiece(const QByteArray& seed, const MalformedSink& sink) {
    malformedBytes(seed, 1, sink);
    sink({"very many empty pieces", QByteArray("\x0A\x00", 2).repeated(10'000'000)});
    QByteArray pieces;
    for (int i = 0; i < 900'000; ++i) {
        const QByteArray text = "w" + QByteArray::number(i);
        pieces += QByteArray("\x0A").append(static_cast<char>(text.size() + 7)).append("\x0A").append(static_cast<char>(text.size()))
                  + text + QByteArray("\x1D\x00\x00\x80\xBF", 5);
    }
    sink({"many pieces and no trainer", pieces});
    sink({"one long piece", QByteArray("\x0A\x84\x80\x80\x0A\x0A\x80\x80\x80\x0A", 10) + QByteArray(20 << 20, 'x')});
}

void malformedBytes(const QByteArray& seed, qsizetype step, const MalformedSink& sink) {
    for (qsizetype at = 0; at < seed.size(); at += step) {
        sink({"cut at " + QString::number(at), seed.left(at)});
        QByteArray changed = seed;
        changed[at] = static_cast<char>(~changed[at]);
        sink({"byte " + QString::number(at) + " inverted", changed});
    }
}

void malformedTemplate(const QByteArray& seed, const MalformedSink& sink) {
    for (qsizetype at = 0; at < seed.size(); at += 5)
        sink({"cut at " + QString::number(at), seed.left(at)});
    const auto repeat = [](const char* text, int count) { return QByteArray(text).repeated(count); };
    sink({"no UTF-8", "{{ 'a\xFF' }}"});
    sink({"nested loops", repeat("{% for a in [1] %}", 20'000)});
    sink({"nested conditions", repeat("{% if 1 %}", 20'000) + repeat("{% endif %}", 20'000)});
    sink({"nested brackets", "{{ " + repeat("(", 500'000)});
    sink({"nested lists", "{{ " + repeat("[", 500'000)});
    sink({"nested nots", "{{ " + repeat("not ", 200'000) + "1 }}"});
    sink({"nested minus", "{{ " + repeat("-", 500'000) + "1 }}"});
    sink({"a long sum", "{{ 1" + repeat("+1", 400'000) + " }}"});
    sink({"a long chain", "{{ messages" + repeat("[0]", 400'000) + " }}"});
    sink({"many filters", "{{ 'a'" + repeat("|upper", 200'000) + " }}"});
    sink({"many tags", repeat("{% set a = 1 %}", 400'000)});
    sink({"a loop of loops", repeat("{% for a in range(99999) %}", 5) + "x" + repeat("{% endfor %}", 5)});
    sink({"an endless macro", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"});
    sink({"a doubling text", "{% set ns = namespace(x='abcdefgh') %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}{{ ns.x|length }}"});
    sink({"a doubling list", "{% set ns = namespace(x=[1,2,3]) %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}{{ ns.x|length }}"});
    sink({"a list that holds itself", "{% set ns = namespace(x=[]) %}{% for i in range(40) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}"});
    sink({"a list of long texts", "{% set ns = namespace(x=[]) %}{% for i in range(500) %}{% set ns.x = ns.x + ['x'*4000000 ~ i] %}{% endfor %}"});
    sink({"a text times a billion", "{{ 'x' * 1000000000 }}"});
    sink({"a list times a billion", "{{ [1] * 1000000000 }}"});
    sink({"a wide format", "{{ '%999999999d' % 1 }}"});
    sink({"a wide centre", "{{ 'x'|center(999999999) }}"});
    sink({"a deep indent", "{{ 'x\\n'*1000|indent(999999) }}"});
    sink({"a range of 2^60", "{{ range(1152921504606846976)|list|length }}"});
    sink({"replace makes more", "{% set ns = namespace(x='a') %}{% for i in range(60) %}{% set ns.x = ns.x|replace('a','aaaaaaaaaa') %}{% endfor %}"});
    sink({"many short texts in a list", "{{ ('ab ' * 3000000).split()|length }}"});
    sink({"many lines", "{{ ('a\\n' * 3000000).split('\\n')|length }}"});
    sink({"a list of a text", "{{ ('a' * 9000000)|list|length }}"});
    sink({"a large literal", "{{ 'a' }}" + QByteArray(12 << 20, 'x') + "{% nothing %}"});
}

void malformedPlugin(const QByteArray& seed, const MalformedSink& sink) {
    for (const qsizetype size : {qsizetype{0}, qsizetype{3}, qsizetype{16}, qsizetype{63}, qsizetype{64}, qsizetype{200}, qsizetype{4096},
                                 seed.size() / 2, seed.size() - 1})
        sink({"cut at " + QString::number(size), seed.left(size)});
    const qsizetype start = seed.indexOf("QTMETADATA");
    for (qsizetype at = start; start >= 0 && at < std::min(start + 240, seed.size()); at += 2) {
        QByteArray changed = seed;
        changed[at] = static_cast<char>(~changed[at]);
        sink({"byte " + QString::number(at - start) + " of the metadata inverted", changed});
    }
}

} // namespace trilobit::test
