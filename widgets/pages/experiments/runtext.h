// Runs as rich text: all of one, or several side by side.
#pragma once

#include "core/store/experimentstore.h"
#include "widgets/common/theme.h"

#include <QString>

#include <vector>

namespace trilobit {

QString runDetails(const RunRecord& run, const ThemeColors& colors);
/// One column per run, one row per metric that any of them has; what differs is bold.
QString runComparison(const std::vector<RunRecord>& runs, const ThemeColors& colors);

} // namespace trilobit
