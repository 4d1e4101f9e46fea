// SentencePiece .model files, written: pieces with their scores and types, and the settings that decide how text is cut.
#include "core/tokenizer/tokenizerfiles.h"

#include <bit>
#include <cstdint>

namespace trilobit {

namespace {

constexpr std::string_view kMark = "\xE2\x96\x81";

/// Appends the fields of one protocol buffer message.
class Message {
public:
    Message& number(unsigned field, std::int64_t value) {
        return key(field, 0).varint(static_cast<std::uint64_t>(value));
    }
    Message& real(unsigned field, float value) {
        key(field, 5);
        const auto bits = std::bit_cast<std::uint32_t>(value);
        for (int i = 0; i < 4; ++i)
            m_bytes += static_cast<char>(bits >> (8 * i) & 0xFF);
        return *this;
    }
    Message& text(unsigned field, std::string_view value) {
        key(field, 2).varint(value.size());
        m_bytes.append(value);
        return *this;
    }
    Message& message(unsigned field, const Message& value) { return text(field, value.m_bytes); }
    std::string take() { return std::move(m_bytes); }

private:
    Message& key(unsigned field, unsigned wire) { return varint(field << 3 | wire); }
    Message& varint(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7)
            m_bytes += static_cast<char>(value | 0x80);
        m_bytes += static_cast<char>(value);
        return *this;
    }
    std::string m_bytes;
};

/// User-defined pieces are kept as they stand in texts; the file has marks for spaces everywhere.
std::string withMarks(const std::string& text) {
    std::string out;
    for (const char c : text)
        c == ' ' ? out.append(kMark) : out.append(1, c);
    return out;
}

} // namespace

Result<std::string> tokenizerDataToSentencePiece(const TokenizerData& data) {
    const bool unigram = data.kind == TokenizerKind::Unigram;
    if (!unigram && data.kind != TokenizerKind::SentencePiece)
        return fail(ErrorCode::Unsupported, "only SentencePiece and unigram vocabularies are written as tokenizer.model");
    const bool mapped = !data.normalizers.empty() && data.normalizers.front().kind == TextStep::Kind::CharsMap;
    const bool extraSpaces = unigram ? data.mergeSpaces : mapped && data.normalizers.size() == 3;
    if (data.normalizers.size() > (mapped ? (unigram ? 1u : 3u) : 0u) || data.splitAtSpaces || !data.wordStart.empty())
        return fail(ErrorCode::Unsupported, "a vocabulary that rewrites its text in steps of its own is not written");
    Message file;
    for (std::size_t i = 0; i < data.tokens.size(); ++i) {
        Message piece;
        piece.text(1, data.types[i] == TokenType::UserDefined ? withMarks(data.tokens[i]) : data.tokens[i]);
        piece.real(2, i < data.scores.size() ? static_cast<float>(data.scores[i]) : 0.0f);
        if (data.types[i] != TokenType::Undefined)
            piece.number(3, static_cast<std::int64_t>(data.types[i]));
        file.message(1, piece);
    }
    Message trainer, normalizer;
    trainer.number(3, unigram ? 1 : 2).number(4, static_cast<std::int64_t>(data.tokens.size())).number(35, 1);
    trainer.number(40, data.unknown).number(41, data.bos).number(42, data.eos).number(43, data.padding);
    normalizer.text(1, mapped ? "user_defined" : "identity");
    if (mapped)
        normalizer.text(2, data.normalizers.front().pattern);
    normalizer.number(3, data.addSpacePrefix).number(4, extraSpaces).number(5, 1);
    return file.message(2, trainer).message(3, normalizer).take();
}

} // namespace trilobit
