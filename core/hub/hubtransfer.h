// HubTransfer: one request with its redirections, answered within this call.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"

#include <QByteArray>
#include <QUrl>

#include <cstdint>
#include <functional>
#include <memory>

class QNetworkAccessManager;

namespace trilobit {

struct HubAnswer {
    int status = 0;
    QUrl next;         ///< of a Link header with rel="next"
    bool partial = false; ///< the body starts where it was asked to
};

class HubTransfer {
public:
    /// The token goes to `home`'s host and port alone, whatever redirections say.
    HubTransfer(QUrl home, QByteArray token);
    ~HubTransfer();

    /// Called with each piece of a body whose status is 2xx; `partial` as in HubAnswer. An error ends the request.
    using Sink = std::function<Result<void>(const QByteArray& piece, bool partial)>;
    /// GET from byte `from` on. Answers that are no success come back as Io errors that say what the status means. Errors:
    /// Io, Cancelled, those of the sink.
    Result<HubAnswer> get(const QUrl& url, std::uint64_t from, const Sink& sink, RunControl& control);

private:
    struct Outcome;
    Result<Outcome> request(const QUrl& url, std::uint64_t from, const Sink& sink, RunControl& control);

    QUrl m_home;
    QByteArray m_token;
    std::unique_ptr<QNetworkAccessManager> m_network;
};

} // namespace trilobit
