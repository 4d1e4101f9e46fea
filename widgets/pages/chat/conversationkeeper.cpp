#include "widgets/pages/chat/conversationkeeper.h"

#include "widgets/common/format.h"

#include <QDateTime>
#include <QDir>
#include <QStandardPaths>

namespace trilobit {

namespace {
constexpr qint64 kMaxListedBytes = 4 << 20; // larger ones would take long to look into
} // namespace

QString ConversationKeeper::folder() {
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + QStringLiteral("/conversations");
}

void ConversationKeeper::startNew() {
    m_log.reset();
    m_broken = false;
}

void ConversationKeeper::resume(const std::string& path) {
    startNew();
    auto log = ConversationLog::resume(path);
    if (log) {
        m_log = *std::move(log);
        return;
    }
    m_broken = true;
    emit failed(errorText(log.error()));
}

void ConversationKeeper::append(const Json& event) {
    if (m_broken)
        return;
    if (!m_log) {
        const QDateTime now = QDateTime::currentDateTime();
        Json head = Json::object({{"started", now.toUTC().toString(Qt::ISODateWithMs).toStdString()}});
        for (const auto& [key, value] : m_head.members())
            head.set(key, value);
        auto log = ConversationLog::create(folder().toStdString(),
                                           now.toString(QStringLiteral("yyyy-MM-dd_HH-mm-ss")).toStdString(), head);
        if (!log) {
            m_broken = true;
            emit failed(errorText(log.error()));
            return;
        }
        m_log = *std::move(log);
    }
    if (auto done = m_log->append(event); !done) {
        m_broken = true;
        emit failed(errorText(done.error()));
    }
}

QString ConversationKeeper::path() const { return m_log ? qtext(m_log->path()) : QString(); }

void ConversationKeeper::list(JobQueue& jobs, QObject* context, int limit,
                              std::function<void(std::vector<SavedConversation>)> done) {
    using List = std::vector<SavedConversation>;
    jobs.start<List>(
        {tr("Look for earlier conversations"), JobLane::Interactive, true}, context,
        [limit](RunControl& control) -> Result<List> {
            List found;
            const QFileInfoList files =
                QDir(folder()).entryInfoList({QStringLiteral("*.jsonl")}, QDir::Files, QDir::Time);
            for (const QFileInfo& file : files) {
                if (control.isCancelled() || static_cast<int>(found.size()) >= limit)
                    break;
                if (file.size() > kMaxListedBytes)
                    continue;
                if (auto conversation = loadConversation(file.absoluteFilePath().toStdString());
                    conversation && !conversation->firstPrompt.empty())
                    found.push_back(*std::move(conversation));
            }
            return found;
        },
        [done = std::move(done)](Result<List> result) { done(result ? *std::move(result) : List{}); });
}

} // namespace trilobit
