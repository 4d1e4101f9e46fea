// The byte letters of GPT-2: every byte has one printable character that stands for it inside BPE vocabularies.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace trilobit {

/// UTF-8 form of the letter of each byte. Bytes 33-126, 161-172 and 174-255 stand for themselves (as Latin-1
/// characters); the other 68, in order, are U+0100 to U+0143.
const std::array<std::string, 256>& byteLetters();
/// The byte whose letter is `codePoint`, or -1.
int byteOfLetter(std::uint32_t codePoint) noexcept;
/// Bytes as a row of letters.
std::string bytesToLetters(std::string_view bytes);
/// The reverse; characters that are no byte letter are kept as they are.
std::string lettersToBytes(std::string_view letters);

} // namespace trilobit
