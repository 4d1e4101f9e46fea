// What this computer is: recorded with every measurement.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace trilobit {

struct Machine {
    std::string cpuModel;                ///< as the system names it, "unknown" otherwise
    std::vector<std::string> cpuFeatures;///< of those the kernels care about: "avx2", "fma", "f16c", "avx-vnni", ...
    int logicalCpus = 1;                 ///< that this process may use
    std::uint64_t memoryBytes = 0;
    std::string system;                  ///< kernel name and release
    std::string compiler;                ///< that built this program
};

/// Asks the CPU and the system; cheap enough to call once per run.
Machine describeMachine();
/// Threads to use when nobody chose: the CPUs this process may use.
int defaultThreads();
/// Resident memory of this process now, in bytes; 0 where the system does not tell.
std::uint64_t residentBytes();

} // namespace trilobit
