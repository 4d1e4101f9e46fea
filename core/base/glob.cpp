#include "core/base/glob.h"

#include <string>
#include <vector>

namespace trilobit {

namespace {

constexpr std::size_t kMaxAlternatives = 256;
constexpr std::size_t kMaxLength = 512;

/// Position after the set that starts at pattern[i] == '[', or npos when it is not closed.
std::size_t setEnd(std::string_view pattern, std::size_t i) {
    const std::size_t close = pattern.find(']', i + 2);
    return close == std::string_view::npos ? close : close + 1;
}

bool setMatches(std::string_view set, char c) {
    // `set` without the brackets; a leading '!' negates.
    const bool negate = !set.empty() && set[0] == '!';
    bool found = false;
    for (std::size_t i = negate ? 1 : 0; i < set.size(); ++i) {
        if (i + 2 < set.size() && set[i + 1] == '-') {
            found |= set[i] <= c && c <= set[i + 2];
            i += 2;
        } else {
            found |= set[i] == c;
        }
    }
    return found != negate;
}

/// No braces here. The usual two-pointer walk: on a mismatch, go back to the last '*' and let it eat one more.
bool matchPlain(std::string_view pattern, std::string_view text) {
    std::size_t p = 0, t = 0, star = std::string_view::npos, starText = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            starText = t;
            continue;
        }
        bool ok = false;
        std::size_t next = p + 1;
        if (p < pattern.size()) {
            if (pattern[p] == '[' && setEnd(pattern, p) != std::string_view::npos) {
                next = setEnd(pattern, p);
                ok = setMatches(pattern.substr(p + 1, next - p - 2), text[t]);
            } else {
                ok = pattern[p] == '?' || pattern[p] == text[t];
            }
        }
        if (ok) {
            p = next;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++starText;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}

/// Expands the first brace group; false when malformed.
bool expandBraces(std::string_view pattern, std::vector<std::string>& out) {
    std::vector<std::string> open{std::string(pattern)};
    while (!open.empty()) {
        std::string current = std::move(open.back());
        open.pop_back();
        const std::size_t begin = current.find('{');
        if (begin == std::string::npos) {
            if (current.find('}') != std::string::npos)
                return false;
            out.push_back(std::move(current));
        } else {
            const std::size_t end = current.find('}', begin);
            if (end == std::string::npos || current.find('{', begin + 1) < end)
                return false;
            const std::string inside = current.substr(begin + 1, end - begin - 1);
            for (std::size_t from = 0; from <= inside.size();) {
                std::size_t comma = inside.find(',', from);
                if (comma == std::string::npos)
                    comma = inside.size();
                open.push_back(current.substr(0, begin) + inside.substr(from, comma - from) + current.substr(end + 1));
                from = comma + 1;
            }
        }
        if (open.size() + out.size() > kMaxAlternatives)
            return false;
    }
    return true;
}

} // namespace

bool globMatch(std::string_view pattern, std::string_view text) {
    if (pattern.find_first_of("{}") == std::string_view::npos)
        return matchPlain(pattern, text);
    std::vector<std::string> alternatives;
    if (pattern.size() > kMaxLength || !expandBraces(pattern, alternatives))
        return false;
    for (const std::string& alternative : alternatives)
        if (matchPlain(alternative, text))
            return true;
    return false;
}

Result<void> globCheck(std::string_view pattern) {
    const auto bad = [&](const char* why) {
        return fail(ErrorCode::Usage, "pattern \"" + std::string(pattern.substr(0, 80)) + "\": " + why);
    };
    if (pattern.empty())
        return bad("is empty");
    if (pattern.size() > kMaxLength)
        return bad("is longer than 512 characters");
    std::vector<std::string> alternatives;
    if (!expandBraces(pattern, alternatives))
        return bad("braces must be closed, not nested, with at most 256 alternatives in all");
    for (const std::string& alternative : alternatives)
        for (std::size_t i = 0; i < alternative.size();) {
            if (alternative[i] != '[') {
                ++i;
                continue;
            }
            i = setEnd(alternative, i);
            if (i == std::string_view::npos)
                return bad("'[' is not closed");
        }
    return {};
}

} // namespace trilobit
