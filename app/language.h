// The language of the window.
#pragma once

#include <QString>

namespace trilobit {

/// "en", "de", or "system" for what the desktop speaks; what has no translation stays English. Also Qt's own texts, where
/// Qt brings them. Before the first widget is made; a later call replaces the language for widgets made from then on.
void installLanguage(const QString& language);

} // namespace trilobit
