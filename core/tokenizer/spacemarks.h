// The mark U+2581 that stands for a space in SentencePiece vocabularies, and names of byte tokens.
#pragma once

#include <string>
#include <string_view>

namespace trilobit {

inline constexpr std::string_view kSpaceMark = "\xE2\x96\x81";

/// The byte of "<0x41>" and the like, or -1.
int byteOfName(std::string_view name);
/// Spaces become marks, with one more before the text if `prefix`.
std::string withSpaceMarks(std::string_view text, bool prefix);
/// Marks become spaces.
std::string withSpacesForMarks(std::string_view text);
/// Without spaces at both ends, and one where several stand together.
std::string withSingleSpaces(std::string_view text);

} // namespace trilobit
