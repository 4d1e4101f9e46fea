// TrainView: a training run as it goes: numbers, curves, the three values, weights and samples.
#pragma once

#include "widgets/pages/train/trainlog.h"

#include <QWidget>

#include <vector>

class QComboBox;
class QGridLayout;
class QLabel;
class QListWidget;
class QTabWidget;

namespace trilobit {

class CurvePlot;
class EmptyState;
class FactStrip;
class LatentPlot;
class Plot;
class SharesPlot;

class TrainView : public QWidget {
    Q_OBJECT
public:
    explicit TrainView(QWidget* parent = nullptr);

    /// Numbers always; plots only when `plots`, and only the ones in view.
    void show(const TrainLog& log, bool plots);
    void clear();
    /// GGUF name of the matrix whose weights are shown; empty before the first look.
    QString matrix() const;
    /// The weights can be seen right now.
    bool showsWeights() const;
    /// What one tab needs: the grid must not keep a window from becoming small again.
    QSize minimumSizeHint() const override;

signals:
    void matrixChosen(const QString& tensor);
    void saved(const QString& path);
    void saveFailed(const QString& text);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* buildCurves();
    QWidget* buildShares();
    QWidget* buildWeights();
    QWidget* buildSamples();
    void arrange(bool grid);
    void showFacts(const TrainLog& log);
    void showSamples(const TrainLog& log);
    void showWeights(const TrainLog& log);

    EmptyState* m_empty = nullptr; ///< until the first run
    QWidget* m_content = nullptr;
    FactStrip* m_facts = nullptr;
    QTabWidget* m_tabs = nullptr;
    QWidget* m_gridHolder = nullptr;
    QGridLayout* m_grid = nullptr;
    struct Panel {
        QWidget* widget;
        QString title;
        QLabel* heading; ///< shown in the grid; tabs have their own
    };
    std::vector<Panel> m_panels;
    bool m_inGrid = false;
    CurvePlot *m_loss = nullptr, *m_rates = nullptr, *m_flips = nullptr;
    SharesPlot* m_shares = nullptr;
    LatentPlot* m_latent = nullptr;
    QComboBox* m_matrix = nullptr;
    QLabel *m_sharesNote = nullptr, *m_weightsNote = nullptr;
    QListWidget* m_samples = nullptr;
};

} // namespace trilobit
