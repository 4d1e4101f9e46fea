// SamplingPanel: how the next token is chosen, the same for every pane, and the system prompt.
#pragma once

#include "core/engine/generate.h"

#include <QFrame>
#include <QString>

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QPlainTextEdit;
class QSpinBox;

namespace trilobit {

class SamplingPanel : public QFrame {
    Q_OBJECT
public:
    explicit SamplingPanel(QWidget* parent = nullptr);

    GenerateOptions options() const;
    /// Fast or Auto: how the engines of the panes compute.
    ActivationPath activations() const;
    void setActivations(ActivationPath path);
    void setActivationsEnabled(bool enabled);
    QString systemPrompt() const;
    void setSystemPrompt(const QString& text);
    /// "greedy, at most 256 tokens", "temperature 0.8, top-p 0.95, seed 1, ...".
    QString summary() const;

signals:
    void changed();
    void activationsChosen(); ///< by the person

private:
    void enableForTemperature();

    QDoubleSpinBox* m_temperature;
    QSpinBox* m_topK;
    QDoubleSpinBox* m_topP;
    QDoubleSpinBox* m_minP;
    QDoubleSpinBox* m_penalty;
    QSpinBox* m_seed;
    QSpinBox* m_maxTokens;
    QComboBox* m_activations;
    QPlainTextEdit* m_system;
};

} // namespace trilobit
