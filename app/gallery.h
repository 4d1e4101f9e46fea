// Gallery: every view on a model as PNG, light and dark, in two sizes, without a person and without a display.
#pragma once

#include "core/base/result.h"

#include <QString>
#include <QStringList>

namespace trilobit {

class AppContext;
class MainWindow;

struct GalleryOptions {
    QString folder;
    QStringList models; ///< the first is opened, the others get panes in the chat
    QStringList views;  ///< "map", "weights", ...; empty: all, and the dialogs
    int width = 0;      ///< of smaller pictures, of the window at 1280 × 720 only; 0: both sizes as they are
};

/// Opens the model, quantizes a small recipe, sends one prompt and writes <folder>/<view>-<theme>-<width>x<height>.png, of
/// smaller pictures <folder>/<view>-<theme>.png; returns how many. Runs its own event loop; messages go to stderr. Errors:
/// Io; whatever stops the model from opening or quantizing.
Result<int> drawGallery(AppContext& context, MainWindow& window, const GalleryOptions& options);

} // namespace trilobit
