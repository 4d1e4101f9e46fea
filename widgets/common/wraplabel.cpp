#include "widgets/common/wraplabel.h"

#include "widgets/common/theme.h"

#include <QEvent>
#include <QPainter>

namespace trilobit {

namespace {
constexpr int kMinWidth = 40, kUsualWidth = 200;
constexpr std::size_t kMaxWidths = 32;
}

WrapLabel::WrapLabel(QWidget* parent) : QLabel(parent) {
    setWordWrap(true);
    setAlignment(Qt::AlignTop | Qt::AlignLeft);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void WrapLabel::setText(const QString& newText) {
    if (newText == text())
        return;
    m_heights.clear();
    QLabel::setText(newText);
}

int WrapLabel::heightForWidth(int width) const {
    if (const auto known = m_heights.find(width); known != m_heights.end())
        return known->second;
    if (m_heights.size() >= kMaxWidths) // a window that is being resized
        m_heights.clear();
    return m_heights[width] = QLabel::heightForWidth(width);
}

QSize WrapLabel::sizeHint() const {
    const int width = this->width() > kMinWidth ? this->width() : kUsualWidth;
    return {kMinWidth, heightForWidth(width)};
}

QSize WrapLabel::minimumSizeHint() const { return {kMinWidth, fontMetrics().height()}; }

void WrapLabel::changeEvent(QEvent* event) {
    m_heights.clear();
    QLabel::changeEvent(event);
}

QuietLabel::QuietLabel(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void QuietLabel::setText(const QString& text) {
    if (text == m_text)
        return;
    m_text = text;
    setAccessibleName(text);
    setToolTip(text);
    update();
}

void QuietLabel::setAlignment(Qt::Alignment alignment) {
    m_alignment = alignment;
    update();
}

void QuietLabel::setMuted(bool muted) {
    m_muted = muted;
    update();
}

QSize QuietLabel::sizeHint() const { return {kMinWidth, fontMetrics().height() + 2}; }

void QuietLabel::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const ThemeColors colors = themeColors(palette());
    painter.setPen(m_muted ? colors.muted : colors.text);
    painter.drawText(rect(), static_cast<int>(m_alignment), fontMetrics().elidedText(m_text, Qt::ElideRight, width()));
}

} // namespace trilobit
