// TextNormalizer: rewrites text before it is cut into tokens, as tokenizer.json files ask for.
#pragma once

#include "core/base/result.h"
#include "core/tokenizer/tokenizer.h"

#include <memory>
#include <string>
#include <string_view>

namespace trilobit {

/// Immutable; apply() may be called from any thread. Bytes that are not UTF-8 are left where they are.
class TextNormalizer {
public:
    virtual ~TextNormalizer() = default;
    virtual std::string apply(std::string_view text) const = 0;
};

/// Null when there are no steps. Errors: Format (an expression or a character map that cannot be used).
Result<std::shared_ptr<const TextNormalizer>> makeTextNormalizer(const std::vector<TextStep>& steps);

/// General categories as far as tokenizers ask for them.
bool isUnicodeSpace(std::uint32_t codePoint) noexcept;
bool isUnicodeControl(std::uint32_t codePoint) noexcept;     ///< Cc, Cf, Cn, Co
bool isUnicodePunctuation(std::uint32_t codePoint) noexcept; ///< P*, and the ASCII symbols

} // namespace trilobit
