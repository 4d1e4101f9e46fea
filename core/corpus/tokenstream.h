// TokenStream: documents as one row of tokens, and the batches that training takes from it.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/corpus/documents.h"
#include "core/tokenizer/tokenizer.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace trilobit {

/// A document as a model sees it: chats through the vocabulary's chat template, plain
/// texts with BOS before and EOS after, where the vocabulary has them. Errors: Format (a chat without a template,
/// or one that the template refuses), naming the document by `number`.
struct EncodedDocument {
    std::vector<TokenId> ids;
    std::vector<std::uint8_t> answer; ///< 1: this token belongs to an answer, its end token included; all 1 for plain text
};

struct TokenStreamOptions {
    std::size_t time = 256;   ///< tokens in a window
    std::uint64_t seed = 1;   ///< order of the windows
    bool answersOnly = false; ///< targets outside answers are kIgnored
};

/// Documents are never cut unless they are longer than a window: each window holds whole documents, packed so that little
/// room is left (best fit, longest first), in a seeded order. So an answer is always learned together with what it refers to, as in a chat.
/// Longer documents are cut every `time` tokens; what is left at the end is packed like a document.
class TokenStream {
public:
    static constexpr std::int32_t kIgnored = -100;

    /// Encodes and packs all documents; documents without tokens are left out. Errors: Usage (time), Format (nothing to
    /// learn; see EncodedDocument), Cancelled.
    static Result<TokenStream> create(const Tokenizer& tokenizer, std::span<const Document> documents,
                                      const TokenStreamOptions& options, RunControl& control);
    static Result<EncodedDocument> encode(const Tokenizer& tokenizer, const Document& document, std::size_t number);

    std::size_t time() const { return m_options.time; }
    /// All documents, one after the other.
    const std::vector<std::int32_t>& ids() const { return m_ids; }
    /// Where each document starts in ids(), ascending; the first is 0.
    const std::vector<std::uint64_t>& starts() const { return m_starts; }
    /// Targets that are not kIgnored in one pass over all windows.
    std::uint64_t countedTargets() const { return m_counted; }
    std::uint64_t windows() const { return m_windows.size(); }
    /// Steps until every window has been seen once (rounded up: the next epoch starts inside the last of them).
    std::uint64_t stepsPerEpoch(std::size_t rows) const { return (windows() + rows - 1) / rows; }

    /// Batch number `step`: ids and targets [rows, time()], row-major; targets are the next tokens or kIgnored: the last
    /// token of a document, the room that is left, and, with answersOnly, what is no answer. Epochs follow each other
    /// without a gap, each in an order of its own. A function of (stream, step, rows) only: a run that goes on at
    /// `step` sees what it would have seen. rows > 0; both spans hold rows * time() values. Any thread.
    void batch(std::uint64_t step, std::size_t rows, std::span<std::int32_t> ids, std::span<std::int32_t> targets) const;

    /// The same in the order of packing, once, for held-out loss: rows past the last window have kIgnored targets.
    /// False when `index` is past the end.
    bool sequential(std::uint64_t index, std::size_t rows, std::span<std::int32_t> ids,
                    std::span<std::int32_t> targets) const;

private:
    /// A stretch of the row: a document or, of a long one, a part.
    struct Piece {
        std::uint64_t start = 0;
        std::size_t length = 0;
    };

    void pack();
    void fill(std::size_t window, std::int32_t* ids, std::int32_t* targets) const;

    TokenStreamOptions m_options;
    std::vector<std::int32_t> m_ids, m_targets; ///< targets already shifted
    std::vector<std::uint64_t> m_starts;
    std::vector<std::vector<Piece>> m_windows;
    std::int32_t m_filler = 0; ///< the id in the room that is left
    std::uint64_t m_counted = 0;
};

} // namespace trilobit
