#include "core/tokenizer/wordsplitter.h"

#include "core/base/utf8.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <utility>

namespace trilobit {

namespace {

constexpr std::uint32_t kMatchLimit = 10'000'000;
constexpr std::uint32_t kHeapLimitKib = 64 * 1024;
constexpr std::size_t kJitStackBytes = 8u << 20;
constexpr int kMaxFailures = 8; ///< engine failures in one text after which it is cut no further
constexpr std::size_t kMaxExpressionBytes = 64 * 1024;

template <auto function>
struct Free {
    template <class T>
    void operator()(T* pointer) const {
        function(pointer);
    }
};

using Code = std::unique_ptr<pcre2_code, Free<pcre2_code_free>>;
using MatchData = std::unique_ptr<pcre2_match_data, Free<pcre2_match_data_free>>;
using MatchContext = std::unique_ptr<pcre2_match_context, Free<pcre2_match_context_free>>;
using JitStack = std::unique_ptr<pcre2_jit_stack, Free<pcre2_jit_stack_free>>;

/// \s of PCRE2 also holds U+180E, which Unicode (and every maker of tokenizers) no longer counts as white space.
std::string withUnicodeSpaces(std::string_view expression) {
    static constexpr std::string_view kSpaces = "\\t-\\r\\x{85}\\p{Z}";
    std::string out;
    bool inClass = false;
    for (std::size_t i = 0; i < expression.size(); ++i) {
        const char c = expression[i];
        if (c == '\\' && i + 1 < expression.size()) {
            const char next = expression[++i];
            if (next == 's' && inClass)
                out += kSpaces;
            else if (next == 's')
                out.append("[").append(kSpaces).append("]");
            else if (next == 'S' && !inClass)
                out.append("[^").append(kSpaces).append("]");
            else
                out.append({'\\', next});
            continue;
        }
        if (c == '[')
            inClass = true;
        else if (c == ']')
            inClass = false;
        out += c;
    }
    return out;
}

/// What one call of split() needs besides the compiled expressions.
struct Workspace {
    MatchData match{pcre2_match_data_create(1, nullptr)};
    MatchContext context{pcre2_match_context_create(nullptr)};
    JitStack stack; ///< null: 32 KiB of the machine's stack, enough for nearly every text
    int failures = 0;

    Workspace() {
        if (!context)
            return;
        pcre2_set_match_limit(context.get(), kMatchLimit);
        pcre2_set_heap_limit(context.get(), kHeapLimitKib);
    }
    /// Mapping the large stack takes longer than splitting a sentence, so that waits until it is needed. False when it is
    /// there already or cannot be had.
    bool grow() {
        if (stack)
            return false;
        stack.reset(pcre2_jit_stack_create(32 * 1024, kJitStackBytes, nullptr));
        if (stack)
            pcre2_jit_stack_assign(context.get(), nullptr, stack.get());
        return stack != nullptr;
    }
    bool usable() const { return match && context && failures < kMaxFailures; }
};

class PcreSplitter : public WordSplitter {
public:
    explicit PcreSplitter(std::vector<Code> codes) : m_codes(std::move(codes)) {}

    void split(std::string_view text, std::vector<std::string_view>& words) const override {
        Workspace workspace;
        for (std::size_t i = 0; i < text.size();) {
            const std::string_view run = text.substr(i, utf8RunLength(text.substr(i)));
            if (utf8SequenceLength(run) != 0)
                splitValid(run, workspace, words);
            else
                words.push_back(run);
            i += run.size();
        }
    }

private:
    void splitValid(std::string_view text, Workspace& workspace, std::vector<std::string_view>& words) const {
        std::vector<std::string_view> pieces{text}, next;
        for (const Code& code : m_codes) {
            next.clear();
            for (const std::string_view piece : pieces)
                splitPiece(*code, piece, workspace, next);
            std::swap(pieces, next);
        }
        words.insert(words.end(), pieces.begin(), pieces.end());
    }

    static void splitPiece(const pcre2_code& code, std::string_view piece, Workspace& workspace,
                           std::vector<std::string_view>& out) {
        std::size_t done = 0; // everything before is in `out`
        std::size_t from = 0; // where the next search starts
        while (from < piece.size() && workspace.usable()) {
            const int rc = pcre2_match(&code, reinterpret_cast<PCRE2_SPTR>(piece.data()), piece.size(), from,
                                       PCRE2_NO_UTF_CHECK, workspace.match.get(), workspace.context.get());
            if (rc == PCRE2_ERROR_JIT_STACKLIMIT && workspace.grow())
                continue;
            if (rc < 0) {
                workspace.failures += rc != PCRE2_ERROR_NOMATCH;
                break;
            }
            const std::size_t* ends = pcre2_get_ovector_pointer(workspace.match.get());
            if (ends[1] <= ends[0] || ends[0] < done) { // matches nothing: look further on
                const std::size_t at = ends[1] > from ? ends[1] : from;
                from = at + (at < piece.size() ? utf8SequenceLength(piece.substr(at)) : 1);
                continue;
            }
            if (ends[0] > done)
                out.push_back(piece.substr(done, ends[0] - done));
            out.push_back(piece.substr(ends[0], ends[1] - ends[0]));
            done = from = ends[1];
        }
        if (done < piece.size())
            out.push_back(piece.substr(done));
    }

    std::vector<Code> m_codes;
};

Result<Code> compile(const std::string& expression) {
    const auto broken = [&](std::string why) {
        return fail(ErrorCode::Format, "the pre-tokenizer expression \"" + utf8Sanitized(expression.substr(0, 120))
                                           + "\" cannot be used: " + std::move(why));
    };
    if (expression.size() > kMaxExpressionBytes)
        return broken("it is longer than " + std::to_string(kMaxExpressionBytes) + " bytes");
    const std::string source = withUnicodeSpaces(expression);
    int error = 0;
    std::size_t offset = 0;
    Code code(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(source.data()), source.size(),
                            PCRE2_UTF | PCRE2_UCP | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C, &error, &offset,
                            nullptr));
    if (!code) {
        char message[160] = {};
        pcre2_get_error_message(error, reinterpret_cast<PCRE2_UCHAR*>(message), sizeof message);
        return broken(std::string(message) + " near character " + std::to_string(offset));
    }
    // Without the just-in-time compiler matching is slower, not different.
    (void)pcre2_jit_compile(code.get(), PCRE2_JIT_COMPLETE);
    return code;
}

} // namespace

Result<std::unique_ptr<const WordSplitter>> makeWordSplitter(const std::vector<std::string>& expressions) {
    std::vector<Code> codes;
    for (const std::string& expression : expressions) {
        TRILOBIT_TRY(Code code, compile(expression));
        codes.push_back(std::move(code));
    }
    return std::unique_ptr<const WordSplitter>(std::make_unique<PcreSplitter>(std::move(codes)));
}

} // namespace trilobit
