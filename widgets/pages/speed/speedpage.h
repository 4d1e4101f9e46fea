// SpeedPage: how fast the open model runs here, where the time of a token goes, and which code runs each layer.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"

#include <QWidget>

#include <optional>

class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;
class QStandardItemModel;
class QTableView;

namespace trilobit {

class BarsPlot;
class FactStrip;
class Workbench;

/// Measuring is the command "bench". Nothing is measured by itself: it takes the whole processor for some seconds.
class SpeedPage : public QWidget {
    Q_OBJECT
public:
    explicit SpeedPage(Workbench& workbench, QWidget* parent = nullptr);
    ~SpeedPage() override;

    bool isRunning() const { return m_job.has_value(); }

public slots:
    void measure();
    void stop();

signals:
    void measured(bool ok);

private:
    void build();
    QWidget* buildBar();
    void showResult(const Json& result);
    void clear(const QString& text);
    void refresh();

    Workbench& m_bench;
    QComboBox *m_which = nullptr, *m_path = nullptr;
    QSpinBox *m_prompt = nullptr, *m_tokens = nullptr, *m_depth = nullptr;
    QPushButton* m_start = nullptr;
    FactStrip* m_facts = nullptr;
    BarsPlot* m_bars = nullptr;
    QTableView* m_table = nullptr;
    QStandardItemModel* m_kernels = nullptr;
    QLabel* m_note = nullptr;
    std::optional<quint64> m_job;
};

} // namespace trilobit
