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
class QuietLabel;
class SamplingPanel;
class WordBar;
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

    /// How the engines of the panes compute; a new choice makes them anew.
    void setActivations(ActivationPath path);

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
    /// Takes the way on of that number: a word of the other model, and on from there.
    void goOn(int way);
    void showFirstDifference();

signals:
    void activationsChosen(trilobit::ActivationPath path); ///< by the person
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
        GenerateOptions options;           ///< it is made with
        bool reads = false;                ///< along with the original's answer, in place of one of its own
        std::vector<TextDiffToken> words;  ///< read so far; A is the original
        std::optional<ReadAlong> read;     ///< when it came to an end
        QString streamed;                  ///< its text so far
        bool answering = false;
        std::optional<ChatPrompt> given; ///< the prompt behind the answer of the last turn; none when it failed
        bool ended = false;    ///< the model itself ended the last answer
        bool tookPart = false; ///< in the last turn
        QString hash;
        std::optional<quint64> hashJob;
        mutable std::optional<bool> sameVocabulary; ///< as the original; forgotten when one of them changes
    };
    void build();
    QWidget* buildBottom();
    QToolButton* buildMenu();
    using Sides = std::vector<std::shared_ptr<Side>>;
    /// The prompt of the last turn, which is gone from these panes then.
    QString takeBack(const Sides& sides);
    /// Asks these panes, all with the sampling of m_options; `forced` begins the answer of those that write.
    void startTurn(const QString& text, const Sides& sides, const std::vector<TokenId>& forced);
    /// Who reads along, if anybody; the quantized model before others.
    Side* reader() const;
    void takeWords(Side& side, const std::vector<TextDiffToken>& words);
    void takeRead(Side& side, const ReadAlong& read);
    /// After a turn: what was read is part of the readers' conversations.
    void settleReaders();
    /// A token that another model would have said, and who can go on from it.
    struct Fork {
        std::shared_ptr<Side> side;
        std::size_t at = 0; ///< of its answer
        TokenId token = kNoToken;
        QString other;      ///< who said it
    };
    std::vector<Fork> forks() const;
    /// The word that the bar speaks about: at the caret, else the first difference; -1: none.
    std::ptrdiff_t readFork() const;
    QString wordText(const Side& side, const TextDiffToken& word) const;
    void updateWordBar();
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
    Sides m_sides; ///< original, quantized, further ones
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
    QuietLabel* m_summary = nullptr;
    WordBar* m_words = nullptr;
    QToolButton* m_sameWords = nullptr;
    QAction* m_quantize = nullptr;
    ConversationKeeper* m_keeper = nullptr;
    GenerateOptions m_options; ///< of the last turn, without forced tokens
    bool m_lockStep = false;   ///< the last turn was one answer that the others read along
    QString m_system;          ///< what the log says last
};

} // namespace trilobit
