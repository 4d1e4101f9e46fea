// Gallery: every view on a model as PNG, light and dark, in two sizes, without a person and without a display.
#pragma once

#include "core/base/result.h"

#include <QString>
#include <QStringList>

namespace trilobit {

class AppContext;
class MainWindow;

/// Opens `model`, quantizes a small recipe, sends one prompt and writes <folder>/<view>-<theme>-<width>x<height>.png.
/// Runs its own event loop; messages go to stderr. Errors: Io; whatever stops the model from opening or quantizing.
/// `only`: the views to draw ("map", "weights", ...); empty: all, and the dialogs.
Result<int> drawGallery(AppContext& context, MainWindow& window, const QString& folder, const QString& model,
                        const QStringList& only = {});

} // namespace trilobit
