// InspectorPage: the choice of the selection, its parameters, what it costs and what it means, answered while it changes.
#pragma once

#include "widgets/common/workbench.h"

#include <QScrollArea>
#include <QTimer>

class QStackedWidget;

namespace trilobit {

class ChoiceEditor;
class WrapLabel;

class InspectorPage : public QScrollArea {
    Q_OBJECT
public:
    explicit InspectorPage(Workbench& workbench, QWidget* parent = nullptr);
    /// Wide enough for the form: there is no horizontal scroll bar, so nothing may be cut off.
    QSize minimumSizeHint() const override;

signals:
    void previewReady(const QString& tensor); ///< the numbers on screen belong to the choice on screen

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Numbers {
        WrapLabel *bits, *bytes, *model, *sqnr, *rmse, *largest;
    };
    QWidget* buildPanel();
    void refresh();
    void showHead();
    void showCosts();
    void showReason();
    void showMeaning();
    void commit();
    void startPreview();
    void showPreview(const Result<Preview>& preview, const QString& tensor);
    void clearPreview(const QString& why);
    QStringList quantizable() const;

    Workbench& m_bench;
    QStackedWidget* m_stack;
    WrapLabel *m_title, *m_facts, *m_reason, *m_sampled, *m_meaning;
    ChoiceEditor* m_editor;
    Numbers m_numbers{};
    QTimer m_commit;       ///< gathers quick edits
    Choice m_pending;
    QStringList m_pendingTensors;
    QTimer m_soon;         ///< gathers what happens at once and lets the caller's other views go first
    QTimer m_later;        ///< previews start when the selection rests
    std::optional<quint64> m_job;
    quint64 m_generation = 0;
};

} // namespace trilobit
