// Whether an answer is right.
#include "core/corpus/talk/lexicon.h"
#include "core/corpus/talk/phrase.h"
#include "core/corpus/talk/talk.h"

#include <algorithm>
#include <cctype>
#include <optional>

namespace trilobit {

namespace {

using Words = std::vector<std::string>;

bool containsPhrase(const Words& words, std::string_view phrase) {
    const Words wanted = talk::wordsOf(phrase);
    return !wanted.empty() && std::search(words.begin(), words.end(), wanted.begin(), wanted.end()) != words.end();
}

std::optional<int> numberOf(const std::string& word) {
    if (word.size() <= 4 && !word.empty() && std::all_of(word.begin(), word.end(), [](unsigned char c) { return std::isdigit(c); }))
        return std::stoi(word);
    for (int n = 0; n <= 20; ++n)
        if (word == talk::numberWord(n))
            return n;
    return std::nullopt;
}

std::vector<int> numbersIn(const Words& words) {
    std::vector<int> numbers;
    for (const std::string& word : words)
        if (const auto number = numberOf(word))
            numbers.push_back(*number);
    return numbers;
}

std::string checkNumbers(const AnswerCheck& check, const Words& words) {
    const std::vector<int> numbers = numbersIn(words);
    if (!check.allowedNumbers.empty())
        for (const int number : numbers)
            if (std::find(check.allowedNumbers.begin(), check.allowedNumbers.end(), number) == check.allowedNumbers.end())
                return "the number " + std::to_string(number) + " has no place here";
    if (check.numberPlace != AnswerCheck::Place::None) {
        if (numbers.empty())
            return "there is no number";
        const int found = check.numberPlace == AnswerCheck::Place::First ? numbers.front() : numbers.back();
        if (found != check.number)
            return "the number is " + std::to_string(found) + ", expected " + std::to_string(check.number);
    }
    return {};
}

std::string checkForm(const AnswerCheck& check, std::string_view answer, const Words& words) {
    if (words.empty())
        return "there are no words";
    if (words.size() > static_cast<std::size_t>(check.maxWords))
        return std::to_string(words.size()) + " words, at most " + std::to_string(check.maxWords);
    if (!std::isupper(static_cast<unsigned char>(answer.front())) && !std::isdigit(static_cast<unsigned char>(answer.front()))
        && answer.front() != '"')
        return "it does not start like a sentence";
    const std::string_view end = answer.back() == '"' ? answer.substr(0, answer.size() - 1) : answer;
    if (end.empty() || std::string_view(".!?").find(end.back()) == std::string_view::npos)
        return "it does not end like a sentence";
    if (const int sentences = talk::sentencesOf(answer); sentences < check.minSentences)
        return std::to_string(sentences) + " sentences, at least " + std::to_string(check.minSentences);
    return {};
}

} // namespace

std::string whatIsWrong(const Turn& turn, std::string_view answer) {
    while (!answer.empty() && std::isspace(static_cast<unsigned char>(answer.back())))
        answer.remove_suffix(1);
    while (!answer.empty() && std::isspace(static_cast<unsigned char>(answer.front())))
        answer.remove_prefix(1);
    const AnswerCheck& check = turn.check;
    const Words words = talk::wordsOf(answer);
    if (answer.empty())
        return "there is no answer";
    if (std::string problem = checkForm(check, answer, words); !problem.empty())
        return problem;
    for (const auto& group : check.needed)
        if (std::none_of(group.begin(), group.end(), [&](const std::string& one) { return containsPhrase(words, one); }))
            return "\"" + (group.empty() ? std::string() : group.front()) + "\" is missing";
    for (const std::string& one : check.forbidden)
        if (containsPhrase(words, one))
            return "\"" + one + "\" is wrong here";
    if (!check.name.empty()) {
        const Words name = talk::wordsOf(check.name);
        if (!containsPhrase(words, check.name))
            return "the name " + check.name + " is missing";
        for (const std::string& word : words)
            if (talk::isPersonName(word) && std::find(name.begin(), name.end(), word) == name.end())
                return "another name: " + word;
    }
    return checkNumbers(check, words);
}

bool answersRight(const Turn& turn, std::string_view answer) { return whatIsWrong(turn, answer).empty(); }

} // namespace trilobit
