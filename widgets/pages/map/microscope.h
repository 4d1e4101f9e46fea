// Microscope: one weight down to its bits: bytes, fields, value, error, and the weights it shares its block with.
#pragma once

#include "widgets/pages/map/weightlook.h"

#include <QWidget>

#include <memory>
#include <optional>

class QComboBox;
class QScrollArea;
class QSpinBox;
class QSplitter;
class QTableView;

namespace trilobit {

class BitsView;
class FactStrip;
class FieldModel;
class NeighbourModel;

class Microscope : public QWidget {
    Q_OBJECT
public:
    explicit Microscope(QWidget* parent = nullptr);

    /// The tensor to look into and, once it is there, what the recipe makes of it. Null: nothing.
    void setTensor(const std::shared_ptr<const Tensor>& source);
    void setQuantized(const std::shared_ptr<const Tensor>& quantized);
    /// Values are clamped to the tensor.
    void look(std::int64_t row, std::int64_t col);
    const std::optional<WeightLook>& shown() const { return m_look; }

signals:
    void weightChosen(qint64 row, qint64 col);             ///< by the boxes or a neighbour
    void blockShown(qint64 firstElement, qint64 elements); ///< 0 elements: none

private:
    void build();
    void refresh();
    void showLook();

    std::shared_ptr<const Tensor> m_source, m_quantized;
    std::int64_t m_row = -1, m_col = -1;
    std::optional<WeightLook> m_look;
    QSpinBox *m_rowBox = nullptr, *m_colBox = nullptr;
    QComboBox* m_side = nullptr;
    FactStrip* m_facts = nullptr;
    BitsView* m_bits = nullptr;
    QScrollArea* m_bitsArea = nullptr;
    QTableView *m_fields = nullptr, *m_neighbours = nullptr;
    FieldModel* m_fieldModel = nullptr;
    NeighbourModel* m_neighbourModel = nullptr;
};

} // namespace trilobit
