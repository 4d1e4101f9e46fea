#include "core/pluginhost/pluginmetadata.h"

#include "core/pluginapi/methodfactory.h"

#include <QJsonArray>

namespace trilobit {

namespace {

constexpr int kApiVersion = 1;
const QLatin1String kIid(TRILOBIT_METHOD_FACTORY_IID);

bool isId(const QString& text) {
    if (text.isEmpty() || text.size() > 64)
        return false;
    for (const QChar c : text) {
        const char16_t u = c.unicode();
        if (!((u >= u'a' && u <= u'z') || (u >= u'0' && u <= u'9') || u == u'-' || u == u'_' || u == u'.'))
            return false;
    }
    return true;
}

/// Empty when the interface id is ours, else what is wrong with it.
QString checkIid(const QJsonObject& file) {
    const QString iid = file.value(QLatin1String("IID")).toString();
    if (iid == kIid)
        return {};
    if (iid.startsWith(kIid.left(kIid.lastIndexOf(QLatin1Char('/')) + 1)))
        return QStringLiteral("made for another version of the plugin interface (%1), this program has %2").arg(iid, kIid);
    return QStringLiteral("not a method plugin: its interface is \"%1\", expected %2").arg(iid, kIid);
}

QString checkMethods(const QJsonValue& value, QStringList& methods) {
    if (!value.isArray() || value.toArray().isEmpty())
        return QStringLiteral("metadata: methods must be a list with at least one id");
    for (const QJsonValue& item : value.toArray()) {
        const QString id = item.toString();
        if (!isId(id))
            return QStringLiteral("metadata: methods must hold ids of lower-case letters, digits, '-', '_' and '.'");
        if (methods.contains(id))
            return QStringLiteral("metadata: the method %1 is listed twice").arg(id);
        methods.append(id);
    }
    return {};
}

QString readContent(const QJsonObject& meta, PluginRow& row) {
    const auto text = [&](QLatin1String key) { return meta.value(key).toString(); };
    row.id = text(QLatin1String("id"));
    row.name = text(QLatin1String("name"));
    row.version = text(QLatin1String("version"));
    if (meta.isEmpty())
        return QStringLiteral("the library carries no metadata, expected id, name, version, api and methods");
    if (!isId(row.id))
        return QStringLiteral("metadata: id must be lower-case letters, digits, '-', '_' and '.'");
    if (row.name.isEmpty())
        return QStringLiteral("metadata: name is missing, expected a text");
    if (row.version.isEmpty())
        return QStringLiteral("metadata: version is missing, expected a text");
    const QJsonValue api = meta.value(QLatin1String("api"));
    if (!api.isDouble() || api.toDouble() != kApiVersion)
        return QStringLiteral("metadata: api must be %1").arg(kApiVersion);
    return checkMethods(meta.value(QLatin1String("methods")), row.methods);
}

} // namespace

QString readPluginMetadata(const QJsonObject& file, PluginRow& row) {
    if (const QString wrong = checkIid(file); !wrong.isEmpty())
        return wrong;
    return readContent(file.value(QLatin1String("MetaData")).toObject(), row);
}

} // namespace trilobit
