#include "widgets/common/factstrip.h"

#include "widgets/common/theme.h"

#include <QAction>
#include <QClipboard>
#include <QCoreApplication>
#include <QEvent>
#include <QGuiApplication>
#include <QPainter>
#include <QStringList>

#include <algorithm>

namespace trilobit {

namespace {
constexpr int kGapX = 17, kGapY = 3;
constexpr int kSpare = 1; // letters end between pixels

QFont boldened(QFont font) {
    font.setBold(true);
    return font;
}
} // namespace

// ---- one fact

FactView::FactView(const QString& label, QWidget* parent) : QLabel(parent), m_label(label) {
    setContextMenuPolicy(Qt::ActionsContextMenu);
    auto* copy = new QAction(tr("Copy"), this);
    connect(copy, &QAction::triggered, this, [this] { QGuiApplication::clipboard()->setText(m_value); });
    addAction(copy);
    measure();
}

void FactView::setValue(const QString& value, const QString& help) {
    m_value = value;
    m_help = help;
    setAccessibleName(m_label + QLatin1Char(' ') + value);
    measure();
    updateToolTip();
    update();
}

void FactView::measure() {
    m_labelWidth = fontMetrics().horizontalAdvance(m_label + QLatin1Char(' '));
    const QFontMetrics bold(boldened(font()));
    m_natural = {m_labelWidth + bold.horizontalAdvance(m_value) + kSpare, std::max(fontMetrics().height(), bold.height())};
}

QString FactView::shownValue() const {
    if (m_natural.width() <= width())
        return m_value; // elidedText() counts parts of pixels and would cut what has just enough room
    return QFontMetrics(boldened(font())).elidedText(m_value, Qt::ElideRight, std::max(width() - m_labelWidth, 0));
}

void FactView::updateToolTip() {
    setToolTip(m_natural.width() <= width() ? m_help : m_value + QLatin1Char('\n') + m_help);
}

void FactView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const ThemeColors colors = themeColors(palette());
    constexpr int kWhere = Qt::AlignLeft | Qt::AlignVCenter;
    painter.setPen(colors.muted);
    painter.drawText(rect(), kWhere, m_label);
    painter.setPen(colors.text);
    painter.setFont(boldened(font()));
    painter.drawText(rect().adjusted(m_labelWidth, 0, 0, 0), kWhere, shownValue());
}

void FactView::resizeEvent(QResizeEvent* event) {
    QLabel::resizeEvent(event);
    updateToolTip();
}

void FactView::changeEvent(QEvent* event) {
    QLabel::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        measure();
        parentWidget()->updateGeometry();
        QCoreApplication::postEvent(parentWidget(), new QEvent(QEvent::LayoutRequest));
    }
}

// ---- the strip

FactStrip::FactStrip(QWidget* parent) : QFrame(parent) {
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void FactStrip::addFact(const QString& key, const QString& label, const QString& help) {
    Fact fact{key, label, {}, help, new FactView(label, this)};
    fact.view->setObjectName(QStringLiteral("fact_") + key);
    fact.view->hide();
    m_facts.push_back(std::move(fact));
}

FactStrip::Fact* FactStrip::find(const QString& key) {
    const auto found = std::find_if(m_facts.begin(), m_facts.end(), [&](const Fact& fact) { return fact.key == key; });
    return found == m_facts.end() ? nullptr : &*found;
}

void FactStrip::setValue(const QString& key, const QString& value, const QString& help) {
    Fact* fact = find(key);
    if (!fact || (fact->value == value && (help.isEmpty() || fact->help == help)))
        return;
    fact->value = value;
    if (!help.isEmpty())
        fact->help = help;
    fact->view->setValue(fact->value, fact->help);
    fact->view->setVisible(!value.isEmpty());
    updateGeometry();
    QCoreApplication::postEvent(this, new QEvent(QEvent::LayoutRequest)); // many values are set at once: arranged once
}

QString FactStrip::value(const QString& key) const {
    for (const Fact& fact : m_facts)
        if (fact.key == key)
            return fact.value;
    return {};
}

QString FactStrip::text() const {
    QStringList parts;
    for (const Fact& fact : m_facts)
        if (!fact.value.isEmpty())
            parts << fact.label + QLatin1Char(' ') + fact.value;
    return parts.join(QStringLiteral(", "));
}

int FactStrip::arrange(int width, bool move) const {
    const QMargins margins = contentsMargins();
    int x = margins.left(), y = margins.top(), line = 0;
    for (const Fact& fact : m_facts) {
        if (fact.value.isEmpty())
            continue;
        const int room = std::max(width - margins.left() - margins.right(), 1);
        const QSize natural = fact.view->sizeHint();
        const QSize size(std::min(natural.width(), room), natural.height());
        if (x > margins.left() && x + size.width() > width - margins.right()) {
            x = margins.left();
            y += line + kGapY;
            line = 0;
        }
        if (move)
            fact.view->setGeometry(QRect(QPoint(x, y), size));
        x += size.width() + kGapX;
        line = std::max(line, size.height());
    }
    return y + line + margins.bottom();
}

int FactStrip::heightForWidth(int width) const { return arrange(width, false); }
QSize FactStrip::sizeHint() const { return {360, arrange(std::max(width(), 360), false)}; }
QSize FactStrip::minimumSizeHint() const { return {120, arrange(std::max(width(), 120), false)}; }

bool FactStrip::event(QEvent* event) {
    if (event->type() == QEvent::LayoutRequest)
        arrange(width(), true);
    return QFrame::event(event);
}

void FactStrip::resizeEvent(QResizeEvent* event) {
    QFrame::resizeEvent(event);
    arrange(width(), true);
}

} // namespace trilobit
