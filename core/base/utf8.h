// UTF-8 reading: strict decoding (no overlong forms, surrogates or values above U+10FFFF).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace trilobit {

/// Length (1 to 4) of the valid sequence at the start of `text`, or 0 when there is none.
std::size_t utf8SequenceLength(std::string_view text) noexcept;
/// Code point of the valid sequence at the start of `text` whose length is `length` (from utf8SequenceLength).
std::uint32_t utf8CodePoint(std::string_view text, std::size_t length) noexcept;
/// Appends the UTF-8 form of `codePoint` (<= 0x10FFFF).
void utf8Append(std::string& out, std::uint32_t codePoint);
/// Length of the piece at the start of `text` that is valid throughout, or not valid at any place. `text` is not empty.
std::size_t utf8RunLength(std::string_view text) noexcept;
/// `text` with every byte that is not part of a valid sequence replaced by U+FFFD.
std::string utf8Sanitized(std::string_view text);
/// Length of the longest prefix that does not end inside a sequence that more bytes could complete.
std::size_t utf8CompletePrefix(std::string_view text) noexcept;

/// Text from bytes that arrive in pieces which may end inside a character, as tokens do.
class Utf8Stream {
public:
    /// What is complete with these bytes, sanitized; possibly nothing.
    std::string add(std::string_view bytes);
    /// What is left at the end, sanitized.
    std::string rest();

private:
    std::string m_pending;
};

} // namespace trilobit
