// SentencePiece .model files: arbitrary bytes; what is accepted must encode without leaving the vocabulary.
#include "core/tokenizer/tokenizerfiles.h"
#include "tests/fuzz/fuzzfile.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace trilobit;
    const test::FuzzFile file(data, size);
    auto vocabulary = tokenizerDataFromSentencePiece(file.path());
    if (!vocabulary)
        return 0;
    const auto tokenizer = makeTokenizer(std::move(*vocabulary));
    if (!tokenizer)
        return 0;
    for (const TokenId id : (*tokenizer)->encode("Hello  world \xFF\xC3\xA9", {true, true}))
        if (id < 0 || id >= (*tokenizer)->vocabSize())
            std::abort();
    return 0;
}
