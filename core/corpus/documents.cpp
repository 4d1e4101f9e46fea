#include "core/corpus/documents.h"

#include "core/base/json.h"
#include "core/base/mappedfile.h"
#include "core/base/safefile.h"
#include "core/base/utf8.h"

#include <algorithm>

namespace trilobit {

namespace {

constexpr std::size_t kLinesBetweenChecks = 64; ///< of cancelling

/// Where a mistake was found.
struct Place {
    const std::string& path;
    std::size_t line;

    Error error(const std::string& field, std::string message) const {
        std::string where = "line " + std::to_string(line);
        if (!field.empty())
            where += ": " + field;
        return Error{ErrorCode::Format, std::move(message), path, std::move(where)};
    }
};

std::string shown(const Json& value) {
    std::string text = value.dump();
    if (text.size() > 60) {
        text.resize(utf8CompletePrefix(std::string_view(text).substr(0, 60)));
        text += "...";
    }
    return text;
}

/// Byte offset of the first byte that is not UTF-8, or npos.
std::size_t badUtf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = utf8SequenceLength(text.substr(i));
        if (length == 0)
            return i;
        i += length;
    }
    return std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kSpaces = " \t\r\n\f\v";
    const std::size_t begin = text.find_first_not_of(kSpaces);
    return begin == std::string_view::npos ? std::string_view()
                                           : text.substr(begin, text.find_last_not_of(kSpaces) - begin + 1);
}

Result<std::vector<CorpusMessage>> readMessages(const Json& list, const Place& place, const DocumentLimits& limits) {
    if (!list.isArray() || list.items().empty())
        return place.error("messages", "expected a list of messages, got " + shown(list));
    if (list.items().size() > limits.maxMessages)
        return place.error("messages", std::to_string(list.items().size()) + " messages, at most "
                                           + std::to_string(limits.maxMessages) + " are allowed");
    std::vector<CorpusMessage> messages;
    std::string_view expected = "user";
    for (std::size_t i = 0; i < list.items().size(); ++i) {
        const Json& item = list.items()[i];
        const std::string field = "messages[" + std::to_string(i) + "]";
        if (!item.isObject())
            return place.error(field, "expected {\"role\": ..., \"content\": ...}, got " + shown(item));
        const Json& role = item["role"];
        const Json& content = item["content"];
        if (!role.isString() || (role.toString() != "system" && role.toString() != "user" && role.toString() != "assistant"))
            return place.error(field + ".role", "expected \"system\", \"user\" or \"assistant\", got " + shown(role));
        if (!content.isString())
            return place.error(field + ".content", "expected a text, got " + shown(content));
        const bool system = role.toString() == "system";
        if (system ? i != 0 : role.toString() != expected)
            return place.error(field + ".role", system ? std::string("a system message must be the first one")
                                                       : "expected \"" + std::string(expected) + "\", got " + shown(role)
                                                             + ": user and assistant take turns, user first");
        if (!system)
            expected = expected == "user" ? "assistant" : "user";
        messages.push_back({role.toString(), content.toString()});
    }
    if (messages.back().role == "system")
        return place.error("messages", "expected a user message after the system message");
    return messages;
}

Result<Document> readLine(std::string_view line, const Place& place, const DocumentLimits& limits) {
    if (line.size() > limits.maxLineBytes)
        return place.error({}, std::to_string(line.size()) + " bytes long, at most " + std::to_string(limits.maxLineBytes)
                                   + " are allowed");
    if (const std::size_t bad = badUtf8(line); bad != std::string_view::npos)
        return place.error({}, "byte " + std::to_string(bad + 1) + " of the line is not UTF-8");
    auto parsed = Json::parse(line);
    if (!parsed)
        return place.error({}, "not JSON: " + parsed.error().text());
    if (!parsed->isObject())
        return place.error({}, "expected a JSON object with \"messages\" or \"text\", got " + shown(*parsed));
    const bool chat = parsed->contains("messages");
    if (chat == parsed->contains("text"))
        return place.error({}, chat ? "\"messages\" and \"text\" exclude each other"
                                    : "expected a member \"messages\" or \"text\"");
    Document document;
    if (chat) {
        TRILOBIT_TRY(document.messages, readMessages((*parsed)["messages"], place, limits));
    } else if (!(*parsed)["text"].isString()) {
        return place.error("text", "expected a text, got " + shown((*parsed)["text"]));
    } else {
        document.text = (*parsed)["text"].toString();
    }
    return document;
}

Error noDocuments(const std::string& path) {
    return Error{ErrorCode::Format, "there is no document in this file", path, {}};
}

/// Calls `take(line, number)` for every line without its end; stops at the first error.
template <class Take>
Result<void> eachLine(std::string_view text, RunControl& control, Take&& take) {
    std::size_t number = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        std::string_view line = text.substr(begin, end - begin);
        if (!line.empty() && line.back() == '\r')
            line.remove_suffix(1);
        if (number % kLinesBetweenChecks == 0) {
            if (control.isCancelled())
                return cancelledError();
            control.progress(static_cast<double>(begin), static_cast<double>(text.size()), "reading documents");
        }
        TRILOBIT_CHECK(take(line, ++number));
        begin = end + 1;
    }
    return {};
}

std::string_view withoutMark(std::string_view text) {
    return text.substr(0, 3) == "\xEF\xBB\xBF" ? text.substr(3) : text;
}

} // namespace

Result<std::vector<Document>> parseJsonlDocuments(std::string_view text, const std::string& path, RunControl& control,
                                                  const DocumentLimits& limits) {
    std::vector<Document> documents;
    TRILOBIT_CHECK(eachLine(withoutMark(text), control, [&](std::string_view line, std::size_t number) -> Result<void> {
        if (trimmed(line).empty())
            return {};
        TRILOBIT_TRY(Document document, readLine(line, Place{path, number}, limits));
        if (document.isChat() || !document.text.empty())
            documents.push_back(std::move(document));
        return {};
    }));
    if (documents.empty())
        return noDocuments(path);
    return documents;
}

Result<std::vector<Document>> parseTextDocuments(std::string_view text, const std::string& path, RunControl& control,
                                                 const std::string& separator, const DocumentLimits& limits) {
    std::vector<Document> documents;
    std::string current;
    const auto close = [&] {
        if (const std::string_view kept = trimmed(current); !kept.empty())
            documents.push_back({std::string(kept), {}});
        current.clear();
    };
    TRILOBIT_CHECK(eachLine(withoutMark(text), control, [&](std::string_view line, std::size_t number) -> Result<void> {
        const Place place{path, number};
        if (current.size() + line.size() > limits.maxLineBytes)
            return place.error({}, "the document that ends here has more than " + std::to_string(limits.maxLineBytes)
                                       + " bytes; expected "
                                       + (separator.empty() ? std::string("a blank line") : "\"" + separator + "\"")
                                       + " between documents");
        if (const std::size_t bad = badUtf8(line); bad != std::string_view::npos)
            return place.error({}, "byte " + std::to_string(bad + 1) + " of the line is not UTF-8");
        if (separator.empty() ? trimmed(line).empty() : line == separator)
            close();
        else
            current.append(line).append("\n");
        return {};
    }));
    close();
    if (documents.empty())
        return noDocuments(path);
    return documents;
}

Result<std::vector<Document>> readDocuments(const std::string& path, RunControl& control, const std::string& separator,
                                            const DocumentLimits& limits) {
    TRILOBIT_TRY(const std::shared_ptr<const MappedFile> file, MappedFile::open(path));
    const std::span<const std::byte> bytes = file->bytes();
    if (bytes.size() > limits.maxFileBytes)
        return Error{ErrorCode::Format, std::to_string(bytes.size()) + " bytes, at most "
                                            + std::to_string(limits.maxFileBytes) + " are read", path, {}};
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return path.ends_with(".jsonl") ? parseJsonlDocuments(text, path, control, limits)
                                    : parseTextDocuments(text, path, control, separator, limits);
}

std::string documentToJsonl(const Document& document) {
    if (!document.isChat())
        return Json::object({{"text", document.text}}).dump();
    Json messages = Json::array();
    for (const CorpusMessage& message : document.messages)
        messages.push(Json::object({{"role", message.role}, {"content", message.text}}));
    return Json::object({{"messages", std::move(messages)}}).dump();
}

Result<void> writeDocuments(const std::string& path, std::span<const Document> documents) {
    TRILOBIT_TRY(const std::unique_ptr<SafeFile> file, SafeFile::create(path));
    for (const Document& document : documents) {
        TRILOBIT_CHECK(file->write(documentToJsonl(document)));
        TRILOBIT_CHECK(file->write("\n"));
    }
    return file->commit();
}

} // namespace trilobit
