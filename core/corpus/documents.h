// Documents: training texts from plain text and JSONL files, and back to JSONL.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trilobit {

struct CorpusMessage {
    std::string role; ///< "system", "user" or "assistant"
    std::string text;
    bool operator==(const CorpusMessage&) const = default;
};

/// Either a chat (messages) or a plain text.
struct Document {
    std::string text;
    std::vector<CorpusMessage> messages; ///< not empty: a chat; `text` is empty then
    bool isChat() const { return !messages.empty(); }
    bool operator==(const Document&) const = default;
};

struct DocumentLimits {
    std::uint64_t maxFileBytes = std::uint64_t{4} << 30;
    std::size_t maxLineBytes = 16u << 20; ///< of JSONL; of plain text: of one document
    std::size_t maxMessages = 10'000;     ///< in one chat
};

/// Reads a file. Names that end in ".jsonl" are JSONL, one document a line: {"messages": [{"role": "user", "content": "..."},
/// ...]} or {"text": "..."}; other members are ignored, blank lines skipped. A chat starts with at most one system
/// message, then user and assistant take turns, user first. Every other file is plain text: documents stand between lines
/// that equal `separator`; an empty one means blank lines. White space around a plain document is cut off, empty
/// documents are left out. Errors: Io; Format with file, field ("line 7: messages[2].role") and what was expected, also
/// for text that is not UTF-8, lines too long and files without documents; Cancelled.
Result<std::vector<Document>> readDocuments(const std::string& path, RunControl& control,
                                            const std::string& separator = {}, const DocumentLimits& limits = {});

/// The same on text in memory; `path` is for messages only.
Result<std::vector<Document>> parseJsonlDocuments(std::string_view text, const std::string& path, RunControl& control,
                                                  const DocumentLimits& limits = {});
Result<std::vector<Document>> parseTextDocuments(std::string_view text, const std::string& path, RunControl& control,
                                                 const std::string& separator = {}, const DocumentLimits& limits = {});

/// One line without its end: {"messages":[...]} or {"text":...}.
std::string documentToJsonl(const Document& document);
/// Writes safely: the file appears whole or not at all. Errors: Io.
Result<void> writeDocuments(const std::string& path, std::span<const Document> documents);

} // namespace trilobit
