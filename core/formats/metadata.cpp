#include "core/formats/metadata.h"

#include <algorithm>
#include <limits>

namespace trilobit {

namespace {

template <class T>
const T* valueOf(const MetaValue* value) {
    return value ? std::get_if<T>(&value->value) : nullptr;
}

} // namespace

const MetaValue* Metadata::find(std::string_view key) const {
    const auto it = std::find_if(m_entries.begin(), m_entries.end(), [&](const Entry& e) { return e.first == key; });
    return it == m_entries.end() ? nullptr : &it->second;
}

void Metadata::set(std::string_view key, MetaValue value) {
    const auto it = std::find_if(m_entries.begin(), m_entries.end(), [&](const Entry& e) { return e.first == key; });
    if (it == m_entries.end())
        m_entries.emplace_back(std::string(key), std::move(value));
    else
        it->second = std::move(value);
}

void Metadata::append(std::string key, MetaValue value) { m_entries.emplace_back(std::move(key), std::move(value)); }

void Metadata::remove(std::string_view key) {
    std::erase_if(m_entries, [&](const Entry& e) { return e.first == key; });
}

std::int64_t Metadata::toInt(std::string_view key, std::int64_t fallback) const {
    const MetaValue* value = find(key);
    if (const auto* u = valueOf<std::uint64_t>(value)) {
        constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
        return static_cast<std::int64_t>(std::min(*u, kMax));
    }
    if (const auto* i = valueOf<std::int64_t>(value))
        return *i;
    return fallback;
}

double Metadata::toDouble(std::string_view key, double fallback) const {
    const MetaValue* value = find(key);
    if (const auto* d = valueOf<double>(value))
        return *d;
    if (const auto* u = valueOf<std::uint64_t>(value))
        return static_cast<double>(*u);
    if (const auto* i = valueOf<std::int64_t>(value))
        return static_cast<double>(*i);
    return fallback;
}

bool Metadata::toBool(std::string_view key, bool fallback) const {
    const auto* b = valueOf<bool>(find(key));
    return b ? *b : fallback;
}

std::string Metadata::toString(std::string_view key, std::string_view fallback) const {
    const auto* s = valueOf<std::string>(find(key));
    return s ? *s : std::string(fallback);
}

const std::vector<std::string>* Metadata::strings(std::string_view key) const {
    return valueOf<std::vector<std::string>>(find(key));
}

} // namespace trilobit
