#include "core/corpus/talk/phrase.h"

#include <array>
#include <cassert>
#include <cctype>

namespace trilobit::talk {

namespace {

bool isLetter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

const std::string& slot(std::string_view name, const Slots& slots) {
    for (const auto& [key, value] : slots)
        if (key == name)
            return value;
    assert(!"a pattern names a slot that is not given");
    static const std::string kNothing;
    return kNothing;
}

/// Expands from `at` up to the '|' or '}' that ends this alternative, or the end.
void expand(std::string_view pattern, std::size_t& at, Rng& rng, const Slots& slots, std::string& out);

/// The end of the alternative that starts at `at`: its '|' or '}'.
std::size_t endOfAlternative(std::string_view pattern, std::size_t at) {
    int depth = 0;
    for (; at < pattern.size(); ++at) {
        if (pattern[at] == '{')
            ++depth;
        else if (depth > 0 && pattern[at] == '}')
            --depth;
        else if (depth == 0 && (pattern[at] == '|' || pattern[at] == '}'))
            return at;
    }
    assert(!"a brace is not closed");
    return pattern.size();
}

void expandChoice(std::string_view pattern, std::size_t& at, Rng& rng, const Slots& slots, std::string& out) {
    std::vector<std::size_t> starts{at};
    std::size_t end = endOfAlternative(pattern, at);
    while (end < pattern.size() && pattern[end] == '|') {
        starts.push_back(end + 1);
        end = endOfAlternative(pattern, end + 1);
    }
    std::size_t chosen = pick(starts, rng);
    expand(pattern, chosen, rng, slots, out);
    at = end + 1;
}

void expand(std::string_view pattern, std::size_t& at, Rng& rng, const Slots& slots, std::string& out) {
    while (at < pattern.size()) {
        const char c = pattern[at];
        if (c == '|' || c == '}')
            return;
        ++at;
        if (c == '{') {
            expandChoice(pattern, at, rng, slots, out);
        } else if (c == '$' || c == '@') {
            const std::size_t begin = at;
            while (at < pattern.size() && isLetter(pattern[at]))
                ++at;
            const std::string& value = slot(pattern.substr(begin, at - begin), slots);
            out += c == '@' ? withArticle(value) : value;
        } else {
            out += c;
        }
    }
}

} // namespace

std::string phrase(std::string_view pattern, Rng& rng, const Slots& slots) {
    std::string out;
    std::size_t at = 0;
    expand(pattern, at, rng, slots, out);
    bool start = true; // of a sentence
    for (std::size_t i = 0; i < out.size(); ++i) {
        const char c = out[i];
        if (start && isLetter(c)) {
            out[i] = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
            start = false;
        } else if (c == ' ' && i > 0 && (out[i - 1] == '.' || out[i - 1] == '!' || out[i - 1] == '?')) {
            start = true;
        } else if (c != '"' && c != ' ') {
            start = false;
        }
    }
    return out;
}

std::string withMark(std::string text) {
    const auto starts = [&](std::string_view word) { return text.rfind(word, 0) == 0; };
    text += starts("Tell ") || starts("Please ") || starts("Give ") || starts("I ") ? "." : "?";
    return text;
}

std::string withArticle(std::string_view noun) {
    const bool vowel = !noun.empty() && std::string_view("aeiouAEIOU").find(noun[0]) != std::string_view::npos;
    const bool soundsLikeYou = noun.substr(0, 3) == "uni" || noun.substr(0, 3) == "use";
    return std::string(vowel && !soundsLikeYou ? "an " : "a ").append(noun);
}

std::string capitalized(std::string_view text) {
    std::string out(text);
    if (!out.empty())
        out[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(out[0])));
    return out;
}

std::string numberWord(int number) {
    static constexpr std::array<std::string_view, 21> kWords = {
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"};
    return number >= 0 && number <= 20 ? std::string(kWords[static_cast<std::size_t>(number)]) : std::to_string(number);
}

std::vector<std::string> wordsOf(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        const char c = i < text.size() ? text[i] : ' ';
        if (std::isalnum(static_cast<unsigned char>(c))) {
            word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        } else if ((c == '\'' || c == '-') && !word.empty() && i + 1 < text.size()
                   && std::isalnum(static_cast<unsigned char>(text[i + 1]))) {
            word += c;
        } else if (!word.empty()) {
            words.push_back(std::move(word));
            word.clear();
        }
    }
    return words;
}

int sentencesOf(std::string_view text) {
    int count = 0;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (text[i] == '.' || text[i] == '!' || text[i] == '?') {
            const std::size_t next = i + 1 < text.size() && text[i + 1] == '"' ? i + 2 : i + 1;
            if (next >= text.size() || text[next] == ' ' || text[next] == '\n')
                ++count;
        }
    return count;
}

} // namespace trilobit::talk
