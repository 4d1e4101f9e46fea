#include "app/appcontext.h"

#include "widgets/common/format.h"

#include <QDir>
#include <QTimer>

namespace trilobit {

AppContext::AppContext(const Options& options, QObject* parent)
    : QObject(parent), m_log(Settings::dataFolder()), m_bench(prepared(options), m_jobs) {
    connect(&m_bench, &Workbench::modelChanged, this, &AppContext::modelChanged);
    connect(&m_bench, &Workbench::recipeChanged, this, &AppContext::saveRecipe);
}

AppContext::~AppContext() { m_jobs.cancelAll(); }

Workspace& AppContext::prepared(const Options& options) {
    m_plugins.scan(PluginHost::defaultFolders());
    for (const PluginRow& row : m_plugins.rows())
        if (!row.error.isEmpty())
            m_problems << tr("A plugin was left out: %1").arg(row.error);
    if (m_plugins.methods().all().empty())
        m_problems << tr("No method plugin was found in %1, so nothing can be quantized.")
                          .arg(PluginHost::defaultFolders().join(QStringLiteral(", ")));
    m_workspace.methods = &m_plugins.methods();
    const QString unfinished = Settings::dataFolder() + QStringLiteral("/unfinished");
    QDir().mkpath(unfinished);
    m_workspace.workFolder = unfinished.toStdString();
    m_workspace.threads = options.threads;
    m_workspace.onCommand = [this](const Command& command, const Result<Json>& result) { m_log.append(command, result); };
    if (options.store != QLatin1String("none")) {
        auto store = ExperimentStore::open(options.store.isEmpty() ? Settings::storePath() : options.store);
        if (store)
            m_workspace.store = *std::move(store);
        else
            m_problems << tr("Runs are not recorded: %1").arg(errorText(store.error()));
    }
    return m_workspace;
}

void AppContext::modelChanged() {
    const QString path = qtext(m_bench.model()->path());
    m_settings.addRecent(path);
    if (!m_bench.recipe().rules.empty())
        return;
    const std::optional<Recipe> saved = m_log.savedRecipe(path);
    if (!saved || saved->rules.empty())
        return;
    // Once every view knows the new model; until then the empty recipe must not replace the saved one.
    m_restoring = true;
    QTimer::singleShot(0, this, [this, saved, model = m_bench.model()] {
        m_restoring = false;
        if (m_bench.model() != model || !m_bench.recipe().rules.empty())
            return;
        m_bench.replaceRecipe(*saved, tr("Restore the recipe of last time"));
        emit recipeRestored();
    });
}

void AppContext::saveRecipe() {
    if (!m_restoring && m_bench.model())
        m_log.saveRecipe(qtext(m_bench.model()->path()), m_bench.recipe());
}

} // namespace trilobit
