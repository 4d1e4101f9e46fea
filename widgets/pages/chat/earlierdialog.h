// EarlierDialog: saved conversations, found by any word that was said in them.
#pragma once

#include "core/chat/conversation.h"

#include <QDialog>

#include <vector>

class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace trilobit {

class EarlierDialog : public QDialog {
    Q_OBJECT
public:
    explicit EarlierDialog(QWidget* parent = nullptr);
    void setConversations(std::vector<SavedConversation> conversations);
    void accept() override;

signals:
    void chosen(const trilobit::SavedConversation& conversation);

private:
    void filter();

    std::vector<SavedConversation> m_all;
    QLineEdit* m_words;
    QListWidget* m_list;
    QLabel* m_state;
    QPushButton* m_open;
};

} // namespace trilobit
