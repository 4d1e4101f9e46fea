// KlLegend: what the colour behind a token says, small enough to stand beside it.
#pragma once

#include <QWidget>

namespace trilobit {

class KlLegend : public QWidget {
    Q_OBJECT
public:
    explicit KlLegend(QWidget* parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    int barWidth() const;
};

} // namespace trilobit
