#include "widgets/dialogs/outcome.h"

#include "widgets/common/format.h"
#include "widgets/common/theme.h"

#include <QApplication>
#include <QSet>

namespace trilobit {

QString outcomeText(const Workbench& workbench, const Recipe& recipe, const QStringList& tensors) {
    const auto model = workbench.model();
    if (!model)
        return {};
    const ThemeColors colors = themeColors(QApplication::palette());
    const auto plan = planQuantization(*model, recipe, workbench.workspace().quantServices());
    if (!plan)
        return QStringLiteral("<font color=\"%1\">%2</font>")
            .arg(colors.bad.name(), errorText(plan.error()).toHtmlEscaped());
    const QSet<QString> names(tensors.begin(), tensors.end());
    std::uint64_t before = 0, after = 0;
    int refused = 0, fallen = 0;
    QString refusedWhy, fallenWhy;
    for (const TensorPlan& row : plan->tensors) {
        const QString name = qtext(model->tensors()[row.tensor].name);
        if (!names.contains(name))
            continue;
        before += row.bytesBefore;
        after += row.bytesAfter;
        if (row.refused && ++refused == 1)
            refusedWhy = name + QStringLiteral(": ") + qtext(row.note);
        else if (!row.refused && row.applied != row.requested && ++fallen == 1)
            fallenWhy = name + QStringLiteral(": ") + qtext(row.note);
    }
    QString text = QObject::tr("<b>%1 → %2</b> (%3) for these; whole model %4 → %5 bits per weight.")
                       .arg(bytesText(before), bytesText(after), changeText(before, after),
                            bitsText(plan->bitsPerWeightBefore), bitsText(plan->bitsPerWeightAfter));
    if (refused > 0)
        text += QStringLiteral("<br><font color=\"%1\">%2</font>")
                    .arg(colors.bad.name(),
                         QObject::tr("Refused for %1: %2").arg(refused).arg(refusedWhy).toHtmlEscaped());
    if (fallen > 0)
        text += QStringLiteral("<br><font color=\"%1\">%2</font>")
                    .arg(colors.warn.name(),
                         QObject::tr("Another encoding for %1: %2").arg(fallen).arg(fallenWhy).toHtmlEscaped());
    return text;
}

} // namespace trilobit
