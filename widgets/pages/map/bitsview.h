// BitsView: the bytes of a block as hex, with the bits of every field marked.
#pragma once

#include "widgets/common/theme.h"
#include "widgets/pages/map/weightlook.h"

#include <QWidget>

#include <optional>

namespace trilobit {

/// The colour of field number `index`; names and places tell fields apart as well.
QColor fieldColor(int index, const ThemeColors& theme);

class BitsView : public QWidget {
    Q_OBJECT
public:
    explicit BitsView(QWidget* parent = nullptr);
    void setLook(const std::optional<WeightLook>& look, const QString& emptyText);
    QSize sizeHint() const override { return minimumSizeHint(); }
    QSize minimumSizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    struct MarkedByte {
        std::uint64_t byte = 0;
        std::uint8_t value = 0;
        int field[8] = {-1, -1, -1, -1, -1, -1, -1, -1}; ///< per bit
    };
    struct Metrics {
        int perRow = 8, cellWidth = 0, cellHeight = 0, offsetWidth = 0, rows = 0;
        int bitWidth = 0, bitHeight = 0, markedPerRow = 1, markedWidth = 0, markedHeight = 0;
    };
    Metrics metrics(int width) const;
    int markedRows(const Metrics& m) const;
    QString byteTip(std::uint64_t byte) const;
    const MarkedByte* marked(std::uint64_t byte) const;

    std::optional<WeightLook> m_look;
    std::vector<MarkedByte> m_marked; ///< bytes with fields in them, in order
    QString m_empty;
};

} // namespace trilobit
