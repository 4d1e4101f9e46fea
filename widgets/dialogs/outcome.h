// What a recipe would do to some tensors, in words, before it is applied.
#pragma once

#include "widgets/common/workbench.h"

#include <QString>

namespace trilobit {

/// Rich text: bytes before and after, whole-model bits per weight, and how many of `tensors` would be refused or fall back
/// (with the first reason).
QString outcomeText(const Workbench& workbench, const Recipe& recipe, const QStringList& tensors);

} // namespace trilobit
