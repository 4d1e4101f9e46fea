// ConversationKeeper: writes the conversation down while it happens, and finds the earlier ones.
#pragma once

#include "core/chat/conversation.h"
#include "core/jobs/jobqueue.h"

#include <QObject>
#include <QString>

#include <functional>
#include <memory>
#include <vector>

namespace trilobit {

class ConversationKeeper : public QObject {
    Q_OBJECT
public:
    explicit ConversationKeeper(QObject* parent = nullptr) : QObject(parent) {}

    /// <application data>/conversations.
    static QString folder();

    /// The next append() starts a new file whose first line says `head`.
    void startNew();
    void setHead(Json head) { m_head = std::move(head); }
    /// Goes on with an earlier file.
    void resume(const std::string& path);
    /// A problem is told once; the chat goes on.
    void append(const Json& event);
    QString path() const;

    /// The newest ones first, at most `limit`, read in a job.
    static void list(JobQueue& jobs, QObject* context, int limit,
                     std::function<void(std::vector<SavedConversation>)> done);

signals:
    void failed(const QString& text);

private:
    Json m_head = Json::object();
    std::unique_ptr<ConversationLog> m_log;
    bool m_broken = false;
};

} // namespace trilobit
