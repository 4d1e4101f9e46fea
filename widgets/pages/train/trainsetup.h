// TrainSetup: what to train, on what, for how long: the form that becomes the commands of a run.
#pragma once

#include "core/base/result.h"
#include "core/commands/command.h"
#include "core/train/trainer/trainestimate.h"
#include "core/train/trainer/trainplan.h"

#include <QWidget>

#include <optional>
#include <vector>

class QComboBox;
class QDoubleSpinBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace trilobit {

class FactStrip;
class Workbench;
class WrapLabel;

class TrainSetup : public QWidget {
    Q_OBJECT
public:
    explicit TrainSetup(Workbench& workbench, QWidget* parent = nullptr);

    /// The plan of the form, without data. Errors: Usage, as a sentence for a person.
    Result<TrainPlan> plan() const;
    /// Shape that is trained: the plan's, or the open model's.
    std::optional<ModelConfig> config() const;
    /// "corpus" twice for made-up data, then "train".
    std::vector<Command> commands() const;
    std::vector<Command> resumeCommands() const;
    /// Why it cannot start; empty when it can.
    QString problem() const;
    QString title() const; ///< of the run, for the job bar
    QString folder() const;
    bool hasCheckpoint() const;
    /// While a run goes, nothing can be started and the form rests.
    void setRunning(bool running);
    /// After a run that came to its end: the next one gets a folder of its own, unless the person chose one.
    void offerNextFolder();
    /// Looks at the output folder again.
    void refresh();

signals:
    void startRequested();
    void resumeRequested();

private:
    void build();
    QWidget* buildShape();
    QWidget* buildData();
    void addRow(QFormLayout* form, const QString& label, QWidget* field, const char* name, const QString& help);
    QWidget* pathRow(QLineEdit*& edit, const char* name, const QString& label, const QString& help, bool folder);
    QSpinBox* wholeBox(int low, int high, int value);
    void choosePreset();
    void chooseFile(QLineEdit* target, bool folder);
    void suggestFolder();
    void showEstimate();
    bool startsFromModel() const;
    bool madeUp() const;
    bool byMinutes() const;
    QString inFolder(const char* name) const;

    Workbench& m_bench;
    bool m_running = false;
    bool m_folderChosen = false; ///< by the person: it is not replaced any more
    QString m_suggested;
    QComboBox *m_preset = nullptr, *m_source = nullptr, *m_budgetUnit = nullptr;
    WrapLabel *m_presetNote = nullptr, *m_problem = nullptr;
    QWidget *m_shape = nullptr, *m_form = nullptr, *m_madeUpRows = nullptr, *m_fileRows = nullptr;
    QSpinBox *m_hidden = nullptr, *m_layers = nullptr, *m_heads = nullptr, *m_kvHeads = nullptr, *m_ffn = nullptr,
             *m_vocabulary = nullptr;
    QSpinBox *m_talks = nullptr, *m_stories = nullptr;
    QLineEdit *m_data = nullptr, *m_heldOut = nullptr, *m_folder = nullptr, *m_prompt = nullptr, *m_peak = nullptr;
    QDoubleSpinBox* m_budget = nullptr;
    QSpinBox *m_batch = nullptr, *m_time = nullptr, *m_seed = nullptr, *m_lookEvery = nullptr, *m_sampleEvery = nullptr;
    FactStrip* m_facts = nullptr;
    QPushButton *m_start = nullptr, *m_resume = nullptr;
};

} // namespace trilobit
