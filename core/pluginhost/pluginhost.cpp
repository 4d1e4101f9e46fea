// PluginHost: metadata first, code only when the metadata is in order.
#include "core/pluginhost/pluginhost.h"

#include "core/base/mappedfile.h"
#include "core/base/sha256.h"
#include "core/pluginapi/methodfactory.h"
#include "core/pluginhost/elfcheck.h"
#include "core/pluginhost/pluginmetadata.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QJsonObject>
#include <QLibrary>
#include <QPluginLoader>
#include <QSet>

#include <algorithm>
#include <exception>

namespace trilobit {

namespace {

QString findDuplicate(const std::vector<PluginRow>& rows, const PluginRow& row) {
    for (const PluginRow& other : rows) {
        if (!other.error.isEmpty())
            continue;
        if (other.id == row.id)
            return QStringLiteral("the plugin %1 is already loaded from %2").arg(row.id, other.file);
        for (const QString& method : row.methods)
            if (other.methods.contains(method))
                return QStringLiteral("the method %1 is already there from %2").arg(method, other.file);
    }
    return {};
}

/// A method whose own defaults break its own ranges would fail for everybody who changes nothing.
QString checkInfo(const MethodInfo& info) {
    QSet<QString> keys;
    ParamValues defaults;
    for (const ParamSpec& spec : info.params) {
        const QString key = QString::fromStdString(spec.key);
        if (key.isEmpty() || keys.contains(key))
            return QStringLiteral("the method %1 has two parameters \"%2\" or one without a key")
                .arg(QString::fromStdString(info.id), key);
        keys.insert(key);
        defaults[spec.key] = spec.defaultValue;
    }
    if (const auto checked = checkParams(defaults, info); !checked)
        return QStringLiteral("wrong default: %1").arg(QString::fromStdString(checked.error().message));
    return {};
}

using Methods = std::vector<std::shared_ptr<const Method>>;

/// What the library really brings must be what its metadata announced.
QString checkBrought(const Methods& methods, const QStringList& announced) {
    QStringList brought;
    for (const auto& method : methods) {
        if (!method)
            return QStringLiteral("the library hands out an empty method");
        brought.append(QString::fromStdString(method->info().id));
    }
    QStringList expected = announced;
    std::sort(brought.begin(), brought.end());
    std::sort(expected.begin(), expected.end());
    if (brought != expected)
        return QStringLiteral("the metadata announces the methods %1, but the library brings %2")
            .arg(expected.join(QLatin1String(", ")), brought.isEmpty() ? QStringLiteral("none")
                                                                        : brought.join(QLatin1String(", ")));
    for (const auto& method : methods)
        if (const QString wrong = checkInfo(method->info()); !wrong.isEmpty())
            return wrong;
    return {};
}

/// Foreign code: whatever it throws ends here.
QString instantiate(QPluginLoader& loader, const QStringList& announced, Methods& methods) {
    try {
        QObject* instance = loader.instance();
        if (!instance)
            return loader.errorString();
        const auto* factory = qobject_cast<MethodFactory*>(instance);
        if (!factory)
            return QStringLiteral("its object is not a method factory, expected one");
        methods = factory->methods();
        return checkBrought(methods, announced);
    } catch (const std::exception& thrown) {
        return QStringLiteral("the plugin failed while loading: %1").arg(QString::fromLocal8Bit(thrown.what()));
    } catch (...) {
        return QStringLiteral("the plugin failed while loading");
    }
}

/// Version and checksum: a library that was built anew may choose other values under the same version.
std::string revisionOf(const PluginRow& row) {
    const auto library = MappedFile::open(QFile::encodeName(row.file).toStdString());
    Sha256 hash;
    if (library)
        hash.add((*library)->bytes());
    return row.version.toStdString() + " " + hash.finish();
}

QString loadInto(MethodRegistry& registry, const std::vector<PluginRow>& known, PluginRow& row) {
    if (const QString missing = missingFromLibrary(row.file); !missing.isEmpty())
        return missing;
    QPluginLoader loader(row.file);
    const QJsonObject file = loader.metaData();
    if (file.isEmpty())
        return loader.errorString().isEmpty() ? QStringLiteral("not a plugin library, expected one with metadata") : loader.errorString();
    if (const QString wrong = readPluginMetadata(file, row); !wrong.isEmpty())
        return wrong;
    if (const QString wrong = findDuplicate(known, row); !wrong.isEmpty())
        return wrong;
    Methods methods;
    if (const QString wrong = instantiate(loader, row.methods, methods); !wrong.isEmpty())
        return wrong;
    // Ids are unique by now among plugins; a method that was added by hand may still be in the way, so look first.
    for (const auto& method : methods)
        if (registry.find(method->info().id))
            return QStringLiteral("there is already a method %1").arg(QString::fromStdString(method->info().id));
    const std::string revision = revisionOf(row);
    for (auto& method : methods)
        if (const auto added = registry.add(std::move(method), revision); !added)
            return QString::fromStdString(added.error().message);
    return {};
}

} // namespace

void PluginHost::scan(const QStringList& folders) {
    for (const QString& folder : folders) {
        const QDir dir(folder);
        if (!dir.exists())
            continue;
        const QStringList names = dir.entryList(QDir::Files, QDir::Name);
        for (const QString& name : names) {
            if (!QLibrary::isLibrary(name))
                continue;
            PluginRow row;
            row.file = dir.absoluteFilePath(name);
            row.error = loadInto(m_methods, m_rows, row);
            m_rows.push_back(std::move(row));
        }
    }
}

QStringList PluginHost::defaultFolders() {
    if (const QString chosen = qEnvironmentVariable("TRILOBIT_PLUGINS"); !chosen.isEmpty())
        return {chosen};
    const QDir here(QCoreApplication::applicationDirPath());
    return {here.absoluteFilePath(QStringLiteral("plugins")),
            QDir::cleanPath(here.absoluteFilePath(QStringLiteral("../lib/trilobit/plugins")))};
}

} // namespace trilobit
