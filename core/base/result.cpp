#include "core/base/result.h"

namespace trilobit {

std::string Error::text() const {
    std::string out;
    if (!file.empty())
        out += file + ": ";
    if (!field.empty())
        out += field;
    if (offset)
        out += (field.empty() ? "at byte " : " at byte ") + std::to_string(*offset);
    if (!field.empty() || offset)
        out += ": ";
    out += message;
    // Names in a hostile file may hold line breaks or control characters; the promise is one line.
    for (char& c : out)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
            c = '?';
    return out;
}

Error located(Error error, std::string_view path, std::string_view field) {
    if (error.file.empty())
        error.file = path;
    if (error.field.empty())
        error.field = field;
    return error;
}

} // namespace trilobit
