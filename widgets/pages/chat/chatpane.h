// ChatPane: one model of the chat: who it is, what to know before reading it, what it said.
#pragma once

#include "core/model/model.h"
#include "widgets/pages/chat/panerunner.h"

#include <QFrame>
#include <QString>

#include <optional>

class QAction;
class QLabel;
class QToolButton;
class QStackedLayout;

namespace trilobit {

class Banner;
class EmptyState;
class FactStrip;
class Transcript;

class ChatPane : public QFrame {
    Q_OBJECT
public:
    /// `id` is the word for logs and object names: "original", "quantized".
    ChatPane(const QString& id, const QString& title, QWidget* parent = nullptr);

    const QString& id() const { return m_id; }
    Transcript& transcript() { return *m_transcript; }

    /// Null clears the header.
    void setModel(const Model* model);
    void setFacts(const std::optional<PaneFacts>& facts);
    /// Full SHA-256; empty while unknown.
    void setHash(const QString& hash);
    void setNotice(const QString& text);  ///< about the template, or a recipe that has changed since
    void setProblem(const QString& text); ///< why the model cannot run
    void setStatus(const QString& text);
    void showTranscript();
    /// Instead of the transcript, with a button when there is an action.
    void showInvitation(const QString& title, const QString& text);
    void setInvitationAction(QAction* action);

    /// Shows a button that takes the pane away.
    void setClosable();
    const QString& name() const { return m_name; }

    QString notice() const;
    QString problem() const;
    bool showsInvitation() const;

signals:
    void closeRequested();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void showTitle();

    QString m_id;
    QLabel* m_title;
    QToolButton* m_close;
    QString m_titleText;
    FactStrip* m_facts;
    Banner* m_notice;
    Banner* m_problem;
    Transcript* m_transcript;
    EmptyState* m_invitation;
    QStackedLayout* m_stack;
    QLabel* m_status;
    QString m_name;
    std::uint64_t m_weightBytes = 0;
};

/// "Q4_1 94 %, F32 6 %": encodings by share of the weights, the first `limit` of them.
QString encodingSummary(const Model& model, std::size_t limit);

} // namespace trilobit
