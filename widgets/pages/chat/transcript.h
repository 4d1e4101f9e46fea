// Transcript: the conversation of one pane, token by token, with marks and colours where models differ.
#pragma once

#include "core/eval/textdiff.h"

#include <QString>
#include <QStringList>
#include <QTextEdit>

#include <functional>
#include <vector>

namespace trilobit {

class Transcript : public QTextEdit {
    Q_OBJECT
public:
    explicit Transcript(QWidget* parent = nullptr);

    void clearAll();
    void addUser(const QString& text);
    void addNote(const QString& text); ///< from the program, not from a model
    /// `title` heads it; empty: "Answer".
    void beginAnswer(const QString& title = {});
    /// One entry per token, possibly empty (a character that is not complete yet).
    void addTokens(const QStringList& tokens);
    /// Marks the running or last answer from this token on; nothing is marked before.
    void markFrom(std::size_t token);
    /// What two models make of the next tokens of the running or last answer, in order; may come before the tokens. Their
    /// divergence colours them, those at which the models part are underlined.
    void addWords(const std::vector<TextDiffToken>& words);
    /// What to say about such a token.
    void setWordDescription(std::function<QString(const TextDiffToken&)> describe) { m_describe = std::move(describe); }
    /// What was measured, below the answer.
    void endAnswer(const QString& footer);
    QString lastAnswer() const;
    /// Takes the last prompt away and everything after it.
    void removeLastTurn();

    /// The token of the last answer at the caret; -1 when it is elsewhere.
    int currentToken() const;
    /// Selects it and scrolls there.
    void setCurrentToken(int token);
    /// The compared token at the caret, in any answer; null when there is none.
    const TextDiffToken* currentWord() const { return wordAt(textCursor().position()); }
    /// "" when nothing is known of what stands there.
    QString describeAt(int position) const;

protected:
    void changeEvent(QEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    struct Item {
        enum Kind { User, Note, Answer } kind = Note;
        QString text; ///< User, Note; Answer: the footer
        QString title;
        QStringList tokens;
        std::ptrdiff_t marked = -1; ///< first marked token
        std::vector<TextDiffToken> words;
        std::vector<int> positions; ///< in the document, where each token begins
        int end = 0;                ///< behind the last one
    };
    void rebuild();
    void startItem(const Item& item);
    void insertTokens(Item& item, qsizetype from);
    void formatTokens(const Item& item, std::size_t from, std::size_t to);
    QTextCharFormat formatOf(const Item& item, std::size_t token) const;
    void insertFooter(const QString& text);
    Item* lastAnswerItem();
    const Item* lastAnswerItem() const;
    /// Index of the token at a place of the document; -1: none.
    static int tokenAt(const Item& item, int position);
    const TextDiffToken* wordAt(int position) const;
    void atEnd(const std::function<void(QTextCursor&)>& edit);
    QTextCharFormat plain() const;
    QTextCharFormat small(const QColor& color, bool bold) const;

    std::vector<Item> m_items;
    std::function<QString(const TextDiffToken&)> m_describe;
};

} // namespace trilobit
