// Transcript: the conversation of one pane, token by token, with the part marked that differs from the other pane.
#pragma once

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
    void beginAnswer();
    /// One entry per token, possibly empty (a character that is not complete yet).
    void addTokens(const QStringList& tokens);
    /// Marks the running or last answer from this token on; nothing is marked before.
    void markFrom(std::size_t token);
    /// What was measured, below the answer.
    void endAnswer(const QString& footer);
    QString lastAnswer() const;
    /// Takes the last prompt away and everything after it.
    void removeLastTurn();

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Item {
        enum Kind { User, Note, Answer } kind = Note;
        QString text; ///< User, Note; Answer: the footer
        QStringList tokens;
        std::ptrdiff_t marked = -1; ///< first marked token
    };
    void rebuild();
    void startItem(const Item& item);
    void insertToken(QTextCursor& cursor, const Item& item, qsizetype index);
    void insertFooter(const QString& text);
    Item* lastAnswerItem();
    void atEnd(const std::function<void(QTextCursor&)>& edit);
    QTextCharFormat plain() const;
    QTextCharFormat small(const QColor& color, bool bold) const;

    std::vector<Item> m_items;
    std::vector<int> m_positions; ///< in the document, of each token of the last answer
};

} // namespace trilobit
