#include "hubserver.h"

#include <QCryptographicHash>
#include <QTcpSocket>
#include <QUrl>

#include <utility>

namespace trilobit::test {

namespace {

bool isLarge(const QString& path) { return path.endsWith(QLatin1String(".gguf")) || path.endsWith(QLatin1String(".safetensors")); }

QByteArray header(const QByteArray& head, const QByteArray& name) {
    for (const QByteArray& line : head.split('\n'))
        if (line.toLower().startsWith(name.toLower() + ":"))
            return line.mid(name.size() + 1).trimmed();
    return {};
}

void answer(QTcpSocket* socket, const QByteArray& status, const QByteArray& headers, const QByteArray& body) {
    socket->write("HTTP/1.1 " + status + "\r\nConnection: close\r\nContent-Length: " + QByteArray::number(body.size())
                  + "\r\n" + headers + "\r\n" + body);
    socket->disconnectFromHost();
}

} // namespace

HubServer::HubServer(QObject* parent) : QTcpServer(parent) {
    // Another address of the same computer is another host; a name such as localhost not every system can look up.
    for (const auto& [server, address] : {std::pair<QTcpServer*, const char*>{this, "127.0.0.1"}, {&m_cdn, "127.0.0.2"}}) {
        server->listen(QHostAddress(QLatin1String(address)));
        connect(server, &QTcpServer::newConnection, this, [this, from = server] { accept(from->nextPendingConnection()); });
    }
}

void HubServer::accept(QTcpSocket* socket) {
    connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
    connect(socket, &QTcpSocket::readyRead, this, [this, socket] {
        if (const QByteArray head = socket->peek(65536); head.contains("\r\n\r\n")) {
            socket->readAll();
            serve(socket, head);
        }
    });
}

QByteArray HubServer::listOfFiles() const {
    QByteArray out = "[{\"type\":\"directory\",\"oid\":\"0\",\"size\":0,\"path\":\"sub\"}";
    for (auto it = files.begin(); it != files.end(); ++it) {
        const QByteArray size = QByteArray::number(it.value().size());
        const QByteArray git =
            QCryptographicHash::hash("blob " + size + QByteArray(1, '\0') + it.value(), QCryptographicHash::Sha1).toHex();
        out += ",{\"type\":\"file\",\"path\":\"" + it.key().toUtf8() + "\",\"size\":" + size + ",\"oid\":\"" + git + "\"";
        if (isLarge(it.key()))
            out += ",\"lfs\":{\"oid\":\"" + QCryptographicHash::hash(it.value(), QCryptographicHash::Sha256).toHex()
                   + "\",\"size\":" + size + ",\"pointerSize\":135}";
        out += "}";
    }
    return out + "]";
}

void HubServer::serve(QTcpSocket* socket, const QByteArray& head) {
    const QByteArray target = head.split(' ').value(1);
    const QUrl url(QString::fromUtf8(target));
    const QByteArray range = header(head, "Range"), token = header(head, "Authorization");
    requests << QStringLiteral("%1 %2 %3").arg(url.path(), QString::fromUtf8(range), QString::fromUtf8(token)).trimmed();
    if (silent)
        return;
    if (loop)
        return answer(socket, "302 Found", "Location: " + target + "\r\n", {});
    const QString path = url.path();
    const bool cdn = path.startsWith(QLatin1String("/cdn/"));
    if (!cdn && !wantedToken.isEmpty() && token != "Bearer " + wantedToken)
        return answer(socket, "401 Unauthorized", {}, {});
    if (path == QLatin1String("/api/models/org/model/tree/main"))
        return answer(socket, "200 OK", "Content-Type: application/json\r\n", list.isEmpty() ? listOfFiles() : list);
    const QString prefix = cdn ? QStringLiteral("/cdn/") : QStringLiteral("/org/model/resolve/main/");
    const QString name = path.mid(prefix.size());
    if (!path.startsWith(prefix) || !files.contains(name))
        return answer(socket, "404 Not Found", {}, "no");
    if (!cdn && isLarge(name))
        return answer(socket, "302 Found",
                      "Location: http://127.0.0.2:" + QByteArray::number(m_cdn.serverPort()) + "/cdn/" + name.toUtf8() + "\r\n", {});
    QByteArray body = files.value(name);
    if (damage)
        body[body.size() / 2] = static_cast<char>(body[body.size() / 2] ^ 1);
    if (endless)
        body += QByteArray(1000, 'x');
    QByteArray status = "200 OK", headers;
    if (range.startsWith("bytes=") && !ignoreRanges) {
        const qint64 from = range.mid(6, range.size() - 7).toLongLong();
        headers = "Content-Range: bytes " + QByteArray::number(from) + "-" + QByteArray::number(body.size() - 1) + "/"
                  + QByteArray::number(body.size()) + "\r\n";
        status = "206 Partial Content";
        body = body.mid(from);
    }
    if (cutAfter < 0 || cutAfter >= body.size())
        return answer(socket, status, headers, body);
    socket->write("HTTP/1.1 " + status + "\r\nConnection: close\r\nContent-Length: " + QByteArray::number(body.size())
                  + "\r\n" + headers + "\r\n" + body.left(cutAfter));
    cutAfter = -1;
    socket->disconnectFromHost();
}

} // namespace trilobit::test
