// Icons: drawn from lines, in the colour of the theme and sharp at any size.
#pragma once

#include <QColor>
#include <QIcon>

namespace trilobit {

enum class Icon {
    Open, Save, Load, Quantize, Export, Undo, Redo, Theme, Refused, Warning, Info, Close, Search, Refresh, Copy, Delete,
    Logo
};

/// Without a colour it follows the palette, also when the theme changes later.
QIcon icon(Icon which, const QColor& color = {});
/// For primary buttons: the colour that stands out on the accent.
QIcon iconOnAccent(Icon which);

} // namespace trilobit
