// Recipe: lookup, strict JSON, canonical hash.
#include "core/quant/recipe.h"

#include "core/base/glob.h"
#include "core/base/sha256.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>

namespace trilobit {

namespace {

constexpr std::int64_t kVersion = 1; // stored in recipes and files; a higher number means fields we do not know
constexpr std::size_t kMaxRules = 10'000;

Error wrong(std::string field, std::string message) {
    Error error = fail(ErrorCode::Format, std::move(message));
    error.field = std::move(field);
    return error;
}

Result<void> checkKeys(const Json& object, const std::string& where, std::initializer_list<std::string_view> allowed) {
    for (const auto& [key, value] : object.members())
        if (std::find(allowed.begin(), allowed.end(), key) == allowed.end()) {
            std::string known;
            for (const std::string_view name : allowed)
                known += (known.empty() ? "" : ", ") + std::string(name);
            return wrong(where + key, "unknown field; known are " + known);
        }
    return {};
}

Result<std::string> textField(const Json& object, std::string_view key, const std::string& where) {
    const Json* value = object.find(key);
    if (!value || !value->isString() || value->toString().empty())
        return wrong(where + std::string(key), "expected a text that is not empty");
    return value->toString();
}

Result<Rule> ruleFromJson(const Json& json, const std::string& where) {
    if (!json.isObject())
        return wrong(where, "expected an object");
    const std::string prefix = where + ".";
    TRILOBIT_CHECK(checkKeys(json, prefix, {"tensors", "method", "encoding", "params", "keep"}));
    Rule rule;
    TRILOBIT_TRY(rule.pattern, textField(json, "tensors", prefix));
    if (const auto checked = globCheck(rule.pattern); !checked)
        return wrong(prefix + "tensors", checked.error().message);
    if (const Json* keep = json.find("keep")) {
        if (!keep->isBool() || !keep->toBool())
            return wrong(prefix + "keep", "expected true, or leave the field out");
        if (json.contains("method") || json.contains("encoding") || json.contains("params"))
            return wrong(prefix + "keep", "a rule that keeps has no method, encoding or params");
        return rule;
    }
    TRILOBIT_TRY(rule.choice.method, textField(json, "method", prefix));
    TRILOBIT_TRY(rule.choice.encoding, textField(json, "encoding", prefix));
    if (const Json* params = json.find("params")) {
        auto values = paramsFromJson(*params);
        if (!values)
            return wrong(prefix + "params" + (values.error().field.empty() ? "" : "." + values.error().field),
                         values.error().message);
        rule.choice.params = *std::move(values);
    }
    return rule;
}

Json ruleToJson(const Rule& rule) {
    Json json = Json::object({{"tensors", rule.pattern}});
    if (rule.choice.keeps())
        return json.set("keep", true);
    json.set("method", rule.choice.method);
    json.set("encoding", rule.choice.encoding);
    if (!rule.choice.params.empty())
        json.set("params", paramsToJson(rule.choice.params));
    return json;
}

/// 20.0 and 20 are the same setting, so they get the same text.
ParamValue canonical(const ParamValue& value) {
    const auto* real = std::get_if<double>(&value);
    if (real && std::nearbyint(*real) == *real && std::fabs(*real) < 0x1p53)
        return static_cast<std::int64_t>(*real);
    return value;
}

} // namespace

const Choice& Recipe::choiceFor(std::string_view tensorName) const {
    static const Choice kKeep;
    const auto found = std::find_if(rules.rbegin(), rules.rend(),
                                    [&](const Rule& rule) { return globMatch(rule.pattern, tensorName); });
    return found == rules.rend() ? kKeep : found->choice;
}

Json Recipe::toJson() const {
    Json json = Json::object({{"trilobit_recipe", kVersion}, {"name", name}, {"seed", seed}});
    Json list = Json::array();
    for (const Rule& rule : rules)
        list.push(ruleToJson(rule));
    return json.set("rules", std::move(list));
}

Result<Recipe> Recipe::fromJson(const Json& json) {
    if (!json.isObject())
        return wrong("recipe", "expected an object with trilobit_recipe and rules");
    const Json* version = json.find("trilobit_recipe");
    if (!version || !version->isInteger())
        return wrong("trilobit_recipe", "expected the number 1: this does not look like a recipe");
    if (version->toInt() != kVersion)
        return wrong("trilobit_recipe", "version " + version->dump() + " is unknown, this program reads version 1");
    TRILOBIT_CHECK(checkKeys(json, "", {"trilobit_recipe", "name", "seed", "rules"}));
    Recipe recipe;
    if (const Json* name = json.find("name")) {
        if (!name->isString())
            return wrong("name", "expected a text");
        recipe.name = name->toString();
    }
    if (const Json* seed = json.find("seed")) {
        if (!seed->isInteger() || (seed->toUInt(0) == 0 && seed->toInt(1) != 0))
            return wrong("seed", "expected a whole number from 0 to 18446744073709551615");
        recipe.seed = seed->toUInt();
    }
    const Json* rules = json.find("rules");
    if (!rules || !rules->isArray())
        return wrong("rules", "expected a list of rules");
    if (rules->items().size() > kMaxRules)
        return wrong("rules", "more than " + std::to_string(kMaxRules) + " rules");
    for (std::size_t i = 0; i < rules->items().size(); ++i) {
        TRILOBIT_TRY(Rule rule, ruleFromJson(rules->items()[i], "rules[" + std::to_string(i) + "]"));
        recipe.rules.push_back(std::move(rule));
    }
    return recipe;
}

std::string Recipe::hash() const {
    Recipe plain = *this;
    for (Rule& rule : plain.rules)
        for (auto& [key, value] : rule.choice.params)
            value = canonical(value);
    Json json = plain.toJson();
    json.remove("name");
    return sha256Hex(json.dump());
}

Json paramsToJson(const ParamValues& params) {
    Json json = Json::object();
    for (const auto& [key, value] : params)
        json.set(key, std::visit([](const auto& v) { return Json(v); }, value));
    return json;
}

Result<ParamValues> paramsFromJson(const Json& json) {
    if (!json.isObject())
        return wrong("", "expected an object of parameters");
    ParamValues params;
    for (const auto& [key, value] : json.members()) {
        if (value.isBool())
            params[key] = value.toBool();
        else if (value.isInteger() && (value.toInt() < 0 || value.toUInt() <= std::numeric_limits<std::int64_t>::max()))
            params[key] = value.toInt();
        else if (value.isDouble())
            params[key] = value.toDouble();
        else if (value.isString())
            params[key] = value.toString();
        else
            return wrong(key, "expected true or false, a number or a text");
    }
    return params;
}

} // namespace trilobit
