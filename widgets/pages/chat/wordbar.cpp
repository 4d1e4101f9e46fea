#include "widgets/pages/chat/wordbar.h"

#include "widgets/common/kllegend.h"
#include "widgets/common/wraplabel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace trilobit {

WordBar::WordBar(QWidget* parent)
    : QFrame(parent), m_difference(new QLabel(this)), m_first(new QPushButton(tr("&First difference"), this)),
      m_legend(new KlLegend(this)), m_detail(new QuietLabel(this)) {
    setObjectName(QStringLiteral("chatWordBar"));
    m_difference->setObjectName(QStringLiteral("chatDifference"));
    m_difference->setTextFormat(Qt::PlainText);
    m_difference->setWordWrap(true);
    m_first->setObjectName(QStringLiteral("chatFirstDifference"));
    m_first->setToolTip(tr("Puts the caret on the first word at which the models part"));
    m_detail->setObjectName(QStringLiteral("chatWordDetail"));
    m_detail->setMuted(true);
    auto* line = new QHBoxLayout;
    line->setSpacing(8);
    line->addWidget(m_difference, 1);
    line->addWidget(m_first);
    for (std::size_t i = 0; i < kMaxWays; ++i) {
        auto* button = new QPushButton(this);
        button->setObjectName(QStringLiteral("chatGoOn%1").arg(i + 1));
        button->setAccessibleName(tr("Go on with another word"));
        button->hide();
        connect(button, &QPushButton::clicked, this, [this, i] { emit wayChosen(static_cast<int>(i)); });
        m_ways.push_back(button);
        line->addWidget(button);
    }
    auto* words = new QHBoxLayout;
    words->setSpacing(12);
    words->addWidget(m_legend);
    words->addWidget(m_detail, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addLayout(words);
    layout->addLayout(line);
    m_first->hide();
    setDetail({});
    setCompared(false);
}

void WordBar::showSelf() { setVisible(m_compared || !m_difference->text().isEmpty()); }

void WordBar::setDifference(const QString& text) {
    m_difference->setText(text);
    showSelf();
}

QString WordBar::difference() const { return m_difference->text(); }

void WordBar::setCompared(bool compared) {
    m_compared = compared;
    m_legend->setVisible(compared);
    m_detail->setVisible(compared);
    showSelf();
}

void WordBar::setDetail(const QString& text) {
    QString line = text;
    m_detail->setText(text.isEmpty() ? tr("Point at a word, or put the caret on it, to see what each model would have said there.")
                                     : line.replace(QLatin1Char('\n'), QStringLiteral(" · ")));
    m_detail->setToolTip(text);
}

void WordBar::setWays(const std::vector<Way>& ways, bool enabled) {
    for (std::size_t i = 0; i < kMaxWays; ++i) {
        QPushButton* button = m_ways[i];
        button->setVisible(i < ways.size());
        if (i >= ways.size())
            continue;
        QString text = ways[i].text;
        button->setText(text.replace(QLatin1Char('&'), QStringLiteral("&&")));
        button->setAccessibleName(ways[i].text);
        button->setToolTip(ways[i].help);
        button->setEnabled(enabled);
    }
}

void WordBar::setCanShowFirst(bool can) { m_first->setVisible(can); }

} // namespace trilobit
