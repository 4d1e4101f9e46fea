// PaneRunner: one model of the chat: its engine and session, made and run in jobs, freed when the model changes.
#pragma once

#include "core/chat/chatsession.h"
#include "core/chat/wordfeed.h"
#include "core/jobs/jobqueue.h"

#include <QElapsedTimer>
#include <QObject>
#include <QString>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

class QTimer;

namespace trilobit {

/// What an engine says about itself once it exists.
struct PaneFacts {
    QString path;    ///< Engine::pathDescription()
    bool fast = true; ///< asked for ActivationPath::Fast
    QString kernels; ///< which code runs how many tensors, one line each
    int threads = 0;
    WeightBytes weights;
    std::uint64_t cacheBytes = 0;
    std::int64_t contextLength = 0;
    QString templateNote; ///< why the chat template is not used; empty when it is
};

/// Lives in the interface thread and never waits. Tokens arrive in batches, at most about 30 a second.
class PaneRunner : public QObject {
    Q_OBJECT
public:
    PaneRunner(JobQueue& jobs, const QString& title, QObject* parent = nullptr);
    ~PaneRunner() override;

    /// Null: no model. A new model, number of threads or path lets go of the engine; a running answer is cancelled.
    void setModel(std::shared_ptr<const Model> model, int threads, ActivationPath path);
    const std::shared_ptr<const Model>& model() const { return m_model; }
    bool isRunning() const { return m_askJob.has_value(); }
    const std::optional<PaneFacts>& facts() const { return m_facts; }

    /// Makes the engine ahead of the first prompt.
    void load();
    /// Answers; must not be running. `messages` as in renderChatPrompt; the words go to the `readers`, too.
    void ask(std::vector<ChatMessage> messages, const GenerateOptions& options,
             std::vector<std::shared_ptr<WordFeed>> readers = {});
    /// Reads the answer of another pane's model as it comes; must not be running.
    void readAlong(std::shared_ptr<WordFeed> feed);
    /// Cancels; what was said so far still arrives, with answered().
    void stop();
    /// Cancels and forgets: nothing more arrives of the running answer.
    void abandon();

signals:
    void factsChanged();
    void loadFailed(const QString& text);
    void tokensArrived(const std::vector<trilobit::TokenEvent>& tokens);
    void answered(const trilobit::ChatReply& reply); ///< after the last tokensArrived
    void wordsArrived(const std::vector<trilobit::TextDiffToken>& words);
    void wasRead(const trilobit::ReadAlong& read);   ///< after the last wordsArrived
    void failed(const QString& text);                ///< instead of answered and wasRead; also after a cancel while loading

private:
    /// Shared with the worker, which alone touches `session` under the mutex.
    struct Backend {
        std::shared_ptr<const Model> model;
        int threads = 0;
        ActivationPath path = ActivationPath::Fast;
        std::mutex mutex;
        std::shared_ptr<ChatSession> session;
    };
    struct Stream {
        std::mutex mutex;
        std::vector<TokenEvent> tokens;
        std::vector<TextDiffToken> words;
    };
    struct Done {
        std::optional<ChatReply> reply; ///< of an answer
        std::optional<ReadAlong> read;  ///< of reading along
        PaneFacts facts;
    };
    /// `work` gets the session and fills reply or read.
    void launch(const QString& title, std::function<Result<Done>(ChatSession&, Stream&, RunControl&)> work);
    /// Who waits for this pane's words, or with words for it, waits no longer.
    void releaseFeeds();
    static Result<std::shared_ptr<ChatSession>> sessionOf(Backend& backend, RunControl& control);
    static PaneFacts describe(const ChatSession& session, ActivationPath path);
    void takeTokens();
    void setFacts(PaneFacts facts);

    JobQueue& m_jobs;
    QString m_title;
    std::shared_ptr<const Model> m_model;
    int m_threads = 0;
    ActivationPath m_path = ActivationPath::Fast;
    quint64 m_generation = 0; ///< counts models; results of an older one are dropped
    std::shared_ptr<Backend> m_backend;
    std::shared_ptr<Stream> m_stream;
    std::vector<std::shared_ptr<WordFeed>> m_readers; ///< fed by this pane
    std::shared_ptr<WordFeed> m_feed;                 ///< that this pane reads
    std::optional<PaneFacts> m_facts;
    std::optional<quint64> m_loadJob, m_askJob;
    QTimer* m_poll;
};

} // namespace trilobit
