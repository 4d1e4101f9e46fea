// Text operations as Python's str does them: positions count characters (code points), white space is Unicode's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trilobit::tmpl {

/// Number of code points of valid UTF-8.
std::size_t characterCount(std::string_view text);
/// The characters, as views into `text`.
std::vector<std::string_view> characters(std::string_view text);

enum class Side { Left, Right, Both };
/// Without the white space, or without any of the characters of `set` when that is not null, at the given ends.
std::string_view strip(std::string_view text, Side side, const std::string_view* set = nullptr);
/// Byte length of the white space that `text` starts with.
std::size_t leadingSpace(std::string_view text);

/// A text is split into this many parts at most, and one more as the sign that there would be more.
constexpr std::size_t kMaxParts = 100'000;

/// Split at runs of white space; at most `max` cuts when max >= 0.
std::vector<std::string_view> splitSpace(std::string_view text, std::int64_t max);
/// Split at a non-empty separator, from the left or from the right.
std::vector<std::string_view> splitAt(std::string_view text, std::string_view separator, std::int64_t max,
                                      bool fromRight);
/// At "\n", "\r\n", "\r" and the other line ends that Python knows; without the ends unless `keep`.
std::vector<std::string_view> splitLines(std::string_view text, bool keep);

/// Letter case for ASCII, Latin-1, Greek and Cyrillic; other characters stay as they are.
std::string upper(std::string_view text);
std::string lower(std::string_view text);
std::string capitalize(std::string_view text);  ///< first character upper, the rest lower
std::string title(std::string_view text);       ///< as the filter does: words after spaces, '-', '(', '{', '[', '<'
std::string titleMethod(std::string_view text); ///< as str.title does: after every character that is not a letter

} // namespace trilobit::tmpl
