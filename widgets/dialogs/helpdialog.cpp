#include "widgets/dialogs/helpdialog.h"

#include <QDialogButtonBox>
#include <QFile>
#include <QListWidget>
#include <QSplitter>
#include <QTextBlock>
#include <QTextBrowser>
#include <QVBoxLayout>

#include <utility>

namespace trilobit {

namespace {

struct Page {
    const char* id; ///< resources/docs/manual/<id>.md
    const char* title;
};
constexpr Page kPages[] = {{"README", QT_TRANSLATE_NOOP("trilobit::HelpDialog", "Start")},
                           {"views", QT_TRANSLATE_NOOP("trilobit::HelpDialog", "The views")},
                           {"keys", QT_TRANSLATE_NOOP("trilobit::HelpDialog", "Keys")},
                           {"choosing", QT_TRANSLATE_NOOP("trilobit::HelpDialog", "Choosing a recipe")},
                           {"calibration", QT_TRANSLATE_NOOP("trilobit::HelpDialog", "Calibration")},
                           {"training", QT_TRANSLATE_NOOP("trilobit::HelpDialog", "Training")},
                           {"experiments", QT_TRANSLATE_NOOP("trilobit::HelpDialog", "Experiments")},
                           {"formats", QT_TRANSLATE_NOOP("trilobit::HelpDialog", "Files of other programs")},
                           {"commandline", QT_TRANSLATE_NOOP("trilobit::HelpDialog", "Command line")},
                           {"words", QT_TRANSLATE_NOOP("trilobit::HelpDialog", "Words")}};

/// Where the manual speaks of what is not a view under its own name.
struct Place {
    const char* widget; ///< object name of a view or dialog
    const char* page;
    const char* heading;
};
constexpr Place kPlaces[] = {{"microscope", "views", "Bit microscope"},
                             {"trainPage", "training", ""},
                             {"experimentsPage", "experiments", ""},
                             {"welcomePage", "README", ""},
                             {"downloadDialog", "views", "Download"},
                             {"earlierDialog", "views", "Chat"},
                             {"rawPromptDialog", "views", "Chat"},
                             {"optionsDialog", "views", "Tensors"},
                             {"jobsDialog", "views", "Running work"},
                             {"settingsDialog", "views", "Settings"},
                             {"patternDialog", "views", "Tensors"},
                             {"calibrateDialog", "calibration", ""},
                             {"choiceDialog", "choosing", ""},
                             {"exportDialog", "formats", ""}};

} // namespace

HelpDialog::HelpDialog(QWidget* parent)
    : QDialog(parent), m_text(new QTextBrowser(this)), m_pages(new QListWidget(this)) {
    setObjectName(QStringLiteral("helpDialog"));
    setWindowTitle(tr("Manual"));
    m_text->setObjectName(QStringLiteral("helpText"));
    m_text->setAccessibleName(tr("Manual"));
    m_text->setOpenLinks(false);
    m_text->setFrameShape(QFrame::NoFrame);
    m_pages->setObjectName(QStringLiteral("helpPages"));
    m_pages->setAccessibleName(tr("Pages of the manual"));
    m_pages->setFrameShape(QFrame::NoFrame);
    for (const Page& page : kPages) {
        auto* item = new QListWidgetItem(tr(page.title), m_pages);
        item->setData(Qt::UserRole, QLatin1String(page.id));
    }
    auto* split = new QSplitter(Qt::Horizontal, this);
    split->addWidget(m_pages);
    split->addWidget(m_text);
    split->setChildrenCollapsible(false);
    split->setSizes({170, 590});
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(split, 1);
    layout->addWidget(buttons);
    resize(800, 600);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_pages, &QListWidget::currentItemChanged, this, [this](QListWidgetItem* item) {
        if (item && item->data(Qt::UserRole).toString() != m_page)
            showPage(item->data(Qt::UserRole).toString());
    });
    connect(m_text, &QTextBrowser::anchorClicked, this, [this](const QUrl& link) { // "choosing.md"
        if (link.isRelative() && link.path().endsWith(QLatin1String(".md")))
            showPage(link.path().section(QLatin1Char('/'), -1).chopped(3));
    });
    showPage(QLatin1String(kPages[0].id));
}

void HelpDialog::showPage(const QString& page, const QString& heading) {
    QFile file(QStringLiteral(":/manual/") + page + QStringLiteral(".md"));
    if (!file.open(QIODevice::ReadOnly)) {
        if (page != QLatin1String(kPages[0].id))
            showPage(QLatin1String(kPages[0].id));
        return;
    }
    m_page = page;
    m_heading = heading;
    m_text->setMarkdown(QString::fromUtf8(file.readAll()));
    for (int row = 0; row < m_pages->count(); ++row)
        if (m_pages->item(row)->data(Qt::UserRole).toString() == page)
            m_pages->setCurrentRow(row);
    QTextCursor cursor(m_text->document());
    for (QTextBlock block = m_text->document()->begin(); block.isValid() && !heading.isEmpty(); block = block.next())
        if (block.blockFormat().headingLevel() > 0 && block.text() == heading) {
            cursor.setPosition(m_text->document()->characterCount() - 1);
            m_text->setTextCursor(cursor); // from below, so that the heading ends up at the top
            cursor.setPosition(block.position());
            break;
        }
    m_text->setTextCursor(cursor);
}

std::pair<QString, QString> HelpDialog::placeOf(const QWidget* widget) {
    for (; widget; widget = widget->parentWidget()) {
        const QString name = widget->objectName();
        for (const Place& place : kPlaces)
            if (name == QLatin1String(place.widget))
                return {QLatin1String(place.page), QLatin1String(place.heading)};
        if (name.endsWith(QLatin1String("Page"))) // "speedPage": the heading "Speed" among the views
            return {QStringLiteral("views"), name.left(1).toUpper() + name.mid(1).chopped(4)};
    }
    return {QLatin1String(kPages[0].id), QString()};
}

} // namespace trilobit
