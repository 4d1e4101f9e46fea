#include "core/corpus/tokenstream.h"

#include "core/base/json.h"
#include "core/base/rng.h"
#include "core/template/chattemplate.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

namespace trilobit {

namespace {

constexpr std::size_t kMaxTime = 1u << 20;

/// Renders chats; parses the vocabulary's template once.
class ChatEncoder {
public:
    static Result<ChatEncoder> create(const Tokenizer& tokenizer) {
        const TokenizerData& data = tokenizer.data();
        if (data.chatTemplate.empty())
            return fail(ErrorCode::Format, "there are chats, but the vocabulary has no chat template");
        TRILOBIT_TRY(ChatTemplate chatTemplate, ChatTemplate::parse(data.chatTemplate));
        return ChatEncoder(tokenizer, std::move(chatTemplate));
    }

    Result<EncodedDocument> encode(const std::vector<CorpusMessage>& messages) const {
        Json list = Json::array();
        std::vector<std::string> prompts; // what the chat shows the model before each answer
        for (const CorpusMessage& message : messages) {
            if (message.role == "assistant") {
                TRILOBIT_TRY(std::string prompt, render(list, true));
                prompts.push_back(std::move(prompt));
            }
            list.push(Json::object({{"role", message.role}, {"content", message.text}}));
        }
        TRILOBIT_TRY(const std::string text, render(list, false));
        EncodedDocument document;
        std::size_t at = 0;
        // Cut where the chat cuts: its prompt and the model's answer never share a token.
        const auto append = [&](std::size_t end, bool startsWithAnswer) {
            bool answer = startsWithAnswer;
            for (const TokenId id : m_tokenizer->encode(std::string_view(text).substr(at, end - at), {false, true})) {
                document.ids.push_back(id);
                document.answer.push_back(answer ? 1 : 0);
                // What follows the end token is written by the template and the user.
                answer = answer && !m_tokenizer->isEndOfGeneration(id);
            }
            at = end;
        };
        for (std::size_t i = 0; i < prompts.size(); ++i) {
            if (prompts[i].size() < at || text.compare(0, prompts[i].size(), prompts[i]) != 0)
                return fail(ErrorCode::Format, "with the answer the chat template writes what comes before it differently");
            append(prompts[i].size(), i > 0);
        }
        append(text.size(), !prompts.empty());
        return document;
    }

private:
    ChatEncoder(const Tokenizer& tokenizer, ChatTemplate chatTemplate)
        : m_tokenizer(&tokenizer), m_template(std::move(chatTemplate)) {}

    Result<std::string> render(const Json& messages, bool prompt) const {
        const TokenizerData& data = m_tokenizer->data();
        const auto text = [&](TokenId id) {
            return id == kNoToken ? std::string() : data.tokens[static_cast<std::size_t>(id)];
        };
        return m_template.render(Json::object({{"messages", messages},
                                               {"tools", nullptr},
                                               {"documents", nullptr},
                                               {"add_generation_prompt", prompt},
                                               {"bos_token", text(data.bos)},
                                               {"eos_token", text(data.eos)},
                                               {"unk_token", text(data.unknown)},
                                               {"pad_token", text(data.padding)}}));
    }

    const Tokenizer* m_tokenizer;
    ChatTemplate m_template;
};

EncodedDocument encodeText(const Tokenizer& tokenizer, const std::string& text) {
    const TokenizerData& data = tokenizer.data();
    EncodedDocument document;
    document.ids = tokenizer.encode(text, {false, false});
    if (data.bos != kNoToken)
        document.ids.insert(document.ids.begin(), data.bos);
    if (data.eos != kNoToken)
        document.ids.push_back(data.eos);
    document.answer.assign(document.ids.size(), 1);
    return document;
}

/// A bijection of 0 .. count-1, made of four rounds of a Feistel network over the next power of four; needs no memory.
std::uint64_t shuffled(std::uint64_t index, std::uint64_t count, std::uint64_t key) {
    int half = 1;
    while ((std::uint64_t{1} << (2 * half)) < count)
        ++half;
    const std::uint64_t mask = (std::uint64_t{1} << half) - 1;
    do {
        std::uint64_t left = index >> half, right = index & mask;
        for (std::uint64_t round = 0; round < 4; ++round) {
            const std::uint64_t mixed = Rng(key ^ (right * 4 + round)).next() & mask;
            const std::uint64_t next = left ^ mixed;
            left = right;
            right = next;
        }
        index = left << half | right;
    } while (index >= count); // walks on inside the cycle until it is back in range
    return index;
}

} // namespace

Result<EncodedDocument> TokenStream::encode(const Tokenizer& tokenizer, const Document& document, std::size_t number) {
    if (!document.isChat())
        return encodeText(tokenizer, document.text);
    auto encoder = ChatEncoder::create(tokenizer);
    auto encoded = encoder ? encoder->encode(document.messages) : Result<EncodedDocument>(encoder.error());
    if (!encoded) {
        Error error = encoded.error();
        error.field = "document " + std::to_string(number);
        return error;
    }
    return encoded;
}

Result<TokenStream> TokenStream::create(const Tokenizer& tokenizer, std::span<const Document> documents,
                                        const TokenStreamOptions& options, RunControl& control) {
    if (options.time < 2 || options.time > kMaxTime)
        return Error{ErrorCode::Usage, "expected 2 to " + std::to_string(kMaxTime) + " tokens, got "
                                           + std::to_string(options.time), {}, "time"};
    TokenStream stream;
    stream.m_options = options;
    stream.m_filler = std::max(tokenizer.data().eos, 0);
    std::optional<ChatEncoder> chats;
    for (std::size_t d = 0; d < documents.size(); ++d) {
        if (d % 16 == 0) {
            if (control.isCancelled())
                return cancelledError();
            control.progress(static_cast<double>(d), static_cast<double>(documents.size()), "encoding documents");
        }
        EncodedDocument encoded;
        if (documents[d].isChat()) {
            if (!chats) {
                TRILOBIT_TRY(chats, ChatEncoder::create(tokenizer));
            }
            auto chat = chats->encode(documents[d].messages);
            if (!chat) {
                Error error = std::move(chat).error();
                error.field = "document " + std::to_string(d + 1);
                return error;
            }
            encoded = *std::move(chat);
        } else {
            encoded = encodeText(tokenizer, documents[d].text);
        }
        if (encoded.ids.empty())
            continue;
        stream.m_starts.push_back(stream.m_ids.size());
        for (std::size_t i = 0; i < encoded.ids.size(); ++i) {
            const bool counts = i + 1 < encoded.ids.size() && (!options.answersOnly || encoded.answer[i + 1] != 0);
            stream.m_ids.push_back(encoded.ids[i]);
            stream.m_targets.push_back(counts ? encoded.ids[i + 1] : kIgnored);
            stream.m_counted += counts ? 1 : 0;
        }
    }
    if (stream.m_counted == 0)
        return fail(ErrorCode::Format, documents.empty() ? "there are no documents" : "the documents hold nothing to learn");
    stream.pack();
    return stream;
}

void TokenStream::pack() {
    const std::size_t time = m_options.time;
    std::vector<Piece> pieces;
    for (std::size_t d = 0; d < m_starts.size(); ++d) {
        const std::uint64_t end = d + 1 < m_starts.size() ? m_starts[d + 1] : m_ids.size();
        for (std::uint64_t at = m_starts[d]; at < end; at += time)
            pieces.push_back({at, static_cast<std::size_t>(std::min<std::uint64_t>(time, end - at))});
    }
    std::stable_sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) { return a.length > b.length; });
    std::multimap<std::size_t, std::size_t> room; // what is left -> window
    for (const Piece& piece : pieces) {
        const auto it = room.lower_bound(piece.length);
        std::size_t window = m_windows.size(), left = time;
        if (it != room.end()) {
            std::tie(left, window) = *it;
            room.erase(it);
        } else {
            m_windows.emplace_back();
        }
        m_windows[window].push_back(piece);
        if (left > piece.length)
            room.emplace(left - piece.length, window);
    }
    // Otherwise long documents would always come first.
    Rng rng(m_options.seed);
    for (std::vector<Piece>& window : m_windows)
        for (std::size_t i = window.size(); i > 1; --i)
            std::swap(window[i - 1], window[static_cast<std::size_t>(rng.below(i))]);
}

void TokenStream::fill(std::size_t window, std::int32_t* ids, std::int32_t* targets) const {
    std::size_t t = 0;
    for (const Piece& piece : m_windows[window])
        for (std::size_t i = 0; i < piece.length; ++i, ++t) {
            const auto at = static_cast<std::size_t>(piece.start + i);
            ids[t] = m_ids[at];
            targets[t] = m_targets[at];
        }
    for (; t < m_options.time; ++t) {
        ids[t] = m_filler;
        targets[t] = kIgnored;
    }
}

void TokenStream::batch(std::uint64_t step, std::size_t rows, std::span<std::int32_t> ids,
                        std::span<std::int32_t> targets) const {
    const std::size_t time = m_options.time;
    assert(rows > 0 && ids.size() >= rows * time && targets.size() >= rows * time && !m_windows.empty());
    const std::uint64_t count = m_windows.size();
    for (std::size_t row = 0; row < rows; ++row) {
        const std::uint64_t number = step * rows + row; // of all windows of all epochs
        const std::uint64_t key = Rng(m_options.seed + 0x9E3779B97F4A7C15ull * (number / count + 1)).next();
        fill(static_cast<std::size_t>(shuffled(number % count, count, key)), &ids[row * time], &targets[row * time]);
    }
}

bool TokenStream::sequential(std::uint64_t index, std::size_t rows, std::span<std::int32_t> ids,
                             std::span<std::int32_t> targets) const {
    const std::size_t time = m_options.time;
    assert(rows > 0 && ids.size() >= rows * time && targets.size() >= rows * time);
    if (index >= stepsPerEpoch(rows))
        return false;
    for (std::size_t row = 0; row < rows; ++row) {
        const std::uint64_t window = index * rows + row;
        if (window < m_windows.size()) {
            fill(static_cast<std::size_t>(window), &ids[row * time], &targets[row * time]);
        } else {
            std::fill_n(&ids[row * time], time, m_filler);
            std::fill_n(&targets[row * time], time, kIgnored);
        }
    }
    return true;
}

} // namespace trilobit
