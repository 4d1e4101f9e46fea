// legendAbove: a plot's legend in a row of its own, where it hides nothing.
#pragma once

#include <qcustomplot.h>

namespace trilobit {

inline void legendAbove(QCustomPlot& plot) {
    plot.plotLayout()->insertRow(0);
    auto* row = new QCPLayoutGrid;
    plot.plotLayout()->addElement(0, 0, row);
    row->addElement(0, 0, plot.legend);
    row->addElement(0, 1, new QCPTextElement(&plot)); // takes the rest of the row
    row->setColumnStretchFactor(0, 0.001);
    plot.legend->setFillOrder(QCPLegend::foColumnsFirst);
    plot.plotLayout()->setRowStretchFactor(0, 0.001);
    plot.legend->setVisible(true);
}

} // namespace trilobit
