// EnergyMeter: what the processor says it has used (RAPL, through the kernel's powercap files).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace trilobit {

class EnergyMeter {
public:
    /// Nothing where the machine has no such counters or they may not be read (most systems keep them for root).
    static std::optional<EnergyMeter> open(const std::string& folder = "/sys/class/powercap");

    /// Joules of all processor packages since open(); counters that start over are followed as long as this is asked more
    /// often than they do (about once in several minutes).
    double joules();

private:
    struct Package {
        std::string path;
        std::uint64_t last = 0, range = 0; ///< microjoules; range: where the counter starts over
    };
    std::vector<Package> m_packages;
    double m_joules = 0;
};

} // namespace trilobit
