#include "widgets/pages/experiments/runtext.h"

#include "widgets/common/format.h"

#include <QFileInfo>
#include <QObject>

#include <algorithm>
#include <set>

namespace trilobit {

namespace {

constexpr std::size_t kMaxColumns = 6;

QString valueText(const std::string& key, const Json& value) {
    if (value.isNull())
        return {};
    if (value.isNumber() && (key.starts_with("bytes") || key.ends_with("bytes")))
        return bytesText(value.toUInt());
    if (value.isString())
        return qtext(value.toString());
    if (value.isDouble())
        return numberText(value.toDouble());
    return qtext(value.dump());
}

QString row(const QString& name, const QString& value, const ThemeColors& colors) {
    return value.isEmpty() ? QString()
                           : QStringLiteral("<tr><td style=\"color:%1; padding-right:14px\">%2</td><td>%3</td></tr>")
                                 .arg(colors.muted.name(), name.toHtmlEscaped(), value.toHtmlEscaped());
}

QString ruleText(const Json& rule) {
    const QString what = rule["keep"].toBool()
                             ? QObject::tr("keep")
                             : qtext(rule["method"].toString()) + QStringLiteral(" → ") + qtext(rule["encoding"].toString());
    QString text = qtext(rule["tensors"].toString()) + QStringLiteral(":  ") + what;
    if (!rule["params"].members().empty())
        text += QStringLiteral("  ") + qtext(rule["params"].dump());
    return text;
}

} // namespace

QString runDetails(const RunRecord& run, const ThemeColors& colors) {
    QString text = QObject::tr("<h3>Run %1: %2</h3>").arg(run.id).arg(qtext(run.kind).toHtmlEscaped());
    if (!run.error.empty())
        text += QStringLiteral("<p style=\"color:%1\">%2</p>").arg(colors.bad.name(), qtext(run.error).toHtmlEscaped());
    text += QStringLiteral("<table>");
    text += row(QObject::tr("Status"), qtext(run.status), colors);
    text += row(QObject::tr("Started"), qtext(run.started), colors);
    text += row(QObject::tr("Took"), durationText(static_cast<std::int64_t>(run.seconds * 1000)), colors);
    text += row(QObject::tr("Model"), qtext(run.modelPath), colors);
    text += row(QObject::tr("Weights"), qtext(run.modelHash).left(16), colors);
    for (const auto& [key, value] : run.metrics.members())
        if (!value.isArray() && !value.isObject())
            text += row(qtext(key), valueText(key, value), colors);
    text += row(QObject::tr("Seed"), QString::number(run.seed), colors);
    text += row(QObject::tr("Build"), qtext(run.build), colors);
    text += row(QObject::tr("CPU"), qtext(run.machine["cpu"].toString()), colors);
    text += QStringLiteral("</table>");
    if (const Json::Array& rules = run.recipe["rules"].items(); !rules.empty()) {
        text += QObject::tr("<p><b>Recipe</b> <font color=\"%1\">%2</font></p><p>")
                    .arg(colors.muted.name(), qtext(run.recipeHash).left(16));
        for (const Json& rule : rules)
            text += ruleText(rule).toHtmlEscaped() + QStringLiteral("<br>");
        text += QStringLiteral("</p>");
    }
    if (const Json::Array& files = run.artefacts.items(); !files.empty()) {
        text += QObject::tr("<p><b>Files</b></p><p>");
        for (const Json& file : files)
            text += QStringLiteral("%1, %2, sha256 %3<br>")
                        .arg(qtext(file["path"].toString()).toHtmlEscaped(), bytesText(file["bytes"].toUInt()),
                             qtext(file["sha256"].toString()).left(16));
        text += QStringLiteral("</p>");
    }
    return text;
}

QString runComparison(const std::vector<RunRecord>& all, const ThemeColors& colors) {
    const std::vector<RunRecord> runs(all.begin(),
                                      all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), kMaxColumns)));
    std::set<std::string> keys;
    for (const RunRecord& run : runs)
        for (const auto& [key, value] : run.metrics.members())
            if (!value.isArray() && !value.isObject())
                keys.insert(key);
    QString text = QObject::tr("<h3>%1 runs side by side</h3><table cellspacing=0 cellpadding=4>").arg(all.size());
    const auto line = [&](const QString& name, const auto& cell) {
        QStringList cells;
        for (const RunRecord& run : runs)
            cells << cell(run);
        const bool differs = cells.count(cells.front()) != cells.size();
        text += QStringLiteral("<tr><td style=\"color:%1\">%2</td>").arg(colors.muted.name(), name.toHtmlEscaped());
        for (const QString& value : cells)
            text += QStringLiteral("<td>%1</td>")
                        .arg(differs ? QStringLiteral("<b>%1</b>").arg(value.toHtmlEscaped()) : value.toHtmlEscaped());
        text += QStringLiteral("</tr>");
    };
    line(QObject::tr("Run"), [](const RunRecord& run) { return QString::number(run.id); });
    line(QObject::tr("Kind"), [](const RunRecord& run) { return qtext(run.kind); });
    line(QObject::tr("Model"), [](const RunRecord& run) { return QFileInfo(qtext(run.modelPath)).fileName(); });
    line(QObject::tr("Recipe"), [](const RunRecord& run) {
        const QString name = qtext(run.recipe["name"].toString());
        return name.isEmpty() ? qtext(run.recipeHash).left(8) : name;
    });
    for (const std::string& key : keys)
        line(qtext(key), [&key](const RunRecord& run) { return valueText(key, run.metrics[key]); });
    text += QStringLiteral("</table>");
    if (all.size() > runs.size())
        text += QObject::tr("<p>Only the first %1 are shown.</p>").arg(runs.size());
    return text;
}

} // namespace trilobit
