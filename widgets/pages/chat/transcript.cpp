#include "widgets/pages/chat/transcript.h"

#include "widgets/common/theme.h"

#include <QEvent>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextCursor>

#include <algorithm>

namespace trilobit {

Transcript::Transcript(QWidget* parent) : QTextEdit(parent) {
    setReadOnly(true);
    setUndoRedoEnabled(false);
    setAcceptRichText(false);
    setFrameShape(QFrame::NoFrame);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setTabChangesFocus(true);
    document()->setDocumentMargin(4);
    setPlaceholderText(tr("The conversation appears here."));
}

QTextCharFormat Transcript::plain() const {
    QTextCharFormat format;
    format.setForeground(palette().color(QPalette::Text));
    return format;
}

QTextCharFormat Transcript::small(const QColor& color, bool bold) const {
    QTextCharFormat format;
    format.setForeground(color);
    if (font().pointSizeF() > 0)
        format.setFontPointSize(font().pointSizeF() * 0.9);
    if (bold)
        format.setFontWeight(QFont::DemiBold);
    return format;
}

void Transcript::atEnd(const std::function<void(QTextCursor&)>& edit) {
    QScrollBar* bar = verticalScrollBar();
    const bool follow = bar->value() >= bar->maximum() - 4; // who scrolled up to read stays there
    QTextCursor cursor(document());
    cursor.movePosition(QTextCursor::End);
    cursor.beginEditBlock();
    edit(cursor);
    cursor.endEditBlock();
    if (follow)
        bar->setValue(bar->maximum());
}

void Transcript::clearAll() {
    m_items.clear();
    m_positions.clear();
    clear();
}

void Transcript::startItem(const Item& item) {
    const ThemeColors colors = themeColors(palette());
    atEnd([&](QTextCursor& cursor) {
        QTextBlockFormat block;
        block.setTopMargin(document()->isEmpty() ? 0 : 10);
        if (!document()->isEmpty())
            cursor.insertBlock(block, plain());
        else
            cursor.setBlockFormat(block);
        if (item.kind == Item::Note) {
            cursor.insertText(item.text, small(colors.muted, false));
            return;
        }
        cursor.insertText(item.kind == Item::User ? tr("You") : tr("Answer"),
                          small(item.kind == Item::User ? colors.accent : colors.muted, true));
        cursor.insertBlock(QTextBlockFormat(), plain());
        if (item.kind == Item::User)
            cursor.insertText(item.text, plain());
    });
    if (item.kind == Item::Answer)
        m_positions.clear();
}

void Transcript::addUser(const QString& text) {
    m_items.push_back({Item::User, text, {}, -1});
    startItem(m_items.back());
    verticalScrollBar()->setValue(verticalScrollBar()->maximum());
}

void Transcript::addNote(const QString& text) {
    m_items.push_back({Item::Note, text, {}, -1});
    startItem(m_items.back());
}

void Transcript::beginAnswer() {
    m_items.push_back({Item::Answer, {}, {}, -1});
    startItem(m_items.back());
}

Transcript::Item* Transcript::lastAnswerItem() {
    return !m_items.empty() && m_items.back().kind == Item::Answer ? &m_items.back() : nullptr;
}

void Transcript::insertToken(QTextCursor& cursor, const Item& item, qsizetype index) {
    QTextCharFormat format = plain();
    if (item.marked >= 0 && index >= item.marked) {
        const ThemeColors colors = themeColors(palette());
        format.setUnderlineStyle(QTextCharFormat::DotLine);
        format.setUnderlineColor(colors.quantized);
        if (index == item.marked) { // the very first difference stands out
            format.setBackground(colors.warnSurface);
            format.setFontWeight(QFont::DemiBold);
        }
        format.setToolTip(tr("From here on the two answers differ."));
    }
    m_positions.push_back(cursor.position());
    // A document has line separators of its own; a token that is a line break must stay one character.
    QString text = item.tokens[index];
    text.replace(QLatin1String("\r\n"), QLatin1String("\n"));
    text.replace(QLatin1Char('\n'), QChar::LineSeparator);
    cursor.insertText(text, format);
}

void Transcript::addTokens(const QStringList& tokens) {
    Item* item = lastAnswerItem();
    if (!item || tokens.isEmpty())
        return;
    const qsizetype first = item->tokens.size();
    item->tokens += tokens;
    atEnd([&](QTextCursor& cursor) {
        for (qsizetype i = first; i < item->tokens.size(); ++i)
            insertToken(cursor, *item, i);
    });
}

void Transcript::markFrom(std::size_t token) {
    Item* item = lastAnswerItem();
    const auto from = static_cast<std::ptrdiff_t>(token);
    if (!item || item->marked == from)
        return;
    item->marked = from;
    if (from >= item->tokens.size() || !item->text.isEmpty()) {
        if (!item->text.isEmpty())
            rebuild();
        return; // tokens to come get their format as they come
    }
    atEnd([&](QTextCursor& cursor) {
        cursor.setPosition(m_positions[token]);
        cursor.movePosition(QTextCursor::End, QTextCursor::KeepAnchor);
        cursor.removeSelectedText();
        m_positions.resize(token);
        for (qsizetype i = static_cast<qsizetype>(from); i < item->tokens.size(); ++i)
            insertToken(cursor, *item, i);
    });
}

void Transcript::insertFooter(const QString& text) {
    const QColor color = themeColors(palette()).muted;
    atEnd([&](QTextCursor& cursor) {
        QTextBlockFormat block;
        block.setTopMargin(4);
        cursor.insertBlock(block);
        cursor.insertText(text, small(color, false));
    });
}

void Transcript::endAnswer(const QString& footer) {
    Item* item = lastAnswerItem();
    if (!item || footer.isEmpty() || !item->text.isEmpty())
        return;
    item->text = footer;
    insertFooter(footer);
}

QString Transcript::lastAnswer() const {
    for (auto item = m_items.rbegin(); item != m_items.rend(); ++item)
        if (item->kind == Item::Answer)
            return item->tokens.join(QString());
    return {};
}

void Transcript::removeLastTurn() {
    const auto last = std::find_if(m_items.rbegin(), m_items.rend(), [](const Item& item) { return item.kind == Item::User; });
    if (last == m_items.rend())
        return;
    m_items.erase(std::prev(last.base()), m_items.end());
    m_positions.clear();
    rebuild();
}

void Transcript::rebuild() {
    const int scroll = verticalScrollBar()->value();
    clear();
    for (const Item& item : m_items) {
        startItem(item);
        if (item.kind != Item::Answer)
            continue;
        atEnd([&](QTextCursor& cursor) {
            for (qsizetype i = 0; i < item.tokens.size(); ++i)
                insertToken(cursor, item, i);
        });
        if (!item.text.isEmpty())
            insertFooter(item.text);
    }
    verticalScrollBar()->setValue(scroll);
}

void Transcript::changeEvent(QEvent* event) {
    QTextEdit::changeEvent(event);
    if ((event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) && !m_items.empty())
        rebuild();
}

} // namespace trilobit
