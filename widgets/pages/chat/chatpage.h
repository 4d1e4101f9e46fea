// ChatPage: one prompt, up to four answers: the original model, the quantized one, and other files beside them.
#pragma once

#include "core/chat/conversation.h"
#include "widgets/pages/chat/panerunner.h"

#include <QWidget>

#include <memory>
#include <optional>
#include <vector>

class QAction;
class QLabel;
class QPushButton;
class QSplitter;
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
    /// Opens a further model in a pane of its own, between the original and the quantized one. At most kMaxPanes panes.
    void addModel(const QString& path);
    static constexpr std::size_t kMaxPanes = 4;
    /// Puts a first prompt into the box, unless somebody has begun to write or to talk.
    void suggest(const QString& prompt);

public slots:
    /// Sends what is in the prompt box to every pane that has a model.
    void send();
    void stop();
    void newConversation();
    /// The last prompt once more, with the settings as they are now.
    void again();
    /// Takes the last prompt back into the box, with its answers gone.
    void editLast();
    void showRawPrompts();
    void exportConversation();

signals:
    void turnFinished(); ///< every pane has answered or failed

protected:
    void showEvent(QShowEvent* event) override;

private:
    struct Side {
        QString path;                      ///< of a further model; empty for the original and the quantized one
        bool loading = false;              ///< its file is being opened
        ChatPane* pane = nullptr;
        PaneRunner* runner = nullptr;
        std::vector<ChatMessage> messages; ///< without the system message
        std::vector<TokenId> ids;          ///< of the running or last answer
        QString streamed;                  ///< its text so far
        bool answering = false;
        std::optional<ChatPrompt> given; ///< the prompt behind the answer of the last turn; none when it failed
        bool ended = false;    ///< the model itself ended the last answer
        bool tookPart = false; ///< in the last turn
        QString hash;
        std::optional<quint64> hashJob;
    };
    void build();
    QWidget* buildBottom();
    QToolButton* buildMenu();
    /// The prompt of the last turn, which is gone from every pane then.
    QString takeBack();
    bool canTakeBack() const;
    void writeConversation(const QString& path);
    void connectSide(const std::shared_ptr<Side>& side, const QString& title);
    void chooseModel();
    void removeSide(const std::shared_ptr<Side>& side);
    int threadsPerPane() const;
    bool sameVocabulary(const Side& side) const;
    void updateModels();
    void updateNotices();
    void updateButtons();
    void updateInvitations();
    void loadVisible();
    void startHash(const std::shared_ptr<Side>& entry);
    void setModelOf(Side& side, std::shared_ptr<const Model> model, int threads);
    void takeTokens(Side& side, const std::vector<TokenEvent>& tokens);
    void takeReply(Side& side, const ChatReply& reply);
    void recordReply(const Side& side, const ChatReply& reply);
    void takeFailure(Side& side, const QString& text);
    void finishSide(Side& side);
    void markDifference();
    void showDifference(const QString& text);
    void clearConversation(const QString& reason);
    void showEarlier();
    void reopen(const SavedConversation& saved);
    Side& original() const { return *m_sides[0]; }
    Side& quantized() const { return *m_sides[1]; }

    Workbench& m_workbench;
    std::vector<std::shared_ptr<Side>> m_sides; ///< original, quantized, further ones
    QSplitter* m_panes = nullptr;
    int m_added = 0; ///< further panes so far, for their ids
    Banner* m_untrained = nullptr;
    Banner* m_expectation = nullptr; ///< of the quantized model's answers, said before anything is asked
    SamplingPanel* m_sampling = nullptr;
    PromptEdit* m_prompt = nullptr;
    QPushButton* m_send = nullptr;
    QPushButton* m_stop = nullptr;
    QPushButton* m_new = nullptr;
    QPushButton* m_earlier = nullptr;
    QPushButton* m_add = nullptr;
    QToolButton* m_settings = nullptr;
    QAction *m_again = nullptr, *m_editLast = nullptr, *m_raw = nullptr, *m_export = nullptr;
    QLabel* m_summary = nullptr;
    QLabel* m_difference = nullptr;
    QAction* m_quantize = nullptr;
    ConversationKeeper* m_keeper = nullptr;
    GenerateOptions m_options; ///< of the last turn
    QString m_system;          ///< what the log says last
};

} // namespace trilobit
