// RawPromptDialog: what each model was really given, special tokens and all.
#pragma once

#include <QDialog>
#include <QString>

#include <vector>

namespace trilobit {

struct RawPrompt {
    QString pane, facts, text;
};

class RawPromptDialog : public QDialog {
    Q_OBJECT
public:
    explicit RawPromptDialog(const std::vector<RawPrompt>& prompts, QWidget* parent = nullptr);
};

} // namespace trilobit
