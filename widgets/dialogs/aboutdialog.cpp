#include "widgets/dialogs/aboutdialog.h"

#include "core/base/machine.h"
#include "widgets/common/format.h"
#include "widgets/common/icons.h"
#include "widgets/common/theme.h"

#include <QCoreApplication>
#include <QDialogButtonBox>
#include <QFileInfo>
#include <QHeaderView>
#include <QLabel>
#include <QTabWidget>
#include <QTableWidget>
#include <QVBoxLayout>

namespace trilobit {

namespace {

QWidget* aboutTab(const QString& storePath, const QString& logPath, QWidget* parent) {
    const Machine machine = describeMachine();
    QStringList features;
    for (const std::string& feature : machine.cpuFeatures)
        features << qtext(feature);
    const QString rows =
        QObject::tr("<h3>Trilobit %1</h3><p>A workbench for low-bit language models. Everything runs on this computer; "
                    "the network is not used.</p>"
                    "<table cellspacing=6>"
                    "<tr><td>CPU</td><td>%2, %3 threads</td></tr>"
                    "<tr><td>Features</td><td>%4</td></tr>"
                    "<tr><td>Memory</td><td>%5</td></tr>"
                    "<tr><td>System</td><td>%6</td></tr>"
                    "<tr><td>Compiler</td><td>%7</td></tr>"
                    "<tr><td>Qt</td><td>%8</td></tr>"
                    "<tr><td>Experiments</td><td>%9</td></tr>")
            .arg(QCoreApplication::applicationVersion(), qtext(machine.cpuModel).toHtmlEscaped())
            .arg(machine.logicalCpus)
            .arg(features.join(QStringLiteral(", ")), bytesText(machine.memoryBytes), qtext(machine.system).toHtmlEscaped(),
                 qtext(machine.compiler).toHtmlEscaped(), QLatin1String(qVersion()),
                 (storePath.isEmpty() ? QObject::tr("not recorded") : storePath).toHtmlEscaped());
    auto* label = new QLabel(rows + QObject::tr("<tr><td>Session log</td><td>%1</td></tr></table>"
                                                "<p>Apache License 2.0. Built with Qt, QCustomPlot and Eigen.</p>")
                                        .arg(logPath.toHtmlEscaped()),
                             parent);
    label->setObjectName(QStringLiteral("aboutText"));
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    label->setWordWrap(true);
    label->setMargin(10);
    label->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    return label;
}

QWidget* pluginsTab(const PluginHost& plugins, QWidget* parent) {
    auto* table = new QTableWidget(static_cast<int>(plugins.rows().size()), 5, parent);
    table->setObjectName(QStringLiteral("pluginTable"));
    table->setAccessibleName(QObject::tr("Plugins"));
    table->setHorizontalHeaderLabels({QObject::tr("Name"), QObject::tr("Version"), QObject::tr("Methods"),
                                      QObject::tr("State"), QObject::tr("File")});
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->verticalHeader()->hide();
    table->setShowGrid(false);
    const ThemeColors colors = themeColors(parent->palette());
    for (int row = 0; row < table->rowCount(); ++row) {
        const PluginRow& plugin = plugins.rows()[static_cast<std::size_t>(row)];
        const QStringList cells = {plugin.name.isEmpty() ? plugin.id : plugin.name, plugin.version,
                                   plugin.methods.join(QStringLiteral(", ")),
                                   plugin.error.isEmpty() ? QObject::tr("loaded") : plugin.error,
                                   QFileInfo(plugin.file).fileName()};
        for (int column = 0; column < cells.size(); ++column) {
            auto* item = new QTableWidgetItem(cells[column]);
            item->setToolTip(column == 4 ? plugin.file : cells[column]);
            if (column == 3)
                item->setForeground(plugin.error.isEmpty() ? colors.good : colors.bad);
            table->setItem(row, column, item);
        }
    }
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    table->horizontalHeader()->setSectionResizeMode(3, QHeaderView::Stretch);
    return table;
}

} // namespace

AboutDialog::AboutDialog(const PluginHost& plugins, const QString& storePath, const QString& logPath, bool showPlugins,
                         QWidget* parent)
    : QDialog(parent) {
    setObjectName(QStringLiteral("aboutDialog"));
    setWindowTitle(tr("About Trilobit"));
    auto* tabs = new QTabWidget(this);
    tabs->setAccessibleName(tr("About Trilobit"));
    tabs->addTab(aboutTab(storePath, logPath, tabs), tr("About"));
    tabs->addTab(pluginsTab(plugins, tabs), tr("Plugins"));
    tabs->setCurrentIndex(showPlugins ? 1 : 0);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(tabs);
    layout->addWidget(buttons);
    resize(640, 420);
}

} // namespace trilobit
