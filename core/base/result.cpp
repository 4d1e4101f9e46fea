#include "core/base/result.h"

#include <algorithm>

namespace trilobit {

std::string Error::text() const {
    std::string out;
    if (!file.empty())
        out += file + ": ";
    // In a hostile file a name can be as long as the file; where it is says the offset.
    constexpr std::size_t kMostField = 160;
    std::size_t shown = std::min(field.size(), kMostField);
    while (shown > 0 && shown < field.size() && (static_cast<unsigned char>(field[shown]) & 0xC0) == 0x80)
        --shown; // not in the middle of a character
    out += shown < field.size() ? field.substr(0, shown) + "..." : field;
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
