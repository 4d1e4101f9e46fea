// Conversation: what was said in each pane, kept on disk while it grows.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace trilobit {

struct ChatMessage {
    std::string role; ///< "system", "user", "assistant"
    std::string text;
    bool operator==(const ChatMessage&) const = default;
};

/// One file, one JSON object a line, only ever appended to: what was written survives the death of the process.
/// On disk since version 1, never renamed:
///   {"trilobit_conversation": 1, "started": ISO 8601, ...}   first line
///   {"event": "system", "text": ...}
///   {"event": "user", "text": ..., "panes": ["original", ...], "sampling": {...}}
///   {"event": "text", "pane": ..., "text": ...}              a piece of an answer, as it streams
///   {"event": "answer", "pane": ..., "text": ..., ...}       the whole answer; replaces its pieces. With "words_of" that
///                                                            pane read another one's words and wrote none of its own
///   {"event": "back", "panes": [...]}                        the last prompt is taken back, with its answers
///   {"event": "failed", "pane": ..., "text": reason}         the prompt got no answer and is taken back
class ConversationLog {
public:
    /// Makes `folder` if needed and a new file in it named after `stem` (a number is added when taken). Errors: Io.
    static Result<std::unique_ptr<ConversationLog>> create(const std::string& folder, const std::string& stem,
                                                           const Json& head);
    /// Goes on with a file that exists. A last line that was cut short is closed first. Errors: Io.
    static Result<std::unique_ptr<ConversationLog>> resume(const std::string& path);
    ~ConversationLog();
    ConversationLog(const ConversationLog&) = delete;
    ConversationLog& operator=(const ConversationLog&) = delete;

    const std::string& path() const { return m_path; }
    /// One line, handed to the system at once. Errors: Io.
    Result<void> append(const Json& event);

private:
    ConversationLog(int fd, std::string path) : m_fd(fd), m_path(std::move(path)) {}
    int m_fd;
    std::string m_path;
};

struct SavedConversation {
    std::string path;
    Json head;
    std::string system;
    std::map<std::string, std::vector<ChatMessage>>
        panes;               ///< without the system message; an answer that was cut off counts
    std::string firstPrompt; ///< to recognise it in a list
};

/// Lines that are not understood (the last one after a crash) are left out. Errors: Io; Format when the first line is
/// not a conversation of a version this program knows.
Result<SavedConversation> loadConversation(const std::string& path);

/// To read: a heading for each pane, under it who said what.
std::string conversationToMarkdown(const SavedConversation& conversation);

} // namespace trilobit
