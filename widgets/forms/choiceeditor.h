// ChoiceEditor: method, encoding and their parameters as one form; inspector and dialogs share it.
#pragma once

#include "core/commands/workspace.h"
#include "core/quant/recipe.h"

#include <QWidget>

#include <optional>

class QComboBox;
class QFormLayout;
class QSpinBox;

namespace trilobit {

class ParamForm;

class ChoiceEditor : public QWidget {
    Q_OBJECT
public:
    explicit ChoiceEditor(const Workspace& workspace, QWidget* parent = nullptr);

    /// The tensor whose shape decides what is refused; null: nothing is marked.
    void setTensor(const Tensor* tensor);
    /// Shows a choice; nothing: the selection has several. Silent.
    void setChoice(const std::optional<Choice>& choice);
    Choice choice() const { return m_choice; }

signals:
    void edited(const trilobit::Choice& choice); ///< by the person

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    int widestMethod() const; ///< that the box needs to show any of its entries in full
    void fillMethods();
    void fillEncodings();
    void markRefused();
    void alignLabels();
    void display(const std::optional<Choice>& choice);
    void methodPicked();
    void encodingPicked();
    void affineEdited();
    void send(Choice choice);

    const Workspace& m_workspace;
    std::optional<Tensor> m_tensor;
    Choice m_choice;
    bool m_mixed = false;
    QFormLayout* m_layout;
    QComboBox* m_method;
    QComboBox* m_encoding;
    QSpinBox* m_group;
    QSpinBox* m_bits;
    ParamForm* m_params;
};

/// The two numbers of "affine-g64-b4".
struct AffineId {
    int group = 64, bits = 4;
    static std::optional<AffineId> parse(const QString& id);
    QString id() const;
};

} // namespace trilobit
