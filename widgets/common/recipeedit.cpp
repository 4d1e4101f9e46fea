#include "widgets/common/recipeedit.h"

#include "core/base/glob.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace trilobit {

namespace {

using Names = std::set<std::string>;
using Layers = std::set<int>;

constexpr std::size_t kMaxAlternatives = 200, kMaxLength = 480; // below what a glob may have

/// Block tensors by what follows "blk.N.", and the rest by name.
struct NameTable {
    std::map<std::string, Layers> bySuffix;
    Names others;
};

NameTable tableOf(const Names& names) {
    NameTable table;
    for (const std::string& name : names) {
        const std::size_t dot = name.find('.', 4);
        const bool block = name.rfind("blk.", 0) == 0 && dot != std::string::npos && dot > 4 && dot <= 10
                           && std::all_of(name.begin() + 4, name.begin() + static_cast<std::ptrdiff_t>(dot),
                                          [](char c) { return c >= '0' && c <= '9'; });
        if (block)
            table.bySuffix[name.substr(dot + 1)].insert(std::stoi(name.substr(4, dot - 4)));
        else
            table.others.insert(name);
    }
    return table;
}

/// A name as a pattern that matches it; braces cannot be quoted, so any character stands for them.
std::string quoted(const std::string& name) {
    std::string out;
    for (const char c : name) {
        if (c == '{' || c == '}')
            out += '?';
        else if (c == '[' || c == '*' || c == '?')
            out += {'[', c, ']'};
        else
            out += c;
    }
    return out;
}

std::string alternatives(const std::vector<std::string>& parts) {
    if (parts.size() == 1)
        return parts.front();
    std::string out = "{";
    for (const std::string& part : parts)
        out += (out.size() > 1 ? "," : "") + part;
    return out + "}";
}

bool matchesOnly(const std::string& pattern, const Names& wanted, const Names& universe) {
    if (!globCheck(pattern))
        return false;
    return std::all_of(universe.begin(), universe.end(), [&](const std::string& name) {
        return wanted.contains(name) || !globMatch(pattern, name);
    });
}

/// "*", "ffn_*", "attn_q.weight" or "{attn_q,attn_k}.weight".
std::string suffixPattern(const std::vector<std::string>& suffixes, const Names& all) {
    if (suffixes.size() == all.size())
        return "*";
    if (suffixes.size() == 1)
        return quoted(suffixes.front());
    const std::string family = suffixes.front().substr(0, suffixes.front().find('_') + 1);
    const auto inFamily = [&family](const std::string& s) { return s.rfind(family, 0) == 0; };
    if (!family.empty() && std::all_of(suffixes.begin(), suffixes.end(), inFamily)
        && static_cast<std::size_t>(std::count_if(all.begin(), all.end(), inFamily)) == suffixes.size())
        return family + "*";
    static const std::string kEnding = ".weight";
    const bool sameEnding = std::all_of(suffixes.begin(), suffixes.end(),
                                        [](const std::string& s) { return s.ends_with(kEnding); });
    std::vector<std::string> parts;
    for (const std::string& suffix : suffixes)
        parts.push_back(quoted(sameEnding ? suffix.substr(0, suffix.size() - kEnding.size()) : suffix));
    return alternatives(parts) + (sameEnding ? kEnding : "");
}

std::vector<std::string> blockPatterns(const Layers& layers, const std::vector<std::string>& suffixes,
                                       const NameTable& universe) {
    Names allSuffixes;
    bool everyLayer = true;
    for (const auto& [suffix, where] : universe.bySuffix)
        allSuffixes.insert(suffix);
    for (const std::string& suffix : suffixes)
        everyLayer &= universe.bySuffix.at(suffix) == layers;
    const std::string tail = "." + suffixPattern(suffixes, allSuffixes);
    if (everyLayer)
        return {"blk.*" + tail};
    std::vector<std::string> out, numbers;
    const std::size_t perPattern = std::max<std::size_t>(1, kMaxAlternatives / suffixes.size());
    std::size_t length = 0;
    const auto flush = [&] {
        if (!numbers.empty())
            out.push_back("blk." + alternatives(numbers) + tail);
        numbers.clear();
        length = 0;
    };
    for (const int layer : layers) {
        numbers.push_back(std::to_string(layer));
        length += numbers.back().size() + 1;
        if (numbers.size() >= perPattern || length + tail.size() + 16 > kMaxLength)
            flush();
    }
    flush();
    return out;
}

Names quantizableNames(const Model& model) {
    Names names;
    for (const Tensor& tensor : model.tensors())
        if (tensor.isQuantizable())
            names.insert(tensor.name);
    return names;
}

/// Which rule decides a tensor; rules[-1] is "keeps".
class RuleTable {
public:
    RuleTable(const Recipe& recipe, const Model& model) : m_rules(recipe.rules) {
        const Names universe = quantizableNames(model);
        m_matches.resize(m_rules.size());
        for (std::size_t r = 0; r < m_rules.size(); ++r)
            for (const std::string& name : universe)
                m_matches[r].push_back(globMatch(m_rules[r].pattern, name));
        m_tensors = universe.size();
        m_alive.assign(m_rules.size(), true);
    }

    std::vector<Rule> cleaned() {
        for (std::size_t r = 0; r < m_rules.size(); ++r)
            if (isUseless(r))
                m_alive[r] = false;
        std::vector<Rule> out;
        for (std::size_t r = 0; r < m_rules.size(); ++r)
            if (m_alive[r])
                out.push_back(m_rules[r]);
        return out;
    }

private:
    /// The last living rule before `end` that matches, or nothing.
    std::optional<std::size_t> deciding(std::size_t tensor, std::size_t end) const {
        for (std::size_t r = end; r-- > 0;)
            if (m_alive[r] && m_matches[r][tensor])
                return r;
        return std::nullopt;
    }
    bool isUseless(std::size_t rule) const {
        bool matchesAny = false;
        for (std::size_t t = 0; t < m_tensors; ++t) {
            if (!m_matches[rule][t])
                continue;
            matchesAny = true;
            if (deciding(t, m_rules.size()) != rule)
                continue;
            const auto below = deciding(t, rule);
            const bool same = below ? m_rules[*below].choice == m_rules[rule].choice : m_rules[rule].choice.keeps();
            if (!same)
                return false;
        }
        return matchesAny; // a rule for tensors that this model does not have stays
    }

    std::vector<Rule> m_rules;
    std::vector<std::vector<bool>> m_matches;
    std::vector<bool> m_alive;
    std::size_t m_tensors = 0;
};

} // namespace

std::vector<std::string> patternsFor(const Model& model, const std::vector<std::string>& tensors) {
    const Names universe = quantizableNames(model);
    Names wanted;
    for (const std::string& name : tensors)
        if (universe.contains(name))
            wanted.insert(name);
    if (wanted.empty())
        return {};
    if (wanted == universe)
        return {"*"};

    const NameTable all = tableOf(universe), table = tableOf(wanted);
    // Parts of a block that were chosen in the same blocks share a pattern.
    std::map<Layers, std::vector<std::string>> byLayers;
    for (const auto& [suffix, layers] : table.bySuffix)
        byLayers[layers].push_back(suffix);
    std::vector<std::string> out;
    for (const auto& [layers, suffixes] : byLayers)
        for (const std::string& pattern : blockPatterns(layers, suffixes, all)) {
            if (matchesOnly(pattern, wanted, universe)) {
                out.push_back(pattern);
                continue;
            }
            for (const std::string& suffix : suffixes) // a name that the short form would also catch
                for (const int layer : layers)
                    out.push_back(quoted("blk." + std::to_string(layer) + "." + suffix));
        }
    for (const std::string& name : table.others)
        out.push_back(quoted(name));
    return out;
}

Recipe withRule(const Recipe& recipe, const Model& model, const Rule& rule) {
    Recipe out = recipe;
    std::erase_if(out.rules, [&rule](const Rule& old) { return old.pattern == rule.pattern; });
    out.rules.push_back(rule);
    out.rules = RuleTable(out, model).cleaned();
    return out;
}

Recipe withChoice(const Recipe& recipe, const Model& model, const std::vector<std::string>& tensors,
                  const Choice& choice) {
    Recipe out = recipe;
    for (const std::string& pattern : patternsFor(model, tensors)) {
        std::erase_if(out.rules, [&pattern](const Rule& old) { return old.pattern == pattern; });
        out.rules.push_back({pattern, choice});
    }
    out.rules = RuleTable(out, model).cleaned();
    return out;
}

std::vector<std::string> matchingTensors(const Model& model, const std::string& pattern) {
    std::vector<std::string> out;
    if (!globCheck(pattern))
        return out;
    for (const Tensor& tensor : model.tensors())
        if (tensor.isQuantizable() && globMatch(pattern, tensor.name))
            out.push_back(tensor.name);
    return out;
}

} // namespace trilobit
