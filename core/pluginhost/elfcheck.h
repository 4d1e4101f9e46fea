// Whether a library file is complete. The system's loader maps a file that was cut short and dies when it touches what is
// missing, so this must be known before.
#pragma once

#include <QString>

namespace trilobit {

/// What is missing from the ELF file `path`, in a few words, or nothing when every segment and the section table lie inside
/// the file. Also nothing for files that are not ELF: the loader tells those apart itself. Reads the headers only.
QString missingFromLibrary(const QString& path);

} // namespace trilobit
