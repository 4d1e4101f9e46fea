// Tables of rows as the window shows them everywhere.
#pragma once

#include <QHeaderView>
#include <QTableView>

namespace trilobit {

/// Whole rows in alternating colours, no grid, no numbers at the side; Tab leaves the table.
inline void showAsRows(QTableView& table) {
    table.setSelectionBehavior(QAbstractItemView::SelectRows);
    table.setAlternatingRowColors(true);
    table.setShowGrid(false);
    table.setTabKeyNavigation(false);
    table.verticalHeader()->hide();
    table.verticalHeader()->setDefaultSectionSize(table.fontMetrics().height() + 8);
    table.horizontalHeader()->setHighlightSections(false);
    table.horizontalHeader()->setStretchLastSection(true);
}

} // namespace trilobit
