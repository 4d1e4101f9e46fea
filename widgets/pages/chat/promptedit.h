// PromptEdit: where the prompt is written. Enter sends, Shift + Enter starts a new line.
#pragma once

#include <QPlainTextEdit>

namespace trilobit {

class PromptEdit : public QPlainTextEdit {
    Q_OBJECT
public:
    explicit PromptEdit(QWidget* parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {120, sizeHint().height()}; }

signals:
    void sendRequested();

protected:
    void keyPressEvent(QKeyEvent* event) override;
};

} // namespace trilobit
