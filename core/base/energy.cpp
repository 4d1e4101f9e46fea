#include "core/base/energy.h"

#include <charconv>
#include <filesystem>
#include <fstream>

namespace trilobit {

namespace {

namespace fs = std::filesystem;

std::optional<std::uint64_t> numberIn(const std::string& path) {
    std::ifstream file(path);
    std::string text;
    if (!std::getline(file, text))
        return std::nullopt;
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end == text.data())
        return std::nullopt;
    return value;
}

/// "intel-rapl:0" is a package (AMD processors use the name too), "intel-rapl:0:1" a part of one.
bool isPackage(const std::string& name) {
    return name.starts_with("intel-rapl:") && name.find(':', name.find(':') + 1) == std::string::npos;
}

} // namespace

std::optional<EnergyMeter> EnergyMeter::open(const std::string& folder) {
    EnergyMeter meter;
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        if (!isPackage(it->path().filename().string()))
            continue;
        const std::string path = (it->path() / "energy_uj").string();
        const auto now = numberIn(path), range = numberIn((it->path() / "max_energy_range_uj").string());
        if (now && range && *range > 0)
            meter.m_packages.push_back({path, *now, *range});
    }
    if (meter.m_packages.empty())
        return std::nullopt;
    return meter;
}

double EnergyMeter::joules() {
    for (Package& package : m_packages) {
        const auto now = numberIn(package.path);
        if (!now)
            continue;
        const std::uint64_t used = *now >= package.last ? *now - package.last : package.range - package.last + *now;
        package.last = *now;
        m_joules += static_cast<double>(used) * 1e-6;
    }
    return m_joules;
}

} // namespace trilobit
