#include "widgets/pages/weights/factstrip.h"

#include "widgets/common/theme.h"

#include <QEvent>
#include <QLabel>
#include <QResizeEvent>
#include <QStringList>

#include <algorithm>

namespace trilobit {

namespace {
constexpr int kGapX = 18, kGapY = 3;
} // namespace

FactStrip::FactStrip(QWidget* parent) : QFrame(parent) {
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void FactStrip::addFact(const QString& key, const QString& label, const QString& help) {
    Fact fact{key, label, {}, help, new QLabel(this), {}};
    fact.view->setObjectName(QStringLiteral("fact_") + key);
    fact.view->setTextFormat(Qt::RichText);
    fact.view->setTextInteractionFlags(Qt::TextSelectableByMouse);
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
    refresh(*fact);
    arrange(width(), true);
    updateGeometry();
}

QString FactStrip::value(const QString& key) const {
    for (const Fact& fact : m_facts)
        if (fact.key == key)
            return fact.value;
    return {};
}

QString FactStrip::html(const Fact& fact, const QString& value) const {
    return QStringLiteral("<span style=\"color:%1\">%2</span>&nbsp;<b>%3</b>")
        .arg(themeColors(palette()).muted.name(), fact.label.toHtmlEscaped(),
             value.toHtmlEscaped().replace(QLatin1Char(' '), QStringLiteral("&nbsp;")));
}

void FactStrip::refresh(Fact& fact) const {
    fact.view->setText(html(fact, fact.value));
    fact.view->setToolTip(fact.help);
    fact.view->setAccessibleName(fact.label + QLatin1Char(' ') + fact.value);
    fact.view->setVisible(!fact.value.isEmpty());
    fact.natural = fact.view->sizeHint();
}

void FactStrip::showElided(const Fact& fact, int width) const {
    const bool fits = fact.natural.width() <= width;
    QFont bold = font();
    bold.setBold(true);
    const int room = width - fontMetrics().horizontalAdvance(fact.label + QLatin1Char(' ')) - 4;
    const QString value =
        fits ? fact.value : QFontMetrics(bold).elidedText(fact.value, Qt::ElideRight, std::max(room, 0));
    fact.view->setText(html(fact, value));
    fact.view->setToolTip(fits ? fact.help : fact.value + QStringLiteral("\n") + fact.help);
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
        const QSize size(std::min(fact.natural.width(), room), fact.natural.height());
        if (x > margins.left() && x + size.width() > width - margins.right()) {
            x = margins.left();
            y += line + kGapY;
            line = 0;
        }
        if (move) {
            showElided(fact, room);
            fact.view->setGeometry(QRect(QPoint(x, y), size));
        }
        x += size.width() + kGapX;
        line = std::max(line, size.height());
    }
    return y + line + margins.bottom();
}

int FactStrip::heightForWidth(int width) const { return arrange(width, false); }
QSize FactStrip::sizeHint() const { return {360, arrange(std::max(width(), 360), false)}; }
QSize FactStrip::minimumSizeHint() const { return {120, arrange(std::max(width(), 120), false)}; }

void FactStrip::resizeEvent(QResizeEvent* event) {
    QFrame::resizeEvent(event);
    arrange(width(), true);
}

void FactStrip::changeEvent(QEvent* event) {
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        for (Fact& fact : m_facts)
            refresh(fact);
        arrange(width(), true);
    }
}

} // namespace trilobit
