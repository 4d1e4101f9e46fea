#include "widgets/pages/chat/transcript.h"

#include "widgets/common/theme.h"
#include "widgets/common/tokentext.h"

#include <QAbstractTextDocumentLayout>
#include <QEvent>
#include <QHelpEvent>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextCursor>
#include <QToolTip>

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
        cursor.insertText(item.kind == Item::User ? tr("You") : item.title.isEmpty() ? tr("Answer") : item.title,
                          small(item.kind == Item::User ? colors.accent : colors.muted, true));
        cursor.insertBlock(QTextBlockFormat(), plain());
        if (item.kind == Item::User)
            cursor.insertText(item.text, plain());
    });
}

void Transcript::addUser(const QString& text) {
    Item item;
    item.kind = Item::User;
    item.text = text;
    m_items.push_back(std::move(item));
    startItem(m_items.back());
    verticalScrollBar()->setValue(verticalScrollBar()->maximum());
}

void Transcript::addNote(const QString& text) {
    Item item;
    item.text = text;
    m_items.push_back(std::move(item));
    startItem(m_items.back());
}

void Transcript::beginAnswer(const QString& title) {
    Item item;
    item.kind = Item::Answer;
    item.title = title;
    m_items.push_back(std::move(item));
    startItem(m_items.back());
}

Transcript::Item* Transcript::lastAnswerItem() {
    return !m_items.empty() && m_items.back().kind == Item::Answer ? &m_items.back() : nullptr;
}
const Transcript::Item* Transcript::lastAnswerItem() const { return const_cast<Transcript*>(this)->lastAnswerItem(); }

QTextCharFormat Transcript::formatOf(const Item& item, std::size_t token) const {
    QTextCharFormat format = plain();
    const ThemeColors colors = themeColors(palette());
    if (token < item.words.size()) {
        const TextDiffToken& word = item.words[token];
        format.setBackground(klColor(word.kl, colors));
        if (!word.agree()) { // not by colour alone
            format.setUnderlineStyle(QTextCharFormat::SingleUnderline);
            format.setUnderlineColor(colors.bad);
            format.setFontWeight(QFont::DemiBold);
        }
    } else if (item.marked >= 0 && static_cast<std::ptrdiff_t>(token) >= item.marked) {
        format.setUnderlineStyle(QTextCharFormat::DotLine);
        format.setUnderlineColor(colors.quantized);
        if (static_cast<std::ptrdiff_t>(token) == item.marked) { // the very first difference stands out
            format.setBackground(colors.warnSurface);
            format.setFontWeight(QFont::DemiBold);
        }
        format.setToolTip(tr("From here on the two answers differ."));
    }
    return format;
}

void Transcript::insertTokens(Item& item, qsizetype from) {
    atEnd([&](QTextCursor& cursor) {
        for (qsizetype i = from; i < item.tokens.size(); ++i) {
            item.positions.push_back(cursor.position());
            // A document has line separators of its own; a token that is a line break must stay one character.
            QString text = item.tokens[i];
            text.replace(QLatin1String("\r\n"), QLatin1String("\n"));
            text.replace(QLatin1Char('\n'), QChar::LineSeparator);
            cursor.insertText(text, formatOf(item, static_cast<std::size_t>(i)));
        }
        item.end = cursor.position();
    });
}

void Transcript::addTokens(const QStringList& tokens) {
    Item* item = lastAnswerItem();
    if (!item || tokens.isEmpty() || !item->text.isEmpty())
        return;
    const qsizetype first = item->tokens.size();
    item->tokens += tokens;
    insertTokens(*item, first);
}

void Transcript::formatTokens(const Item& item, std::size_t from, std::size_t to) {
    QTextCursor cursor(document());
    cursor.beginEditBlock();
    for (std::size_t i = from; i < std::min(to, item.positions.size()); ++i) {
        cursor.setPosition(item.positions[i]);
        cursor.setPosition(i + 1 < item.positions.size() ? item.positions[i + 1] : item.end, QTextCursor::KeepAnchor);
        if (cursor.hasSelection())
            cursor.setCharFormat(formatOf(item, i));
    }
    cursor.endEditBlock();
}

void Transcript::markFrom(std::size_t token) {
    Item* item = lastAnswerItem();
    const auto from = static_cast<std::ptrdiff_t>(token);
    if (!item || item->marked == from)
        return;
    const std::size_t first = item->marked < 0 ? token : std::min(token, static_cast<std::size_t>(item->marked));
    item->marked = from;
    formatTokens(*item, first, item->positions.size());
}

void Transcript::addWords(const std::vector<TextDiffToken>& words) {
    Item* item = lastAnswerItem();
    if (!item)
        return;
    const std::size_t first = item->words.size();
    item->words.insert(item->words.end(), words.begin(), words.end());
    formatTokens(*item, first, item->words.size());
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
    rebuild();
}

void Transcript::rebuild() {
    const int scroll = verticalScrollBar()->value();
    clear();
    for (Item& item : m_items) {
        startItem(item);
        if (item.kind != Item::Answer)
            continue;
        item.positions.clear();
        insertTokens(item, 0);
        if (!item.text.isEmpty())
            insertFooter(item.text);
    }
    verticalScrollBar()->setValue(scroll);
}

int Transcript::tokenAt(const Item& item, int position) {
    if (item.positions.empty() || position < item.positions.front() || position >= item.end)
        return -1;
    const auto after = std::upper_bound(item.positions.begin(), item.positions.end(), position);
    return static_cast<int>(after - item.positions.begin()) - 1;
}

const TextDiffToken* Transcript::wordAt(int position) const {
    for (const Item& item : m_items)
        if (const int token = tokenAt(item, position);
            token >= 0 && static_cast<std::size_t>(token) < item.words.size())
            return &item.words[static_cast<std::size_t>(token)];
    return nullptr;
}

int Transcript::currentToken() const {
    const Item* item = lastAnswerItem();
    const QTextCursor cursor = textCursor();
    return item ? tokenAt(*item, cursor.selectionStart()) : -1;
}

void Transcript::setCurrentToken(int token) {
    const Item* item = lastAnswerItem();
    if (!item || token < 0 || static_cast<std::size_t>(token) >= item->positions.size())
        return;
    const auto at = static_cast<std::size_t>(token);
    QTextCursor cursor(document()); // the caret in front, so that it belongs to this token
    cursor.setPosition(at + 1 < item->positions.size() ? item->positions[at + 1] : item->end);
    cursor.setPosition(item->positions[at], QTextCursor::KeepAnchor);
    setTextCursor(cursor);
    ensureCursorVisible();
}

QString Transcript::describeAt(int position) const {
    const TextDiffToken* word = wordAt(position);
    return word && m_describe ? m_describe(*word) : QString();
}

bool Transcript::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const QPointF place = help->pos() + QPointF(horizontalScrollBar()->value(), verticalScrollBar()->value());
        if (const QString text = describeAt(document()->documentLayout()->hitTest(place, Qt::ExactHit)); !text.isEmpty()) {
            QToolTip::showText(help->globalPos(), text, this);
            return true;
        }
    }
    return QTextEdit::viewportEvent(event);
}

void Transcript::changeEvent(QEvent* event) {
    QTextEdit::changeEvent(event);
    if ((event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) && !m_items.empty())
        rebuild();
}

} // namespace trilobit
