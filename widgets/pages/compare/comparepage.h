// ComparePage: the original and the quantized model over the same text, token by token.
#pragma once

#include "core/eval/textdiff.h"

#include <QString>
#include <QWidget>

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

class QComboBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QSpinBox;
class QTableView;
class QTextEdit;
class QTimer;

namespace trilobit {

class CandidateModel;
class FactStrip;
class Workbench;

/// Two ways: both read the text as it is, or they go on from it in lock step, along the original's choices. Colour is
/// the KL divergence at each token; where the best candidates differ the token is underlined. The caret chooses the
/// token whose candidates are shown.
class ComparePage : public QWidget {
    Q_OBJECT
public:
    explicit ComparePage(Workbench& workbench, QWidget* parent = nullptr);
    ~ComparePage() override;

    bool isRunning() const { return m_job.has_value(); }
    const std::vector<TextDiffToken>& tokens() const { return m_tokens; }
    const std::optional<TextDiff>& result() const { return m_result; }
    int currentToken() const { return m_current; }
    void setCurrentToken(int token);

public slots:
    void run();
    void stop();
    void showFirstDivergence();
    void showLargest();
    /// The text up to the current token, then what the quantized model would have said there, continued.
    void continueFromOther();

signals:
    void finished();

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Arrived {
        std::mutex mutex;
        std::vector<TextDiffToken> tokens;
    };
    struct Engines; ///< made once per pair of models, in the worker
    void build();
    void updateModels();
    void takeArrived();
    void appendTokens(std::size_t from);
    void rebuildText();
    void caretMoved();
    void showCurrent();
    void showState();
    /// Leaves a row and a line in the session log.
    void record(const std::shared_ptr<const Model>& quantized, const QString& text, std::int64_t count, double seconds,
                const Result<TextDiff>& result);
    std::shared_ptr<const Model> other() const;
    QString promptText(std::size_t count) const;

    Workbench& m_workbench;
    QPlainTextEdit* m_text = nullptr;
    QComboBox* m_mode = nullptr;
    QSpinBox* m_count = nullptr;
    QPushButton *m_run = nullptr, *m_stop = nullptr, *m_first = nullptr, *m_largest = nullptr, *m_fork = nullptr;
    QLabel *m_state = nullptr, *m_detail = nullptr;
    FactStrip* m_facts = nullptr;
    QTextEdit* m_view = nullptr;
    QTableView *m_tableA = nullptr, *m_tableB = nullptr;
    CandidateModel *m_modelA = nullptr, *m_modelB = nullptr;
    QTimer* m_poll = nullptr;

    std::shared_ptr<Engines> m_engines;
    std::shared_ptr<Arrived> m_arrived;
    std::optional<quint64> m_job;
    quint64 m_question = 0;
    std::vector<TextDiffToken> m_tokens;
    std::vector<int> m_positions; ///< in the document, where each token begins
    std::optional<TextDiff> m_result;
    std::shared_ptr<const Model> m_shownModel; ///< whose tokenizer names the candidates
    std::weak_ptr<const Model> m_shownOther;   ///< that the shown tokens were compared with
    int m_current = -1;
    QString m_problem;
};

} // namespace trilobit
