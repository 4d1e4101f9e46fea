#include "widgets/pages/chat/panerunner.h"

#include "widgets/common/format.h"

#include <QDateTime>
#include <QThreadPool>
#include <QTimer>

#include <map>

namespace trilobit {

namespace {
constexpr int kPollMs = 33;
} // namespace

PaneRunner::PaneRunner(JobQueue& jobs, const QString& title, QObject* parent)
    : QObject(parent), m_jobs(jobs), m_title(title), m_poll(new QTimer(this)) {
    m_poll->setInterval(kPollMs);
    connect(m_poll, &QTimer::timeout, this, &PaneRunner::takeTokens);
}

PaneRunner::~PaneRunner() {
    releaseFeeds();
    if (m_loadJob)
        m_jobs.cancel(*m_loadJob);
    if (m_askJob)
        m_jobs.cancel(*m_askJob);
}

void PaneRunner::setModel(std::shared_ptr<const Model> model, int threads, ActivationPath path) {
    if (model == m_model && threads == m_threads && path == m_path)
        return;
    if (m_loadJob)
        m_jobs.cancel(*m_loadJob);
    m_loadJob.reset();
    const bool wasRunning = m_askJob.has_value();
    takeTokens();
    abandon();
    m_model = std::move(model);
    m_threads = threads;
    m_path = path;
    m_facts.reset();
    ++m_generation;
    if (m_backend) // giving back gigabytes takes a while
        QThreadPool::globalInstance()->start([old = std::move(m_backend)]() mutable { old.reset(); });
    m_backend = m_model ? std::make_shared<Backend>() : nullptr;
    if (m_backend) {
        m_backend->model = m_model;
        m_backend->threads = threads;
        m_backend->path = path;
    }
    if (wasRunning)
        emit failed(tr("Stopped: the model changed."));
    emit factsChanged();
}

Result<std::shared_ptr<ChatSession>> PaneRunner::sessionOf(Backend& backend, RunControl& control) {
    if (backend.session)
        return backend.session;
    if (control.isCancelled())
        return cancelledError();
    control.progress(0, 0, "preparing the model");
    EngineOptions options;
    options.threads = backend.threads;
    options.activations = backend.path;
    TRILOBIT_TRY(std::shared_ptr<const Engine> engine, Engine::create(backend.model, options, control));
    TRILOBIT_TRY(backend.session, ChatSession::create(std::move(engine), 0));
    return backend.session;
}

PaneFacts PaneRunner::describe(const ChatSession& session, ActivationPath path) {
    const Engine& engine = session.engine();
    PaneFacts facts;
    facts.path = qtext(engine.pathDescription());
    facts.fast = path == ActivationPath::Fast;
    facts.threads = engine.threads();
    facts.weights = engine.weightBytes();
    facts.cacheBytes = session.cacheBytes();
    facts.contextLength = session.contextLength();
    std::map<std::string, int> kernels;
    for (const KernelChoice& choice : engine.kernels())
        ++kernels[choice.encoding + ": " + choice.kernel];
    QStringList lines;
    for (const auto& [kernel, count] : kernels)
        lines << PaneRunner::tr("%1 (tensors: %2)").arg(qtext(kernel)).arg(count);
    facts.kernels = lines.join(QLatin1Char('\n'));
    // The real conversation may still fail where a greeting does not; the answer then brings its own note.
    const std::vector<ChatMessage> greeting{{"user", "Hello"}};
    facts.templateNote = qtext(renderChatPrompt(*engine.model().tokenizer(), greeting, "2000-01-01T00:00:00").note);
    return facts;
}

void PaneRunner::setFacts(PaneFacts facts) {
    m_facts = std::move(facts);
    emit factsChanged();
}

void PaneRunner::load() {
    if (!m_backend || m_facts || m_loadJob || m_askJob)
        return;
    m_loadJob = m_jobs.start<PaneFacts>(
        {tr("Prepare %1").arg(m_title), JobLane::Chat, true}, this,
        [backend = m_backend](RunControl& control) -> Result<PaneFacts> {
            const std::scoped_lock lock(backend->mutex);
            TRILOBIT_TRY(const std::shared_ptr<ChatSession> session, sessionOf(*backend, control));
            return describe(*session, backend->path);
        },
        [this, generation = m_generation](Result<PaneFacts> result) {
            if (generation != m_generation)
                return;
            m_loadJob.reset();
            if (result)
                setFacts(*std::move(result));
            else if (result.error().code != ErrorCode::Cancelled)
                emit loadFailed(errorText(result.error()));
        });
}

void PaneRunner::launch(const QString& title, std::function<Result<Done>(ChatSession&, Stream&, RunControl&)> work) {
    m_stream = std::make_shared<Stream>();
    const auto run = [backend = m_backend, stream = m_stream, work = std::move(work)](RunControl& control) -> Result<Done> {
        const std::scoped_lock lock(backend->mutex); // after the preparation of the same pane, if that still runs
        TRILOBIT_TRY(const std::shared_ptr<ChatSession> session, sessionOf(*backend, control));
        TRILOBIT_TRY(Done done, work(*session, *stream, control));
        done.facts = describe(*session, backend->path);
        return done;
    };
    m_askJob = m_jobs.start<Done>({title, JobLane::Chat, false}, this, run, [this, stream = m_stream](Result<Done> result) {
        if (stream != m_stream)
            return;
        takeTokens();
        m_poll->stop();
        m_askJob.reset();
        m_stream.reset();
        releaseFeeds();
        if (!result) {
            emit failed(errorText(result.error()));
            return;
        }
        setFacts(std::move(result->facts));
        if (result->reply)
            emit answered(*result->reply);
        else if (result->read)
            emit wasRead(*result->read);
    });
    m_poll->start();
}

void PaneRunner::ask(std::vector<ChatMessage> messages, const GenerateOptions& options,
                     std::vector<std::shared_ptr<WordFeed>> readers) {
    if (!m_backend || m_askJob)
        return;
    m_readers = readers;
    const std::string now = QDateTime::currentDateTime().toString(Qt::ISODate).toStdString();
    launch(tr("Chat: %1").arg(m_title), [messages = std::move(messages), options, now, readers = std::move(readers)](
                                            ChatSession& session, Stream& stream, RunControl& control) -> Result<Done> {
        auto reply = session.reply(
            messages, now, options, control,
            [&stream](const TokenEvent& token) {
                const std::scoped_lock guard(stream.mutex);
                stream.tokens.push_back(token);
            },
            readers);
        for (const auto& reader : readers)
            reader->finish();
        if (!reply)
            return std::move(reply).error();
        return Done{*std::move(reply), {}, {}};
    });
}

void PaneRunner::readAlong(std::shared_ptr<WordFeed> feed) {
    if (!m_backend || m_askJob) {
        feed->close();
        return;
    }
    m_feed = feed;
    launch(tr("Read along: %1").arg(m_title),
           [feed = std::move(feed)](ChatSession& session, Stream& stream, RunControl& control) -> Result<Done> {
               auto read = session.readAlong(*feed, control, [&stream](const TextDiffToken& word) {
                   const std::scoped_lock guard(stream.mutex);
                   stream.words.push_back(word);
               });
               feed->close();
               if (!read)
                   return std::move(read).error();
               return Done{{}, *std::move(read), {}};
           });
}

void PaneRunner::releaseFeeds() {
    for (const auto& reader : m_readers)
        reader->finish();
    m_readers.clear();
    if (m_feed)
        m_feed->close();
    m_feed.reset();
}

void PaneRunner::stop() {
    if (m_askJob)
        m_jobs.cancel(*m_askJob);
}

void PaneRunner::abandon() {
    stop();
    releaseFeeds();
    m_askJob.reset();
    m_stream.reset();
    m_poll->stop();
}

void PaneRunner::takeTokens() {
    if (!m_stream)
        return;
    std::vector<TokenEvent> tokens;
    std::vector<TextDiffToken> words;
    {
        const std::scoped_lock lock(m_stream->mutex);
        tokens.swap(m_stream->tokens);
        words.swap(m_stream->words);
    }
    if (!tokens.empty())
        emit tokensArrived(tokens);
    if (!words.empty())
        emit wordsArrived(words);
}

} // namespace trilobit
