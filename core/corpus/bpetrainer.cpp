#include "core/corpus/bpetrainer.h"

#include "core/base/utf8.h"
#include "core/tokenizer/bytelevel.h"
#include "core/tokenizer/pretokenizers.h"
#include "core/tokenizer/specialtokens.h"
#include "core/tokenizer/wordsplitter.h"

#include <algorithm>
#include <array>
#include <limits>
#include <queue>
#include <unordered_map>

namespace trilobit {

namespace {

constexpr std::size_t kBytes = 256;
constexpr std::size_t kMaxVocabulary = 1u << 20;

Error usage(std::string field, std::string message) {
    return Error{ErrorCode::Usage, std::move(message), {}, std::move(field)};
}

Result<void> checkTraining(const BpeTraining& training) {
    const std::size_t least = training.specialTokens.size() + kBytes;
    if (training.vocabSize < least || training.vocabSize > kMaxVocabulary)
        return usage("vocabSize", "expected " + std::to_string(least) + " (special tokens and bytes) to "
                                      + std::to_string(kMaxVocabulary) + ", got " + std::to_string(training.vocabSize));
    if (training.minPairCount == 0)
        return usage("minPairCount", "expected at least 1");
    for (std::size_t i = 0; i < training.specialTokens.size(); ++i) {
        const std::string& name = training.specialTokens[i];
        if (name.size() < 3 || name.size() > SpecialTokens::kMaxNameBytes)
            return usage("specialTokens", "\"" + utf8Sanitized(name.substr(0, 40)) + "\" has " + std::to_string(name.size())
                                              + " bytes, expected 3 to " + std::to_string(SpecialTokens::kMaxNameBytes));
        if (utf8Sanitized(name) != name)
            return usage("specialTokens", "a name is not UTF-8");
        if (std::find(training.specialTokens.begin(), training.specialTokens.begin() + static_cast<std::ptrdiff_t>(i), name)
            != training.specialTokens.begin() + static_cast<std::ptrdiff_t>(i))
            return usage("specialTokens", "\"" + name + "\" is given twice");
    }
    return {};
}

/// Special tokens and bytes.
TokenizerData startVocabulary(const BpeTraining& training) {
    TokenizerData data;
    data.kind = TokenizerKind::ByteLevelBpe;
    data.preTokenizer = training.preTokenizer;
    data.addSpacePrefix = false;
    data.tokens = training.specialTokens;
    data.types.assign(training.specialTokens.size(), TokenType::Control);
    std::vector<std::string> letters(byteLetters().begin(), byteLetters().end());
    std::sort(letters.begin(), letters.end()); // UTF-8 sorts as its code points do
    data.tokens.insert(data.tokens.end(), letters.begin(), letters.end());
    data.types.resize(data.tokens.size(), TokenType::Normal);
    return data;
}

using Pair = std::uint64_t; ///< left id << 32 | right id: sorts as (left, right)

Pair pairOf(TokenId left, TokenId right) {
    return static_cast<Pair>(static_cast<std::uint32_t>(left)) << 32 | static_cast<std::uint32_t>(right);
}
TokenId leftOf(Pair pair) { return static_cast<TokenId>(pair >> 32); }
TokenId rightOf(Pair pair) { return static_cast<TokenId>(pair & 0xFFFFFFFFu); }

struct PairHash {
    std::size_t operator()(Pair pair) const noexcept {
        pair *= 0x9E3779B97F4A7C15ull;
        return static_cast<std::size_t>(pair ^ (pair >> 32));
    }
};

struct Word {
    std::vector<TokenId> ids;
    std::int64_t count = 0;
};

/// How often each pair stands in the words, kept up to date while pairs are joined.
class PairTable {
public:
    explicit PairTable(std::vector<Word> words) : m_words(std::move(words)) {
        for (std::uint32_t w = 0; w < m_words.size(); ++w)
            for (std::size_t i = 1; i < m_words[w].ids.size(); ++i)
                change(pairOf(m_words[w].ids[i - 1], m_words[w].ids[i]), m_words[w].count, w);
        for (const auto& [pair, entry] : m_pairs)
            m_heap.push({entry.count, pair});
    }

    /// The best pair that occurs at least `least` times; false when there is none.
    bool best(std::int64_t least, Pair& pair) {
        while (!m_heap.empty()) {
            const Candidate top = m_heap.top();
            m_heap.pop();
            // Counts only fall once a pair is in the heap, so an outdated entry stands too high, never too low.
            const auto it = m_pairs.find(top.pair);
            const std::int64_t now = it == m_pairs.end() ? 0 : it->second.count;
            if (now != top.count) {
                if (now >= least)
                    m_heap.push({now, top.pair});
                continue;
            }
            pair = top.pair;
            return now >= least;
        }
        return false;
    }

    /// Replaces the pair by `joint` in every word, from left to right.
    void join(Pair pair, TokenId joint) {
        const auto it = m_pairs.find(pair);
        if (it == m_pairs.end())
            return;
        const std::vector<std::uint32_t> places = std::move(it->second.words);
        m_pairs.erase(it);
        m_raised.clear();
        for (const std::uint32_t w : places)
            joinIn(w, pair, joint);
        m_pairs.erase(pair); // pairs of equal ids ("aaa") touch themselves
        std::sort(m_raised.begin(), m_raised.end());
        m_raised.erase(std::unique(m_raised.begin(), m_raised.end()), m_raised.end());
        for (const Pair raised : m_raised)
            if (const auto found = m_pairs.find(raised); found != m_pairs.end() && found->second.count > 0)
                m_heap.push({found->second.count, raised});
    }

private:
    struct Entry {
        std::int64_t count = 0;
        std::vector<std::uint32_t> words; ///< where it stands or stood
    };
    struct Candidate {
        std::int64_t count;
        Pair pair;
        bool operator<(const Candidate& other) const {
            return count != other.count ? count < other.count : pair > other.pair;
        }
    };

    void change(Pair pair, std::int64_t by, std::uint32_t word) {
        Entry& entry = m_pairs[pair];
        entry.count += by;
        if (by > 0 && (entry.words.empty() || entry.words.back() != word))
            entry.words.push_back(word);
    }

    void joinIn(std::uint32_t w, Pair pair, TokenId joint) {
        Word& word = m_words[w];
        std::vector<TokenId>& ids = word.ids;
        const TokenId left = leftOf(pair), right = rightOf(pair);
        std::size_t out = 0;
        for (std::size_t i = 0; i < ids.size();) {
            if (i + 1 == ids.size() || ids[i] != left || ids[i + 1] != right) {
                ids[out++] = ids[i++];
                continue;
            }
            if (out > 0) {
                change(pairOf(ids[out - 1], left), -word.count, w);
                raise(pairOf(ids[out - 1], joint), word.count, w);
            }
            if (i + 2 < ids.size()) {
                change(pairOf(right, ids[i + 2]), -word.count, w);
                raise(pairOf(joint, ids[i + 2]), word.count, w);
            }
            ids[out++] = joint;
            i += 2;
        }
        ids.resize(out);
    }

    void raise(Pair pair, std::int64_t by, std::uint32_t word) {
        change(pair, by, word);
        m_raised.push_back(pair);
    }

    std::vector<Word> m_words;
    std::unordered_map<Pair, Entry, PairHash> m_pairs;
    std::priority_queue<Candidate> m_heap;
    std::vector<Pair> m_raised; ///< new pairs of the join that is going on
};

/// The distinct words of the texts as byte ids, in no particular order.
Result<std::vector<Word>> countWords(std::span<const std::string_view> texts, const TokenizerData& data,
                                     const WordSplitter& splitter, RunControl& control) {
    std::array<TokenId, kBytes> ids{};
    for (TokenId id = 0; id < static_cast<TokenId>(data.tokens.size()); ++id)
        if (data.types[static_cast<std::size_t>(id)] == TokenType::Normal) {
            const std::string& letter = data.tokens[static_cast<std::size_t>(id)];
            ids[static_cast<std::size_t>(byteOfLetter(utf8CodePoint(letter, letter.size())))] = id;
        }
    const SpecialTokens specials(data);
    std::unordered_map<std::string_view, std::int64_t> counts;
    std::vector<std::string_view> words;
    constexpr std::size_t kStretch = 1u << 20; // cancelling must not wait for one huge text
    for (std::size_t t = 0; t < texts.size(); ++t) {
        const std::string_view text = texts[t];
        for (std::size_t begin = 0; begin < text.size();) {
            if (control.isCancelled())
                return cancelledError();
            const SpecialTokens::Match match = specials.find(text, begin, true);
            std::size_t end = match.id == kNoToken ? text.size() : match.start;
            bool cut = false;
            if (end - begin > kStretch) {
                // Before a line break: at most a run of white space is cut in two.
                const std::size_t line = text.find('\n', begin + kStretch);
                cut = line < end;
                end = std::min(end, line);
            }
            words.clear();
            splitter.split(text.substr(begin, end - begin), words);
            for (const std::string_view word : words)
                ++counts[word];
            begin = cut || match.id == kNoToken ? end : match.start + match.length;
        }
        control.progress(static_cast<double>(t + 1), static_cast<double>(texts.size()), "counting words");
    }
    std::vector<Word> result;
    result.reserve(counts.size());
    for (const auto& [text, count] : counts) {
        Word word;
        word.count = count;
        word.ids.reserve(text.size());
        for (const char c : text)
            word.ids.push_back(ids[static_cast<unsigned char>(c)]);
        result.push_back(std::move(word));
    }
    return result;
}

} // namespace

Result<TokenizerData> trainBpe(std::span<const std::string_view> texts, const BpeTraining& training, RunControl& control) {
    TRILOBIT_CHECK(checkTraining(training));
    const PreTokenizer* preTokenizer = findPreTokenizer(training.preTokenizer);
    if (!preTokenizer)
        return Error{ErrorCode::Unsupported,
                     "\"" + utf8Sanitized(training.preTokenizer.substr(0, 80)) + "\" is not known", {}, "preTokenizer"};
    TRILOBIT_TRY(const std::unique_ptr<const WordSplitter> splitter, makeWordSplitter(preTokenizer->expressions));
    TokenizerData data = startVocabulary(training);
    data.ignoreMerges = preTokenizer->ignoreMerges;
    TRILOBIT_TRY(std::vector<Word> words, countWords(texts, data, *splitter, control));
    PairTable table(std::move(words));

    std::unordered_map<std::string, TokenId> known;
    for (std::size_t id = training.specialTokens.size(); id < data.tokens.size(); ++id)
        known.emplace(data.tokens[id], static_cast<TokenId>(id));
    const auto least = static_cast<std::int64_t>(
        std::min<std::uint64_t>(training.minPairCount, std::numeric_limits<std::int64_t>::max()));
    Pair pair = 0;
    while (data.tokens.size() < training.vocabSize && table.best(least, pair)) {
        if (control.isCancelled())
            return cancelledError();
        const std::string& left = data.tokens[static_cast<std::size_t>(leftOf(pair))];
        const std::string& right = data.tokens[static_cast<std::size_t>(rightOf(pair))];
        data.merges.push_back(left + " " + right);
        // "ab"+"c" and "a"+"bc" are two merges that lead to one token.
        const auto [it, isNew] = known.emplace(left + right, static_cast<TokenId>(data.tokens.size()));
        if (isNew) {
            data.tokens.push_back(it->first);
            data.types.push_back(TokenType::Normal);
            control.progress(static_cast<double>(data.tokens.size()), static_cast<double>(training.vocabSize),
                             "joining pairs");
        }
        table.join(pair, it->second);
    }
    return data;
}

} // namespace trilobit
