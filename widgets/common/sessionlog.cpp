#include "widgets/common/sessionlog.h"

#include "core/base/safefile.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace trilobit {

namespace {
constexpr qint64 kMaxLogBytes = 16 << 20;    // then the log moves to session.old.jsonl
constexpr qint64 kMaxRecipeBytes = 16 << 20;
} // namespace

SessionLog::SessionLog(QString folder) : m_folder(std::move(folder)) {
    m_writer.setMaxThreadCount(1);
    QDir().mkpath(m_folder + QStringLiteral("/recipes"));
}

SessionLog::~SessionLog() { m_writer.waitForDone(); }

QString SessionLog::path() const { return m_folder + QStringLiteral("/session.jsonl"); }

QString SessionLog::recipePath(const QString& modelPath) const {
    const QString whole = QFileInfo(modelPath).absoluteFilePath();
    const QByteArray hash = QCryptographicHash::hash(whole.toUtf8(), QCryptographicHash::Sha256).toHex().left(32);
    return m_folder + QStringLiteral("/recipes/") + QString::fromLatin1(hash) + QStringLiteral(".json");
}

void SessionLog::append(const Command& command, const Result<Json>& result) {
    Json line = Json::object();
    line.set("time", QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs).toStdString());
    line.set("verb", command.verb).set("args", command.args).set("ok", result.has_value());
    if (!result)
        line.set("error", result.error().text()).set("code", errorCodeName(result.error().code));
    m_writer.start([file = path(), old = m_folder + QStringLiteral("/session.old.jsonl"), text = line.dump() + "\n"] {
        if (QFileInfo(file).size() > kMaxLogBytes) {
            QFile::remove(old);
            QFile::rename(file, old);
        }
        QFile log(file);
        if (log.open(QIODevice::Append))
            log.write(text.data(), static_cast<qint64>(text.size()));
    });
}

void SessionLog::saveRecipe(const QString& modelPath, const Recipe& recipe) {
    m_writer.start([file = recipePath(modelPath), text = recipe.toJson().dump(2)] {
        // A failure here must not disturb the person: the recipe is still in the window.
        (void)writeFileSafely(file.toStdString(), text);
    });
}

std::optional<Recipe> SessionLog::savedRecipe(const QString& modelPath) const {
    QFile file(recipePath(modelPath));
    if (file.size() > kMaxRecipeBytes || !file.open(QIODevice::ReadOnly))
        return std::nullopt;
    const QByteArray bytes = file.readAll();
    const auto json = Json::parse({bytes.constData(), static_cast<std::size_t>(bytes.size())});
    if (!json)
        return std::nullopt;
    auto recipe = Recipe::fromJson(*json);
    if (!recipe)
        return std::nullopt;
    return std::move(*recipe);
}

} // namespace trilobit
