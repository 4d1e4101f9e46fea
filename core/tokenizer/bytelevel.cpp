#include "core/tokenizer/bytelevel.h"

#include "core/base/utf8.h"

namespace trilobit {

namespace {

constexpr std::uint32_t kFirstMoved = 0x100;
constexpr std::uint32_t kEnd = 0x144; ///< one past the last letter

struct Letters {
    std::array<std::string, 256> letters;
    std::array<std::int16_t, kEnd> bytes;
};

constexpr bool standsForItself(std::uint32_t byte) {
    return (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
}

const Letters& tables() {
    static const Letters kTables = [] {
        Letters result;
        result.bytes.fill(-1);
        std::uint32_t next = kFirstMoved;
        for (std::uint32_t byte = 0; byte < 256; ++byte) {
            const std::uint32_t letter = standsForItself(byte) ? byte : next++;
            utf8Append(result.letters[byte], letter);
            result.bytes[letter] = static_cast<std::int16_t>(byte);
        }
        return result;
    }();
    return kTables;
}

} // namespace

const std::array<std::string, 256>& byteLetters() { return tables().letters; }

int byteOfLetter(std::uint32_t codePoint) noexcept { return codePoint < kEnd ? tables().bytes[codePoint] : -1; }

std::string bytesToLetters(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const char c : bytes)
        out += byteLetters()[static_cast<unsigned char>(c)];
    return out;
}

std::string lettersToBytes(std::string_view letters) {
    std::string out;
    out.reserve(letters.size());
    for (std::size_t i = 0; i < letters.size();) {
        const std::size_t length = utf8SequenceLength(letters.substr(i));
        if (length == 0) {
            out += letters[i++];
            continue;
        }
        const int byte = byteOfLetter(utf8CodePoint(letters.substr(i), length));
        if (byte >= 0)
            out += static_cast<char>(byte);
        else
            out.append(letters, i, length);
        i += length;
    }
    return out;
}

} // namespace trilobit
