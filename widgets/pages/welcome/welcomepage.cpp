#include "widgets/pages/welcome/welcomepage.h"

#include "widgets/common/icons.h"
#include "widgets/common/theme.h"

#include <QAction>
#include <QEvent>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

namespace trilobit {

namespace {

constexpr int kWidth = 560, kLogo = 52, kButtonHeight = 32;

QPushButton* actionButton(QAction* action, bool primary, QWidget* parent) {
    auto* button = new QPushButton(action->text(), parent);
    button->setObjectName(action->objectName() + QStringLiteral("Button"));
    button->setToolTip(action->toolTip());
    button->setMinimumHeight(kButtonHeight);
    if (primary)
        makePrimary(button);
    QObject::connect(button, &QPushButton::clicked, action, &QAction::trigger);
    return button;
}

} // namespace

WelcomePage::WelcomePage(const QList<QAction*>& actions, QWidget* parent)
    : QWidget(parent), m_column(new QWidget(this)), m_logo(new QLabel(this)), m_recents(new QListWidget(this)),
      m_noRecents(new QLabel(tr("Models that you open appear here."), this)),
      m_foundTitle(new QLabel(tr("On this computer"), this)), m_found(new QListWidget(this)) {
    setObjectName(QStringLiteral("welcomePage"));
    QWidget* column = m_column;
    auto* title = new QLabel(tr("Trilobit"), column);
    title->setProperty("role", "title");
    auto* subtitle = new QLabel(tr("See what low-bit quantization does to a language model, layer by layer, talk to the "
                                   "result, and export a file that others run."),
                                column);
    subtitle->setWordWrap(true);
    subtitle->setProperty("role", "muted");
    auto* words = new QVBoxLayout;
    words->setSpacing(2);
    words->addWidget(title);
    words->addWidget(subtitle);
    auto* head = new QHBoxLayout;
    head->setSpacing(14);
    head->addWidget(m_logo, 0, Qt::AlignTop);
    head->addLayout(words, 1);

    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    for (QAction* action : actions)
        buttons->addWidget(actionButton(action, action == actions.front(), column));
    buttons->addStretch(1);
    auto* hint = new QLabel(tr("…or drop a GGUF file, a safetensors file or a model folder anywhere in this window."), column);
    hint->setProperty("role", "muted");
    hint->setWordWrap(true);

    auto* recents = new QLabel(tr("Recent models"), column);
    recents->setProperty("role", "section");
    m_recents->setObjectName(QStringLiteral("recentList"));
    m_recents->setAccessibleName(tr("Recent models"));
    m_noRecents->setProperty("role", "muted");
    m_foundTitle->setProperty("role", "section");
    m_foundTitle->setToolTip(tr("Models in the Hugging Face cache and in the folders of LM Studio. Nothing is copied."));
    m_found->setObjectName(QStringLiteral("foundList"));
    m_found->setAccessibleName(tr("Models of other programs on this computer"));
    for (QListWidget* list : {m_recents, m_found}) {
        list->setFrameShape(QFrame::NoFrame);
        list->setSpacing(2);
        list->setTextElideMode(Qt::ElideMiddle);
        list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        list->viewport()->setAutoFillBackground(false);
    }
    const auto openItem = [this](const QListWidgetItem* item) { emit openRequested(item->data(Qt::UserRole).toString()); };
    for (QListWidget* list : {m_recents, m_found}) {
        connect(list, &QListWidget::itemActivated, this, openItem);
        connect(list, &QListWidget::itemClicked, this, openItem);
    }

    auto* inner = new QVBoxLayout(column);
    inner->setSpacing(12);
    inner->addLayout(head);
    inner->addSpacing(6);
    inner->addLayout(buttons);
    inner->addWidget(hint);
    inner->addSpacing(12);
    inner->addWidget(recents);
    inner->addWidget(m_noRecents);
    inner->addWidget(m_recents, 100);
    inner->addWidget(m_foundTitle);
    inner->addWidget(m_found, 100);
    inner->addStretch(1);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(24, 40, 24, 16);
    layout->addStretch(1);
    layout->addWidget(column, 100);
    layout->addStretch(1);
    paintLogo();
    setRecents({});
    setFound({});
}

void WelcomePage::setFound(const QList<Found>& models) {
    m_found->clear();
    for (const Found& model : models) {
        auto* item = new QListWidgetItem(
            icon(Icon::Load),
            tr("%1\n%2, %3").arg(model.name, model.source, locale().formattedDataSize(static_cast<qint64>(model.bytes))),
            m_found);
        item->setData(Qt::UserRole, model.path);
        item->setToolTip(model.path);
    }
    m_foundTitle->setVisible(!models.isEmpty());
    m_found->setVisible(!models.isEmpty());
}

void WelcomePage::setRecents(const QStringList& paths) {
    m_recents->clear();
    for (const QString& path : paths) {
        const QFileInfo file(path);
        auto* item = new QListWidgetItem(
            icon(Icon::Load), tr("%1\n%2").arg(file.fileName().isEmpty() ? path : file.fileName(), file.absolutePath()),
            m_recents);
        item->setData(Qt::UserRole, path);
        item->setToolTip(path);
    }
    m_recents->setVisible(!paths.isEmpty());
    m_noRecents->setVisible(paths.isEmpty());
}

void WelcomePage::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        paintLogo();
}

void WelcomePage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    // Lines of text should stay short, but the buttons need their room in every language and font.
    m_column->setMaximumWidth(qMax(kWidth, m_column->layout()->minimumSize().width()));
}

void WelcomePage::paintLogo() { m_logo->setPixmap(icon(Icon::Logo).pixmap(QSize(kLogo, kLogo), devicePixelRatio())); }

} // namespace trilobit
