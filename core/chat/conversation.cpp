#include "core/chat/conversation.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

namespace trilobit {

namespace {

constexpr int kVersion = 1;
constexpr int kMaxSameName = 1000;
constexpr std::size_t kMaxFileBytes = std::size_t{64} << 20; // far beyond any conversation; a hostile file stops here

Error ioError(const std::string& path, const std::string& what) {
    Error error = fail(ErrorCode::Io, what + ": " + std::strerror(errno));
    error.file = path;
    return error;
}

Result<std::string> readAll(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return ioError(path, "the conversation cannot be opened");
    std::string text;
    std::string block(1u << 16, '\0');
    for (;;) {
        const ssize_t got = ::read(fd, block.data(), block.size());
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 || text.size() + static_cast<std::size_t>(got) > kMaxFileBytes) {
            Error error = got < 0
                              ? ioError(path, "the conversation cannot be read")
                              : fail(ErrorCode::Format, "larger than 64 MiB, which no conversation of this program is");
            error.file = path;
            ::close(fd);
            return error;
        }
        if (got == 0)
            break;
        text.append(block.data(), static_cast<std::size_t>(got));
    }
    ::close(fd);
    return text;
}

/// Builds the panes line by line.
class Reader {
public:
    explicit Reader(SavedConversation& out) : m_out(out) {}

    void take(const Json& line) {
        const std::string& event = line["event"].toString();
        const std::string& text = line["text"].toString();
        if (event == "system") {
            m_out.system = text;
        } else if (event == "user") {
            if (m_out.firstPrompt.empty())
                m_out.firstPrompt = text;
            for (const Json& pane : line["panes"].items())
                m_out.panes[pane.toString()].push_back({"user", text});
        } else if (event == "back") {
            for (const Json& name : line["panes"].items()) {
                const auto pane = m_out.panes.find(name.toString());
                for (const char* role : {"assistant", "user"})
                    if (pane != m_out.panes.end() && !pane->second.empty() && pane->second.back().role == role)
                        pane->second.pop_back();
            }
        } else if (event == "failed") { // a prompt without an answer would confuse the next turn
            const auto pane = m_out.panes.find(line["pane"].toString());
            if (pane != m_out.panes.end() && !pane->second.empty() && pane->second.back().role == "user")
                pane->second.pop_back();
        } else if (event == "text" || event == "answer") {
            const auto pane = m_out.panes.find(line["pane"].toString());
            if (pane == m_out.panes.end() || pane->second.empty())
                return; // an answer to nothing
            if (pane->second.back().role == "user")
                pane->second.push_back({"assistant", {}});
            std::string& answer = pane->second.back().text;
            if (event == "answer")
                answer = text;
            else
                answer += text;
        }
    }

private:
    SavedConversation& m_out;
};

} // namespace

Result<std::unique_ptr<ConversationLog>> ConversationLog::create(const std::string& folder, const std::string& stem,
                                                                 const Json& head) {
    std::error_code problem;
    std::filesystem::create_directories(folder, problem);
    if (problem) {
        Error error = fail(ErrorCode::Io, "the folder for conversations cannot be made: " + problem.message());
        error.file = folder;
        return error;
    }
    for (int number = 1; number <= kMaxSameName; ++number) {
        const std::string path =
            folder + "/" + stem + (number == 1 ? std::string() : "-" + std::to_string(number)) + ".jsonl";
        const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
        if (fd < 0 && errno == EEXIST)
            continue;
        if (fd < 0)
            return ioError(path, "the conversation cannot be saved");
        auto log = std::unique_ptr<ConversationLog>(new ConversationLog(fd, path));
        Json first = Json::object({{"trilobit_conversation", kVersion}});
        for (const auto& [key, value] : head.members())
            first.set(key, value);
        TRILOBIT_CHECK(log->append(first));
        return log;
    }
    return fail(ErrorCode::Io, "too many conversations of the same name in " + folder);
}

Result<std::unique_ptr<ConversationLog>> ConversationLog::resume(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDWR | O_APPEND | O_CLOEXEC);
    if (fd < 0)
        return ioError(path, "the conversation cannot be opened");
    auto log = std::unique_ptr<ConversationLog>(new ConversationLog(fd, path));
    char last = '\n';
    if (::lseek(fd, -1, SEEK_END) >= 0 && ::read(fd, &last, 1) == 1 && last != '\n' && ::write(fd, "\n", 1) != 1)
        return ioError(path, "the conversation cannot be saved");
    return log;
}

ConversationLog::~ConversationLog() { ::close(m_fd); }

Result<void> ConversationLog::append(const Json& event) {
    const std::string line = event.dump() + "\n";
    std::size_t done = 0;
    while (done < line.size()) {
        const ssize_t put = ::write(m_fd, line.data() + done, line.size() - done);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return ioError(m_path, "the conversation cannot be saved");
        done += static_cast<std::size_t>(put);
    }
    return {};
}

Result<SavedConversation> loadConversation(const std::string& path) {
    TRILOBIT_TRY(const std::string text, readAll(path));
    SavedConversation out;
    out.path = path;
    Reader reader(out);
    std::size_t begin = 0;
    for (bool first = true; begin < text.size(); first = false) {
        std::size_t end = text.find('\n', begin);
        if (end == std::string::npos)
            end = text.size();
        const auto line = Json::parse(std::string_view(text).substr(begin, end - begin));
        begin = end + 1;
        if (first) {
            if (!line || (*line)["trilobit_conversation"].toInt() != kVersion) {
                Error error = fail(ErrorCode::Format, "not a conversation of version 1");
                error.file = path;
                return error;
            }
            out.head = *line;
        } else if (line) {
            reader.take(*line);
        }
    }
    if (out.head.isNull()) {
        Error error = fail(ErrorCode::Format, "the file is empty");
        error.file = path;
        return error;
    }
    return out;
}

std::string conversationToMarkdown(const SavedConversation& conversation) {
    const std::string& model = conversation.head["model"].toString();
    std::string out = "# " + (model.empty() ? std::string("Conversation") : model) + "\n";
    if (const std::string& started = conversation.head["started"].toString(); !started.empty())
        out += "\n" + started + "\n";
    if (!conversation.system.empty())
        out += "\nSystem prompt: " + conversation.system + "\n";
    for (const auto& [pane, messages] : conversation.panes) {
        out += "\n## " + pane + "\n";
        for (const ChatMessage& message : messages)
            out += (message.role == "user" ? "\n**You:** " : "\n**Answer:** ") + message.text + "\n";
    }
    return out;
}

} // namespace trilobit
