#include "core/tokenizer/textnormalizer.h"

#include "core/base/utf8.h"
#include "core/tokenizer/charsmap.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/bytestream.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

namespace trilobit {

namespace {

constexpr std::uint32_t kMatchLimit = 1'000'000;
/// Rewriting may make text longer; a step that makes it very much longer is left out from there on.
constexpr std::size_t kMaxGrowth = 64;

using Steps = std::vector<TextStep>;

std::string normalized(const char* form, UNormalization2Mode mode, std::string_view text) {
    UErrorCode error = U_ZERO_ERROR;
    const icu::Normalizer2* normalizer = icu::Normalizer2::getInstance(nullptr, form, mode, error);
    std::string out;
    if (U_SUCCESS(error)) {
        icu::StringByteSink<std::string> sink(&out);
        normalizer->normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())), sink, nullptr,
                                  error);
    }
    return U_SUCCESS(error) ? out : std::string(text);
}

/// Calls use(codePoint) for each character.
template <class Use>
void forEachCharacter(std::string_view text, Use&& use) {
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = utf8SequenceLength(text.substr(i));
        use(utf8CodePoint(text.substr(i), length));
        i += length;
    }
}

/// No vocabulary that means well does this; one that does not could fill the memory.
bool growsTooMuch(std::string_view before, const std::string& after) {
    return after.size() > (before.size() + 1) * kMaxGrowth;
}

bool bringsBytes(TextStep::Kind kind) {
    return kind == TextStep::Kind::Replace || kind == TextStep::Kind::ReplaceExpression || kind == TextStep::Kind::Prepend
           || kind == TextStep::Kind::CharsMap;
}

std::string lowercase(std::string_view text) {
    std::string out;
    forEachCharacter(text, [&](std::uint32_t c) {
        // Character by character, as the makers do: a few become two characters.
        if (c == 0x130) {
            out += "i\xCC\x87";
            return;
        }
        utf8Append(out, static_cast<std::uint32_t>(u_tolower(static_cast<UChar32>(c))));
    });
    return out;
}

std::string withoutMarks(std::string_view text) {
    std::string out;
    forEachCharacter(text, [&](std::uint32_t c) {
        if (u_charType(static_cast<UChar32>(c)) != U_NON_SPACING_MARK)
            utf8Append(out, c);
    });
    return out;
}

std::string cleaned(std::string_view text) {
    std::string out;
    forEachCharacter(text, [&](std::uint32_t c) {
        const bool space = c == '\t' || c == '\n' || c == '\r' || isUnicodeSpace(c);
        if (space)
            out += ' ';
        else if (c != 0 && c != 0xFFFD && !isUnicodeControl(c))
            utf8Append(out, c);
    });
    return out;
}

bool isCjk(std::uint32_t c) {
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x2A6DF)
           || (c >= 0x2A700 && c <= 0x2B73F) || (c >= 0x2B740 && c <= 0x2B81F) || (c >= 0x2B920 && c <= 0x2CEAF)
           || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x2F800 && c <= 0x2FA1F);
}

std::string withCjkApart(std::string_view text) {
    std::string out;
    forEachCharacter(text, [&](std::uint32_t c) {
        const bool apart = isCjk(c);
        if (apart)
            out += ' ';
        utf8Append(out, c);
        if (apart)
            out += ' ';
    });
    return out;
}

std::string stripped(std::string_view text, bool left, bool right) {
    std::size_t begin = 0, end = text.size();
    while (left && begin < end) {
        const std::size_t length = utf8SequenceLength(text.substr(begin));
        if (!isUnicodeSpace(utf8CodePoint(text.substr(begin), length)))
            break;
        begin += length;
    }
    while (right && end > begin) {
        std::size_t start = end - 1;
        while (start > begin && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80)
            --start;
        const std::size_t length = utf8SequenceLength(text.substr(start));
        if (length == 0 || !isUnicodeSpace(utf8CodePoint(text.substr(start), length)))
            break;
        end = start;
    }
    return std::string(text.substr(begin, end - begin));
}

/// Deletes what PCRE2 made.
struct FreeCode {
    void operator()(pcre2_code* code) const { pcre2_code_free(code); }
};
using Code = std::shared_ptr<const pcre2_code>;

Result<Code> compiled(const std::string& expression) {
    int error = 0;
    std::size_t offset = 0;
    pcre2_code* code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(expression.data()), expression.size(),
                                     PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C, &error, &offset, nullptr);
    if (!code)
        return Error{ErrorCode::Format, "the expression \"" + utf8Sanitized(expression.substr(0, 80))
                     + "\" cannot be used, near character " + std::to_string(offset), {}, "normalizer"};
    return Code(code, FreeCode());
}

std::string replacedByExpression(const pcre2_code& code, std::string_view text, const std::string& content) {
    const std::unique_ptr<pcre2_match_data, void (*)(pcre2_match_data*)> match(pcre2_match_data_create(1, nullptr),
                                                                              pcre2_match_data_free);
    const std::unique_ptr<pcre2_match_context, void (*)(pcre2_match_context*)> context(
        pcre2_match_context_create(nullptr), pcre2_match_context_free);
    if (!match || !context)
        return std::string(text);
    pcre2_set_match_limit(context.get(), kMatchLimit);
    std::string out;
    std::size_t done = 0, from = 0;
    while (from < text.size()
           && pcre2_match(&code, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), from, PCRE2_NO_UTF_CHECK, match.get(),
                          context.get())
                  >= 0) {
        const std::size_t* ends = pcre2_get_ovector_pointer(match.get());
        if (ends[1] <= ends[0] || ends[0] < done) { // matches nothing: look further on
            from = std::max(ends[1], from);
            from += from < text.size() ? std::max<std::size_t>(1, utf8SequenceLength(text.substr(from))) : 1;
            continue;
        }
        out.append(text.substr(done, ends[0] - done)).append(content);
        done = from = ends[1];
        if (growsTooMuch(text, out))
            return std::string(text);
    }
    out.append(text.substr(std::min(done, text.size())));
    return out;
}

std::string replaced(std::string_view text, std::string_view pattern, std::string_view content) {
    std::string out;
    std::size_t done = 0;
    for (std::size_t at; !pattern.empty() && (at = text.find(pattern, done)) != std::string_view::npos;) {
        out.append(text.substr(done, at - done)).append(content);
        done = at + pattern.size();
        if (growsTooMuch(text, out))
            return std::string(text);
    }
    out.append(text.substr(done));
    return out;
}

class StepNormalizer final : public TextNormalizer {
public:
    struct Prepared {
        TextStep step;
        Code code;
        std::shared_ptr<const CharsMap> map;
    };

    explicit StepNormalizer(std::vector<Prepared> steps) : m_steps(std::move(steps)) {}

    std::string apply(std::string_view text) const override {
        std::string out;
        for (std::size_t i = 0; i < text.size();) {
            const std::string_view run = text.substr(i, utf8RunLength(text.substr(i)));
            out += utf8SequenceLength(run) != 0 ? applyToValid(run) : std::string(run);
            i += run.size();
        }
        return out;
    }

private:
    std::string applyToValid(std::string_view text) const {
        std::string out(text);
        for (const Prepared& prepared : m_steps) {
            std::string next = one(prepared, out);
            if (growsTooMuch(text, next))
                break;
            // What a vocabulary puts in may be any bytes, or cut a character in two; the other steps want whole ones.
            out = bringsBytes(prepared.step.kind) ? utf8Sanitized(next) : std::move(next);
        }
        return out;
    }

    static std::string one(const Prepared& p, const std::string& text) {
        switch (p.step.kind) {
        case TextStep::Kind::Nfc: return normalized("nfc", UNORM2_COMPOSE, text);
        case TextStep::Kind::Nfd: return normalized("nfc", UNORM2_DECOMPOSE, text);
        case TextStep::Kind::Nfkc: return normalized("nfkc", UNORM2_COMPOSE, text);
        case TextStep::Kind::Nfkd: return normalized("nfkc", UNORM2_DECOMPOSE, text);
        case TextStep::Kind::Lowercase: return lowercase(text);
        case TextStep::Kind::StripMarks: return withoutMarks(text);
        case TextStep::Kind::Clean: return cleaned(text);
        case TextStep::Kind::CjkApart: return withCjkApart(text);
        case TextStep::Kind::StripLeft: return stripped(text, true, false);
        case TextStep::Kind::StripRight: return stripped(text, false, true);
        case TextStep::Kind::Prepend: // a pattern says what needs nothing before it
            return text.empty() || (!p.step.pattern.empty() && text.starts_with(p.step.pattern)) ? text
                                                                                                : p.step.content + text;
        case TextStep::Kind::Replace: return replaced(text, p.step.pattern, p.step.content);
        case TextStep::Kind::ReplaceExpression: return replacedByExpression(*p.code, text, p.step.content);
        case TextStep::Kind::CharsMap: return p.map->apply(text);
        }
        return text;
    }

    std::vector<Prepared> m_steps;
};

} // namespace

Result<std::shared_ptr<const TextNormalizer>> makeTextNormalizer(const std::vector<TextStep>& steps) {
    if (steps.empty())
        return std::shared_ptr<const TextNormalizer>();
    std::vector<StepNormalizer::Prepared> prepared;
    for (const TextStep& step : steps) {
        StepNormalizer::Prepared p{step, nullptr, nullptr};
        if (step.kind == TextStep::Kind::ReplaceExpression) {
            TRILOBIT_TRY(p.code, compiled(step.pattern));
        }
        if (step.kind == TextStep::Kind::CharsMap) {
            TRILOBIT_TRY(p.map, CharsMap::read(step.pattern));
        }
        prepared.push_back(std::move(p));
    }
    return std::shared_ptr<const TextNormalizer>(std::make_shared<StepNormalizer>(std::move(prepared)));
}

bool isUnicodeSpace(std::uint32_t codePoint) noexcept { return u_isUWhiteSpace(static_cast<UChar32>(codePoint)) != 0; }

bool isUnicodeControl(std::uint32_t codePoint) noexcept {
    switch (u_charType(static_cast<UChar32>(codePoint))) {
    case U_CONTROL_CHAR:
    case U_FORMAT_CHAR:
    case U_UNASSIGNED:
    case U_PRIVATE_USE_CHAR: return true;
    default: return false;
    }
}

bool isUnicodePunctuation(std::uint32_t codePoint) noexcept {
    const bool ascii = (codePoint >= 33 && codePoint <= 47) || (codePoint >= 58 && codePoint <= 64)
                       || (codePoint >= 91 && codePoint <= 96) || (codePoint >= 123 && codePoint <= 126);
    return ascii || u_ispunct(static_cast<UChar32>(codePoint)) != 0;
}

} // namespace trilobit
