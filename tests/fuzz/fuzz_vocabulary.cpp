// Vocabularies by their settings: each byte of the input chooses; the rest is text. Whatever makeTokenizer accepts must
// stay within its vocabulary, for every kind, normalizer and character map.
#include "core/tokenizer/tokenizer.h"

#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace trilobit;
    std::size_t at = 0;
    const auto byte = [&] { return at < size ? data[at++] : std::uint8_t{0}; };
    const auto text = [&](std::size_t length) {
        length = std::min(length, size - at);
        std::string out(reinterpret_cast<const char*>(data) + at, length);
        at += length;
        return out;
    };
    TokenizerData vocabulary;
    const std::uint8_t flags = byte();
    vocabulary.kind = flags & 1 ? TokenizerKind::WordPiece : TokenizerKind::Unigram;
    vocabulary.addSpacePrefix = flags & 2;
    vocabulary.mergeSpaces = flags & 4;
    vocabulary.splitAtSpaces = flags & 8;
    (flags & 16 ? vocabulary.wordStart : vocabulary.wordRest) = flags & 32 ? "##" : "\xE2\x96\x81";
    for (int steps = byte() % 5; steps > 0; --steps) {
        TextStep step;
        step.kind = static_cast<TextStep::Kind>(byte() % 14);
        step.pattern = text(byte());
        step.content = text(byte() % 8);
        vocabulary.normalizers.push_back(std::move(step));
    }
    for (int count = 1 + byte() % 64; count > 0; --count) {
        vocabulary.types.push_back(static_cast<TokenType>(byte() % 7));
        vocabulary.tokens.push_back(text(byte() % 12));
        vocabulary.scores.push_back(static_cast<float>(byte()) - 200.0f);
    }
    vocabulary.unknown = flags & 64 ? 0 : kNoToken;
    const auto tokenizer = makeTokenizer(std::move(vocabulary));
    if (!tokenizer)
        return 0;
    const auto ids = (*tokenizer)->encode(text(size), {true, (flags & 128) != 0});
    for (const TokenId id : ids)
        if (id < 0 || id >= (*tokenizer)->vocabSize())
            std::abort();
    (void)(*tokenizer)->decode(ids, true);
    return 0;
}
