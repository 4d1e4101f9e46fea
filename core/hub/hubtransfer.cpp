#include "core/hub/hubtransfer.h"

#include <QEventLoop>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QTimer>

namespace trilobit {

namespace {

constexpr int kMaxRedirections = 5;
constexpr int kQuietMs = 30'000;   ///< without a byte for so long the connection counts as lost
constexpr int kAskMs = 50;         ///< between two looks at RunControl
constexpr qint64 kBufferBytes = 4 << 20;

Error meaningOf(int status, const QUrl& url) {
    const std::string what = url.host().toStdString() + " answers " + std::to_string(status);
    switch (status) {
    case 401:
    case 403: return {ErrorCode::Io, what + ": this needs a token, or the token gives no access", {}, {}, {}};
    case 404: return {ErrorCode::Io, what + ": there is no such repository, revision or file", {}, {}, {}};
    case 429: return {ErrorCode::Io, what + ": too many requests; try again later", {}, {}, {}};
    default: return {ErrorCode::Io, what, {}, {}, {}};
    }
}

/// <https://...>; rel="next"
QUrl nextLink(const QByteArray& header, const QUrl& base) {
    for (const QByteArray& part : header.split(',')) {
        const qsizetype open = part.indexOf('<'), close = part.indexOf('>');
        if (open >= 0 && close > open && part.mid(close).contains("rel=\"next\""))
            return base.resolved(QUrl(QString::fromUtf8(part.mid(open + 1, close - open - 1))));
    }
    return {};
}

bool isHttp(const QUrl& url) { return url.scheme() == QLatin1String("http") || url.scheme() == QLatin1String("https"); }

} // namespace

struct HubTransfer::Outcome {
    HubAnswer answer;
    QUrl redirection;
};

HubTransfer::HubTransfer(QUrl home, QByteArray token)
    : m_home(std::move(home)), m_token(std::move(token)), m_network(std::make_unique<QNetworkAccessManager>()) {}

HubTransfer::~HubTransfer() = default;

Result<HubAnswer> HubTransfer::get(const QUrl& url, std::uint64_t from, const Sink& sink, RunControl& control) {
    QUrl at = url;
    for (int i = 0; i <= kMaxRedirections; ++i) {
        TRILOBIT_TRY(const Outcome outcome, request(at, from, sink, control));
        if (outcome.redirection.isEmpty())
            return outcome.answer;
        const QUrl target = at.resolved(outcome.redirection);
        if (!isHttp(target) || (at.scheme() == QLatin1String("https") && target.scheme() != QLatin1String("https")))
            return fail(ErrorCode::Io, at.host().toStdString() + " sends to an address that is not safe");
        at = target;
    }
    return fail(ErrorCode::Io, url.host().toStdString() + " sends from one address to the next without end");
}

Result<HubTransfer::Outcome> HubTransfer::request(const QUrl& url, std::uint64_t from, const Sink& sink,
                                                  RunControl& control) {
    QNetworkRequest request(url);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setRawHeader("User-Agent", "Trilobit");
    request.setRawHeader("Accept-Encoding", "identity"); // bytes are counted
    if (!m_token.isEmpty() && url.host() == m_home.host() && url.port() == m_home.port() && url.scheme() == m_home.scheme())
        request.setRawHeader("Authorization", "Bearer " + m_token);
    if (from > 0)
        request.setRawHeader("Range", "bytes=" + QByteArray::number(static_cast<qulonglong>(from)) + "-");
    const std::unique_ptr<QNetworkReply> reply(m_network->get(request));
    reply->setReadBufferSize(kBufferBytes);

    QEventLoop loop;
    QTimer quiet, ask;
    quiet.setSingleShot(true);
    Result<void> sunk;
    bool lost = false, cancelled = false;
    const auto status = [&] { return reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(); };
    const auto drain = [&] {
        quiet.start(kQuietMs);
        const QByteArray piece = reply->readAll();
        if (piece.isEmpty() || status() < 200 || status() > 299 || !sunk)
            return;
        sunk = sink(piece, status() == 206);
        if (!sunk)
            reply->abort();
    };
    QObject::connect(reply.get(), &QNetworkReply::readyRead, &loop, drain);
    QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
    QObject::connect(&quiet, &QTimer::timeout, &loop, [&] {
        lost = true;
        reply->abort();
    });
    QObject::connect(&ask, &QTimer::timeout, &loop, [&] {
        if (control.isCancelled() && !cancelled) {
            cancelled = true;
            reply->abort();
        }
    });
    quiet.start(kQuietMs);
    ask.start(kAskMs);
    if (!reply->isFinished())
        loop.exec();
    if (!cancelled && !lost)
        drain();
    if (!sunk)
        return std::move(sunk).error();
    if (cancelled)
        return cancelledError();
    if (lost)
        return fail(ErrorCode::Io, url.host().toStdString() + " has not sent anything for "
                                       + std::to_string(kQuietMs / 1000) + " seconds");
    const int code = status();
    if (code >= 300 && code < 400)
        return Outcome{{}, QUrl(QString::fromUtf8(reply->rawHeader("Location")))};
    if (code != 0 && (code < 200 || code > 299))
        return meaningOf(code, url);
    if (reply->error() != QNetworkReply::NoError)
        return fail(ErrorCode::Io, "the connection to " + url.host().toStdString() + " failed: "
                                       + reply->errorString().toStdString());
    return Outcome{{code, nextLink(reply->rawHeader("Link"), url), code == 206}, {}};
}

} // namespace trilobit
