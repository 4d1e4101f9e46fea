// ChatPage: one prompt, two answers: the original model beside the quantized one.
#pragma once

#include "core/chat/conversation.h"
#include "widgets/pages/chat/panerunner.h"

#include <QWidget>

#include <array>
#include <memory>
#include <optional>
#include <vector>

class QAction;
class QLabel;
class QPushButton;
class QToolButton;

namespace trilobit {

class Banner;
class ChatPane;
class ConversationKeeper;
class PromptEdit;
class SamplingPanel;
class Workbench;

class ChatPage : public QWidget {
    Q_OBJECT
public:
    explicit ChatPage(Workbench& workbench, QWidget* parent = nullptr);
    ~ChatPage() override;

    bool isAnswering() const;

public slots:
    /// Sends what is in the prompt box to every pane that has a model.
    void send();
    void stop();
    void newConversation();

signals:
    void turnFinished(); ///< every pane has answered or failed

protected:
    void showEvent(QShowEvent* event) override;

private:
    struct Side {
        ChatPane* pane = nullptr;
        PaneRunner* runner = nullptr;
        std::vector<ChatMessage> messages; ///< without the system message
        std::vector<TokenId> ids;          ///< of the running or last answer
        QString streamed;                  ///< its text so far
        bool answering = false;
        bool ended = false;    ///< the model itself ended the last answer
        bool tookPart = false; ///< in the last turn
        QString hash;
        std::optional<quint64> hashJob;
    };
    void build();
    QWidget* buildBottom();
    void connectSide(std::size_t index);
    void updateModels();
    void updateNotices();
    void updateButtons();
    void updateInvitations();
    void loadVisible();
    void startHash(Side& side);
    void setModelOf(Side& side, std::shared_ptr<const Model> model, int threads);
    void takeTokens(Side& side, const std::vector<TokenEvent>& tokens);
    void takeReply(Side& side, const ChatReply& reply);
    void takeFailure(Side& side, const QString& text);
    void finishSide(Side& side);
    void markDifference();
    void showDifference(const QString& text);
    void clearConversation(const QString& reason);
    void showEarlier();
    void reopen(const SavedConversation& saved);
    Side& original() { return m_sides[0]; }
    Side& quantized() { return m_sides[1]; }

    Workbench& m_workbench;
    std::array<Side, 2> m_sides;
    Banner* m_untrained = nullptr;
    Banner* m_expectation = nullptr; ///< of the quantized model's answers, said before anything is asked
    SamplingPanel* m_sampling = nullptr;
    PromptEdit* m_prompt = nullptr;
    QPushButton* m_send = nullptr;
    QPushButton* m_stop = nullptr;
    QPushButton* m_new = nullptr;
    QPushButton* m_earlier = nullptr;
    QToolButton* m_settings = nullptr;
    QLabel* m_summary = nullptr;
    QLabel* m_difference = nullptr;
    QAction* m_quantize = nullptr;
    ConversationKeeper* m_keeper = nullptr;
    GenerateOptions m_options; ///< of the last turn
    QString m_system;          ///< what the log says last
};

} // namespace trilobit
