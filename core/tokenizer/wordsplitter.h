// WordSplitter: cuts text into the words that BPE merges never cross. Hides the regular expression engine.
#pragma once

#include "core/base/result.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace trilobit {

/// Immutable; split() may be called from any thread.
class WordSplitter {
public:
    virtual ~WordSplitter() = default;
    /// Appends the words of `text` in order; together they are the text. Each expression in turn cuts every piece
    /// left by the one before it into its matches and what lies between them. Bytes that are not UTF-8 form words of
    /// their own. When the engine gives up on a piece (its step or memory limit), the rest of that piece is one word.
    virtual void split(std::string_view text, std::vector<std::string_view>& words) const = 0;
};

/// `expressions`: Perl-style with Unicode classes, as in tokenizer.json. Errors: Format, naming the expression and
/// where it is wrong.
Result<std::unique_ptr<const WordSplitter>> makeWordSplitter(const std::vector<std::string>& expressions);

} // namespace trilobit
