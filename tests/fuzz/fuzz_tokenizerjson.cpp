// tokenizer.json: arbitrary text; what is accepted must encode without leaving the vocabulary.
#include "core/tokenizer/tokenizerjson.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace trilobit;
    const auto root = Json::parse({reinterpret_cast<const char*>(data), size});
    if (!root)
        return 0;
    auto vocabulary = tokenizerDataFromJson(*root);
    if (!vocabulary)
        return 0;
    const auto tokenizer = makeTokenizer(std::move(*vocabulary));
    if (!tokenizer)
        return 0;
    for (const std::string_view text : {"Hello  world 123\n", "\xFF\xC3\xA9 <s>", ""})
        for (const TokenId id : (*tokenizer)->encode(text, {true, true}))
            if (id < 0 || id >= (*tokenizer)->vocabSize())
                std::abort();
    return 0;
}
