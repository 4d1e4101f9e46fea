// HubServer: a server on this computer that speaks the paths of a Hugging Face repository, with faults on request.
#pragma once

#include <QHash>
#include <QTcpServer>

namespace trilobit::test {

class HubServer : public QTcpServer {
    Q_OBJECT
public:
    explicit HubServer(QObject* parent = nullptr);
    std::string endpoint() const { return "http://127.0.0.1:" + std::to_string(serverPort()); }

    QHash<QString, QByteArray> files; ///< large ones end in .gguf or .safetensors and are behind a redirection
    QByteArray list;                  ///< instead of the true list of files
    QByteArray wantedToken;           ///< 401 without it
    qint64 cutAfter = -1;             ///< closes the connection after so many bytes of a file, once
    bool ignoreRanges = false;
    bool damage = false;              ///< changes a byte of every large file
    bool endless = false;             ///< sends more than announced
    bool loop = false;                ///< redirects to itself
    bool silent = false;              ///< never answers
    QStringList requests;             ///< "GET /path range token" in order

private:
    void accept(class QTcpSocket* socket);
    void serve(class QTcpSocket* socket, const QByteArray& head);
    QByteArray listOfFiles() const;

    QTcpServer m_cdn; ///< large files come from here
};

} // namespace trilobit::test
